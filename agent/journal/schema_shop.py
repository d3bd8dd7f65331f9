"""The journal's tables of what the shop governs, and of orders after their transfer: the third migration."""

from __future__ import annotations

SHOP_GOVERNS = """
    CREATE TABLE booked (                            -- what an order was when its document was made
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        body             BLOB NOT NULL,              -- a Booked
        PRIMARY KEY (shop, order_id)
    ) WITHOUT ROWID;

    CREATE TABLE aftermath (                         -- orders that the shop has changed after their transfer
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        seq              INTEGER NOT NULL DEFAULT 1, -- moves with each change, so that none is lost while one is judged
        due_ms           INTEGER,                    -- when it is judged next
        attempts         INTEGER NOT NULL DEFAULT 0,
        unsure           INTEGER NOT NULL DEFAULT 0, -- Mamut may have done what it was asked: look before asking again
        pending          BLOB NOT NULL DEFAULT x'',  -- the Booked that holds once it has
        judged           BLOB NOT NULL DEFAULT x'',  -- what was last judged: a Judged
        outcome          TEXT NOT NULL DEFAULT '',   -- harmless, updated, cancelled, credited, waits, attend, settled
        code             TEXT NOT NULL DEFAULT '',
        params           TEXT NOT NULL DEFAULT '{}',
        since_ms         INTEGER NOT NULL,
        PRIMARY KEY (shop, order_id)
    ) WITHOUT ROWID;
    CREATE INDEX aftermath_due ON aftermath (shop, due_ms) WHERE due_ms IS NOT NULL;
    CREATE INDEX aftermath_attended ON aftermath (shop, order_id) WHERE outcome = 'attend';

    CREATE TABLE credits (                           -- each refund of the shop that Mamut knows of, once
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        refund_id        INTEGER NOT NULL,
        way              TEXT NOT NULL,              -- document (taken off its rows), note (credited), cancelled
        amount_ore       INTEGER NOT NULL,
        mamut_order_no   INTEGER NOT NULL,
        at_ms            INTEGER NOT NULL,
        PRIMARY KEY (shop, order_id, refund_id)
    ) WITHOUT ROWID;

    CREATE TABLE webhooks (                          -- a shop's webhooks of ours, as they were when last looked at
        shop             TEXT NOT NULL,
        topic            TEXT NOT NULL,
        hook_id          INTEGER NOT NULL,           -- 0 for one that is missing
        status           TEXT NOT NULL,              -- active, paused, disabled, missing
        checked_ms       INTEGER NOT NULL,
        mended           INTEGER NOT NULL DEFAULT 0, -- how often it was found disabled and activated again
        mended_ms        INTEGER,
        PRIMARY KEY (shop, topic)
    ) WITHOUT ROWID;

    CREATE TABLE webhook_days (                      -- what became of changes, by the day on which they were found
        shop             TEXT NOT NULL,
        day              TEXT NOT NULL,
        heard            INTEGER NOT NULL DEFAULT 0, -- deliveries with a right signature
        refused          INTEGER NOT NULL DEFAULT 0, -- without one
        first            INTEGER NOT NULL DEFAULT 0, -- changes that a webhook told of first
        late             INTEGER NOT NULL DEFAULT 0, -- found by polling, then told of
        missed           INTEGER NOT NULL DEFAULT 0, -- found by polling, never told of
        PRIMARY KEY (shop, day)
    ) WITHOUT ROWID;

    CREATE TABLE webhook_waits (                     -- changes found by polling of which no webhook has told yet
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        found_ms         INTEGER NOT NULL,
        PRIMARY KEY (shop, order_id)
    ) WITHOUT ROWID;

    CREATE TABLE shop_items (                        -- a governing shop's products and variations, as read
        shop             TEXT NOT NULL,
        product_id       INTEGER NOT NULL,
        parent_id        INTEGER NOT NULL DEFAULT 0,
        number           TEXT NOT NULL,              -- its article number, folded; empty where it shows none
        body             BLOB NOT NULL,              -- MessagePack of ShopItem
        digest           BLOB NOT NULL,
        modified_at      INTEGER NOT NULL DEFAULT 0, -- the shop's date of what is kept; 0: it may have moved within it
        gone_ms          INTEGER,                    -- since when the shop does not have it any more
        read_ms          INTEGER NOT NULL,           -- when it was last read
        PRIMARY KEY (shop, product_id)
    ) WITHOUT ROWID;
    CREATE INDEX shop_items_by_parent ON shop_items (shop, parent_id) WHERE parent_id > 0;
    CREATE INDEX shop_items_by_number ON shop_items (shop, number) WHERE number <> '';
    CREATE INDEX shop_items_by_reading ON shop_items (shop, read_ms) WHERE parent_id = 0 AND gone_ms IS NULL;

    CREATE TABLE item_readings (                     -- how far a shop's products have been read
        shop             TEXT PRIMARY KEY,
        mark_at          INTEGER,                    -- the newest change that was listed, by the shop's clock
        mark_id          INTEGER NOT NULL DEFAULT 0, -- the product that it was of
        offset           INTEGER NOT NULL DEFAULT 0, -- of the first listing of all, as far as it has come
        began_at         INTEGER NOT NULL DEFAULT 0, -- when that began, by the shop's clock
        total            INTEGER NOT NULL DEFAULT 0, -- products that the shop counts
        census_ms        INTEGER NOT NULL DEFAULT 0,
        reread_ms        INTEGER NOT NULL DEFAULT 0
    ) WITHOUT ROWID;

    CREATE TABLE article_links (                     -- which article of Mamut a product of such a shop is
        shop             TEXT NOT NULL,
        product_id       INTEGER NOT NULL,
        pk               INTEGER NOT NULL,           -- Mamut's internal number
        product_no       TEXT NOT NULL,              -- the number it has in Mamut
        made             INTEGER NOT NULL DEFAULT 0, -- 1 when we made the article, 0 when it was there
        properties       BLOB NOT NULL,              -- MessagePack of a main article's properties, in Mamut's order
        marks            BLOB NOT NULL,              -- MessagePack: digest of what was last written, by field
        retire           INTEGER NOT NULL DEFAULT 0, -- 1 when a person has agreed that the article becomes inactive
        retired          INTEGER NOT NULL DEFAULT 0, -- 1 when it has been made so
        linked_ms        INTEGER NOT NULL,
        PRIMARY KEY (shop, product_id)
    ) WITHOUT ROWID;
    CREATE INDEX article_links_by_pk ON article_links (pk);

    CREATE TABLE chosen_statuses (                   -- what a rule gives the shop's order once its document stands
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        status           TEXT NOT NULL,
        PRIMARY KEY (shop, order_id)
    ) WITHOUT ROWID;
"""
