"""The journal's table of what people have decided about stopped prices."""

from __future__ import annotations

GUARD_LOG = """
    CREATE TABLE guard_log (
        place            INTEGER PRIMARY KEY,
        shop             TEXT NOT NULL,
        pk               INTEGER NOT NULL,           -- 0 for a whole run of too many articles
        product_no       TEXT NOT NULL DEFAULT '',   -- as it was then
        kind             TEXT NOT NULL,              -- zero, jump, many
        old              TEXT NOT NULL DEFAULT '',
        new              TEXT NOT NULL DEFAULT '',
        stopped_ms       INTEGER NOT NULL,
        decided_ms       INTEGER NOT NULL,
        who              TEXT NOT NULL,
        decision         TEXT NOT NULL               -- released, dismissed
    );
"""
