"""The journal's tables of who may use the admin, and of what people have done by hand."""

from __future__ import annotations

ADMIN = """
    CREATE TABLE users (
        user_id          INTEGER PRIMARY KEY,
        name             TEXT NOT NULL COLLATE NOCASE UNIQUE,
        role             TEXT NOT NULL,              -- look, operate, configure
        password         TEXT NOT NULL,              -- argon2id with its parameters and salt
        made_ms          INTEGER NOT NULL,
        changed_ms       INTEGER NOT NULL,           -- when the password was last set
        blocked          INTEGER NOT NULL DEFAULT 0
    );

    CREATE TABLE admin_sessions (
        digest           BLOB PRIMARY KEY,           -- of the token, which only the browser has
        user_id          INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
        began_ms         INTEGER NOT NULL,
        seen_ms          INTEGER NOT NULL            -- a minute behind at most
    ) WITHOUT ROWID;
    CREATE INDEX admin_sessions_by_user ON admin_sessions (user_id);

    CREATE TABLE acts (                              -- every act of a person's, never changed
        act_id           INTEGER PRIMARY KEY,
        at_ms            INTEGER NOT NULL,
        who              TEXT NOT NULL,
        kind             TEXT NOT NULL,
        shop             TEXT NOT NULL DEFAULT '',
        order_id         INTEGER NOT NULL DEFAULT 0,
        subject          TEXT NOT NULL DEFAULT '',   -- what else it was about: a user, an article, a direction
        before           TEXT NOT NULL DEFAULT '',   -- JSON, empty where there was nothing
        after            TEXT NOT NULL DEFAULT '',
        wish_id          INTEGER                     -- the wish that it left, whose result tells what came of it
    );
    CREATE INDEX acts_by_order ON acts (shop, order_id, act_id) WHERE order_id > 0;

    CREATE INDEX acts_by_time ON acts (at_ms);
    CREATE UNIQUE INDEX acts_by_wish ON acts (wish_id) WHERE wish_id IS NOT NULL;
    CREATE INDEX wishes_by_time ON wishes (at_ms);

    -- What the overview counts: read from the index alone, however many orders there are.
    CREATE INDEX orders_by_shop_state ON orders (shop, state, reason, since_ms);
    CREATE INDEX tasks_needing ON tasks (shop, direction, code, made_ms) WHERE code <> '' AND due_ms IS NULL;
    CREATE INDEX orders_by_created ON orders (shop, created_at, order_id);  -- the account of a day
    CREATE INDEX orders_by_transfer_time ON orders (transferred_ms) WHERE transferred_ms IS NOT NULL;
"""
