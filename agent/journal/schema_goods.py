"""The tables of what Mamut governs: its register as last read, what the shops hold of it, and what is to be written.

The register is a copy that is compared with each reading; nothing in it decides alone. A task says that an article is
to be looked at for one direction of one shop, not what is to be written: that is decided anew when it is done, from the
newest state, so that a task may be done twice without harm.
"""

GOODS = """
    CREATE TABLE articles (
        pk               INTEGER PRIMARY KEY,
        product_no       TEXT NOT NULL,
        main             TEXT NOT NULL DEFAULT '',   -- the main article's number, for a variant
        card             BLOB NOT NULL,              -- MessagePack of ArticleCard
        digest           BLOB NOT NULL,
        changed_ms       INTEGER NOT NULL
    );
    CREATE INDEX articles_by_no ON articles (product_no);
    CREATE INDEX articles_by_sku ON articles (product_no COLLATE NOCASE);  -- to a shop case does not matter
    CREATE INDEX articles_by_main ON articles (main) WHERE main <> '';

    CREATE TABLE stocks (
        product_no       TEXT PRIMARY KEY,
        card             BLOB NOT NULL,              -- MessagePack of StockCard
        digest           BLOB NOT NULL,
        read_ms          INTEGER NOT NULL            -- when the question left that showed this content first, or last
    ) WITHOUT ROWID;

    CREATE TABLE prices (
        product_no       TEXT PRIMARY KEY,
        card             BLOB NOT NULL,              -- MessagePack of PriceCard
        digest           BLOB NOT NULL,
        changed_ms       INTEGER NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE readings (                          -- how far each part of the register has been read
        part             TEXT PRIMARY KEY,           -- articles, stock, prices
        pass             INTEGER NOT NULL DEFAULT 0, -- its number; no other pass of any part has the same
        offset           INTEGER NOT NULL DEFAULT 0, -- of the pass under way; 0 when none is
        total            INTEGER NOT NULL DEFAULT 0,
        seen             INTEGER NOT NULL DEFAULT 0, -- rows of the pass under way, or of the last one
        changed          INTEGER NOT NULL DEFAULT 0, -- rows of the pass under way, or of the last one, that had changed
        began_ms         INTEGER NOT NULL DEFAULT 0, -- of the pass under way, or of the last one
        whole_began_ms   INTEGER NOT NULL DEFAULT 0, -- when the last pass that came to its end had begun
        whole_ms         INTEGER NOT NULL DEFAULT 0  -- when it ended
    ) WITHOUT ROWID;

    CREATE TABLE links (                             -- which of a shop's products an article is
        shop             TEXT NOT NULL,
        pk               INTEGER NOT NULL,
        product_id       INTEGER NOT NULL,
        parent_id        INTEGER NOT NULL DEFAULT 0,
        kind             TEXT NOT NULL,              -- simple, variable, variation
        sku              TEXT NOT NULL,              -- as last seen in the shop
        made             INTEGER NOT NULL DEFAULT 0, -- 1 when we made it, 0 when it was there
        product          BLOB,                       -- digest of what was last written by products_to_shop
        price            BLOB,                       -- MessagePack of the ShopPrice last written
        lists            BLOB,                       -- the same of price_lists_to_shop
        unsure           INTEGER NOT NULL DEFAULT 0, -- what was sent may have come or not: 1 product, 2 price, 4 lists
        stock            BLOB,                       -- MessagePack of the ShopStock that the shop is believed to show
        stock_at         INTEGER,                    -- when it was last written, by the shop's clock
        linked_ms        INTEGER NOT NULL,
        PRIMARY KEY (shop, pk)
    ) WITHOUT ROWID;
    CREATE INDEX links_by_product ON links (shop, product_id);
    CREATE INDEX links_by_parent ON links (shop, parent_id) WHERE parent_id > 0;

    CREATE TABLE tasks (                             -- articles to be looked at, by shop and direction
        shop             TEXT NOT NULL,
        direction        TEXT NOT NULL,              -- a name of agent/flows.py
        pk               INTEGER NOT NULL,
        made_ms          INTEGER NOT NULL,
        stamp            INTEGER NOT NULL DEFAULT 1, -- how often it was put: what is put while it is done stays
        due_ms           INTEGER,                    -- NULL: only when a person or a change says so
        attempts         INTEGER NOT NULL DEFAULT 0,
        unsure           INTEGER NOT NULL DEFAULT 0, -- it may have been made: look for it before making it
        run              INTEGER NOT NULL DEFAULT 0, -- the pass of the register that gave it
        code             TEXT NOT NULL DEFAULT '',   -- why it waits or is held
        params           TEXT NOT NULL DEFAULT '{}',
        PRIMARY KEY (shop, direction, pk)
    ) WITHOUT ROWID;
    CREATE INDEX tasks_due ON tasks (shop, direction, due_ms) WHERE due_ms IS NOT NULL;
    CREATE INDEX tasks_held ON tasks (code, shop, direction) WHERE code <> '';

    CREATE TABLE said (                              -- what each direction last did with an article, and why
        shop             TEXT NOT NULL,
        direction        TEXT NOT NULL,
        pk               INTEGER NOT NULL,
        at_ms            INTEGER NOT NULL,
        code             TEXT NOT NULL,
        params           TEXT NOT NULL DEFAULT '{}',
        PRIMARY KEY (shop, direction, pk)
    ) WITHOUT ROWID;

    CREATE TABLE sales (                             -- orders of the shops as last seen among the sales
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        status           TEXT NOT NULL,
        created_at       INTEGER NOT NULL,
        modified_at      INTEGER NOT NULL,
        PRIMARY KEY (shop, order_id)
    ) WITHOUT ROWID;

    CREATE TABLE sold (                              -- their rows, one for each product
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        product_id       INTEGER NOT NULL,           -- the variation's id where there is one
        parent_id        INTEGER NOT NULL DEFAULT 0, -- the product's id of a variation
        sku              TEXT NOT NULL,
        qty              TEXT NOT NULL,              -- decimal
        taken            TEXT,                       -- decimal: what the shop took from its stock; NULL: not told
        counts           INTEGER NOT NULL,           -- 0 when the order sells nothing, or Mamut surely knows of it
        PRIMARY KEY (shop, order_id, product_id, sku)
    ) WITHOUT ROWID;
    CREATE INDEX sold_by_product ON sold (shop, product_id) WHERE counts = 1;
    CREATE INDEX sold_by_sku ON sold (sku COLLATE NOCASE) WHERE counts = 1;

    CREATE TABLE documents (                         -- how far an order has come in Mamut, and what its shop was told
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        order_no         INTEGER NOT NULL,           -- Mamut's number of the document that was made of the order
        order_key        TEXT NOT NULL,              -- the shop's, by which another order with the same id is told
        delivered        INTEGER NOT NULL DEFAULT 0, -- 1 in part, 2 whole
        invoiced         INTEGER NOT NULL DEFAULT 0, -- likewise
        paid             INTEGER NOT NULL DEFAULT 0, -- likewise
        cancelled        INTEGER NOT NULL DEFAULT 0,
        total_ore        INTEGER NOT NULL DEFAULT 0,
        credited_ore     INTEGER NOT NULL DEFAULT 0,
        parts            INTEGER NOT NULL DEFAULT 1, -- living documents, more than one after a delivery in parts
        parcels          BLOB NOT NULL DEFAULT x'90', -- MessagePack of the parcels seen
        invoices         BLOB NOT NULL DEFAULT x'90', -- the same of the invoices' numbers
        read_ms          INTEGER,                    -- when Mamut was last asked
        changed_ms       INTEGER NOT NULL,           -- when it last showed something new
        next_ms          INTEGER,                    -- when it is asked again; NULL when there is nothing to come
        acted            TEXT NOT NULL DEFAULT '',   -- the events that were acted upon, with commas
        sent             TEXT NOT NULL DEFAULT '',   -- the events whose status was sent, or may have been, with commas
        event            TEXT NOT NULL DEFAULT '',   -- the one that is being acted upon
        step             TEXT NOT NULL DEFAULT '',   -- what is under way for it: parcel, status, mail, capture; else ''
        due_ms           INTEGER,                    -- when that step is to be done; NULL: by a person or a change
        attempts         INTEGER NOT NULL DEFAULT 0,
        unsure           INTEGER NOT NULL DEFAULT 0, -- that step may have been done: look before doing it
        was              TEXT NOT NULL DEFAULT '',   -- the shop's status before the step changed it
        was_at           INTEGER NOT NULL DEFAULT 0, -- the order's date of change then, by the shop's clock
        asked            INTEGER NOT NULL DEFAULT 0, -- a person wants the event to be tried again
        code             TEXT NOT NULL DEFAULT '',   -- what was last done or not, why it waits or needs a person
        params           TEXT NOT NULL DEFAULT '{}',
        seen_at          INTEGER NOT NULL DEFAULT 0, -- the order's date of change when it was last looked at
        capture          TEXT NOT NULL DEFAULT '',   -- wanted, captured, not_needed, failed, expiring, expired, unknown
        captured_ore     INTEGER,                    -- what was taken, or was to be taken when it failed
        look_ms          INTEGER,                    -- when the shop is asked whether money is still only reserved
        PRIMARY KEY (shop, order_id)
    ) WITHOUT ROWID;
    CREATE INDEX documents_next ON documents (shop, next_ms) WHERE next_ms IS NOT NULL;
    CREATE INDEX documents_due ON documents (shop, due_ms) WHERE due_ms IS NOT NULL;
    CREATE INDEX documents_look ON documents (shop, look_ms) WHERE look_ms IS NOT NULL;
    CREATE INDEX documents_held ON documents (shop, order_id) WHERE step <> '' AND due_ms IS NULL;
    CREATE INDEX orders_by_transfer ON orders (shop, transferred_ms) WHERE transferred_ms IS NOT NULL;

    CREATE TABLE mailed (                            -- one row for each mail and parcel, made before it is sent
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        event            TEXT NOT NULL,              -- or "parcel:" and its number
        at_ms            INTEGER NOT NULL,
        way              TEXT NOT NULL,              -- shop (the status mails by itself), note, private, plugin
        state            TEXT NOT NULL,              -- intended, sent
        PRIMARY KEY (shop, order_id, event)
    ) WITHOUT ROWID;

    CREATE TABLE directions (                        -- what people have said about a direction, and how it is
        shop             TEXT NOT NULL,
        direction        TEXT NOT NULL,
        paused           INTEGER NOT NULL DEFAULT 0,
        paused_by        TEXT NOT NULL DEFAULT '',
        paused_ms        INTEGER,
        last_ms          INTEGER,                    -- end of its last run
        code             TEXT NOT NULL DEFAULT '',   -- why the last run wrote, or did not
        params           TEXT NOT NULL DEFAULT '{}',
        written          INTEGER NOT NULL DEFAULT 0, -- rows written in all
        requests         INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (shop, direction)
    ) WITHOUT ROWID;

    CREATE TABLE guards (                            -- prices that were stopped before they were written
        shop             TEXT NOT NULL,
        pk               INTEGER NOT NULL,           -- 0 for a whole run of too many articles
        run              INTEGER NOT NULL,
        kind             TEXT NOT NULL,              -- zero, jump, many
        old              TEXT NOT NULL DEFAULT '',   -- decimal, or how many
        new              TEXT NOT NULL DEFAULT '',
        at_ms            INTEGER NOT NULL,
        released_by      TEXT NOT NULL DEFAULT '',
        released_ms      INTEGER,
        PRIMARY KEY (shop, pk, kind)
    ) WITHOUT ROWID;
"""
