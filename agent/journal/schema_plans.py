"""The tables of plans for a first synchronisation."""

PLANS = """
    CREATE TABLE plans (
        number           INTEGER PRIMARY KEY,
        shop             TEXT NOT NULL,
        source           TEXT NOT NULL,              -- shop or mamut: whose articles go over
        made_ms          INTEGER NOT NULL,
        settings         TEXT NOT NULL,              -- digest of the settings that decided
        digest           TEXT NOT NULL DEFAULT '',   -- of the plan's file
        state            TEXT NOT NULL               -- reading, planned, applying, applied, undoing, undone
    );

    CREATE TABLE plan_rows (
        plan             INTEGER NOT NULL,
        place            INTEGER NOT NULL,           -- main products before their variants
        key              INTEGER NOT NULL,           -- Mamut's internal number, or the shop's product
        family           TEXT NOT NULL,
        number           TEXT NOT NULL,
        kind             TEXT NOT NULL,
        action           TEXT NOT NULL,              -- make, link, change, same, refuse, leave
        body             BLOB NOT NULL,              -- MessagePack of PlanRow as it was planned
        state            TEXT NOT NULL DEFAULT '',   -- done, skipped, refused, undone, left
        code             TEXT NOT NULL DEFAULT '',   -- what came of it
        params           TEXT NOT NULL DEFAULT '{}',
        made_id          INTEGER NOT NULL DEFAULT 0, -- what the plan has made
        made_parent      INTEGER NOT NULL DEFAULT 0,
        made_mark        BLOB NOT NULL DEFAULT x'',  -- how it looked then
        PRIMARY KEY (plan, place)
    ) WITHOUT ROWID;
    CREATE INDEX plan_rows_by_key ON plan_rows (plan, key);
    CREATE INDEX plan_rows_open ON plan_rows (plan, place) WHERE state = '' AND action IN ('make', 'link', 'change');
    CREATE INDEX plan_rows_made ON plan_rows (plan, made_id) WHERE made_id > 0;
    CREATE INDEX plan_rows_made_below ON plan_rows (plan, made_parent) WHERE made_parent > 0;

    CREATE TABLE plan_items (                        -- what one side had when it was read whole, while a plan is made
        plan             INTEGER NOT NULL,
        key              INTEGER NOT NULL,
        parent           INTEGER NOT NULL DEFAULT 0,
        number           TEXT NOT NULL,              -- folded
        body             BLOB NOT NULL,
        PRIMARY KEY (plan, key)
    ) WITHOUT ROWID;
    CREATE INDEX plan_items_by_number ON plan_items (plan, number);
"""
