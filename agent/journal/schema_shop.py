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
"""
