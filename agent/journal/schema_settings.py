"""The table of the settings that the agent has worked with."""

SETTINGS_HISTORY = """
    CREATE TABLE settings_history (
        number           INTEGER PRIMARY KEY,
        at_ms            INTEGER NOT NULL,           -- when the agent took them up
        who              TEXT NOT NULL,              -- empty where nobody said
        how              TEXT NOT NULL,              -- first, reload, signal, found, saved, undone
        undoes           INTEGER,                    -- the change that was taken back
        digest           TEXT NOT NULL,              -- of the file as it stood
        text             TEXT NOT NULL,              -- the file, without secrets that somebody wrote into it
        concealed        INTEGER NOT NULL DEFAULT 0, -- 1 when something was left out of it
        changes          TEXT NOT NULL DEFAULT '[]'  -- JSON: place, before, after
    );
"""
