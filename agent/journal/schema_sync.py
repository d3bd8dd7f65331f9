"""The journal's table of synchronisations that the agent was asked for, and the indexes by which plans are shown."""

from __future__ import annotations

SYNC_RUNS = """
    CREATE TABLE sync_runs (
        number           INTEGER PRIMARY KEY,
        shop             TEXT NOT NULL,
        what             TEXT NOT NULL,              -- plan, apply, undo
        source           TEXT NOT NULL,              -- shop or mamut: whose articles go over
        plan             INTEGER NOT NULL DEFAULT 0, -- 0 until one has been made
        now              INTEGER NOT NULL DEFAULT 0, -- 1: in quiet hours too
        who              TEXT NOT NULL,
        asked_ms         INTEGER NOT NULL,
        began_ms         INTEGER,
        ended_ms         INTEGER,
        phase            TEXT NOT NULL DEFAULT '',
        done             INTEGER NOT NULL DEFAULT 0,
        total            INTEGER NOT NULL DEFAULT 0, -- 0 while nobody knows
        stopped_by       TEXT NOT NULL DEFAULT '',
        result           TEXT NOT NULL DEFAULT '',   -- done, stopped, interrupted, failed
        fault            TEXT NOT NULL DEFAULT '',
        detail           TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX sync_runs_open ON sync_runs (number) WHERE ended_ms IS NULL;
    CREATE INDEX sync_runs_by_plan ON sync_runs (plan, number);
    CREATE INDEX plan_rows_by_action ON plan_rows (plan, action, place);
    CREATE INDEX plan_rows_by_state ON plan_rows (plan, action, state);
"""
