"""The journal's tables of what people have said about orders and customers, and by what orders are found."""

from __future__ import annotations

BY_HAND = """
    CREATE TABLE corrections (                       -- personal, as the order is
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        field            TEXT NOT NULL,
        value            TEXT NOT NULL,
        was              TEXT,                       -- what the shop said then; NULL until it is read again
        at_ms            INTEGER NOT NULL,
        who              TEXT NOT NULL,
        PRIMARY KEY (shop, order_id, field)
    ) WITHOUT ROWID;

    CREATE TABLE corrections_asked (                 -- until the agent has answered the wish
        wish_id          INTEGER NOT NULL,
        field            TEXT NOT NULL,
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        value            TEXT,                       -- NULL takes the correction back
        was              TEXT,
        PRIMARY KEY (wish_id, field)
    ) WITHOUT ROWID;
    CREATE INDEX corrections_asked_by_order ON corrections_asked (shop, order_id);

    CREATE TABLE matches (                           -- orders that are held because of who their buyer may be
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        buyer            TEXT NOT NULL,              -- the identity that a contact made of the order would carry
        PRIMARY KEY (shop, order_id)
    ) WITHOUT ROWID;
    CREATE INDEX matches_by_buyer ON matches (shop, buyer);

    CREATE TABLE customer_choices (
        shop             TEXT NOT NULL,
        buyer            TEXT NOT NULL,
        custid           INTEGER NOT NULL,           -- 0 for a new one
        order_id         INTEGER NOT NULL,           -- at which it was said
        at_ms            INTEGER NOT NULL,
        who              TEXT NOT NULL,
        PRIMARY KEY (shop, buyer)
    ) WITHOUT ROWID;
    CREATE INDEX customer_choices_by_order ON customer_choices (shop, order_id);

    CREATE TABLE order_keys (                        -- keyed digests: what was digested stands nowhere
        kind             INTEGER NOT NULL,           -- 1 e-mail, 2 payment, 3 article number
        digest           BLOB NOT NULL,
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        PRIMARY KEY (kind, digest, shop, order_id)
    ) WITHOUT ROWID;
    CREATE INDEX order_keys_by_order ON order_keys (shop, order_id, kind);

    INSERT INTO notes (key, value) VALUES ('order_keys_salt', lower(hex(randomblob(16))));

    -- Orders that were read before there were keys are read for them in the background, newest first.
    INSERT INTO notes (key, value) SELECT 'order_keys_below/' || shop, CAST(max(order_id) + 1 AS TEXT)
        FROM orders WHERE read_at IS NOT NULL GROUP BY shop;
"""
