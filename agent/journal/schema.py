"""The journal's tables, as numbered migrations. A migration is never changed once it has been released.

Times are integers: seconds since 1970 UTC for the shop's clock (it has whole seconds), milliseconds for ours
(columns ending in `_ms`). Amounts are integer öre. Bodies are MessagePack of the agent's own messages.
"""

from __future__ import annotations

import apsw

from agent.journal.article_words import card_words
from agent.journal.schema_admin import ADMIN
from agent.journal.schema_articles import ARTICLE_WORDS
from agent.journal.schema_by_hand import BY_HAND
from agent.journal.schema_goods import GOODS
from agent.journal.schema_guards import GUARD_LOG
from agent.journal.schema_plans import PLANS
from agent.journal.schema_reserved import RESERVED
from agent.journal.schema_sales import SALES
from agent.journal.schema_settings import SETTINGS_HISTORY
from agent.journal.schema_shop import SHOP_GOVERNS
from agent.journal.schema_sync import SYNC_RUNS
from agent.model.reasons import Fault

MIGRATIONS = (
    """
    CREATE TABLE shops (
        shop             TEXT PRIMARY KEY,
        url              TEXT NOT NULL DEFAULT '',
        store_id         TEXT NOT NULL DEFAULT '',
        mark_at          INTEGER,            -- newest change of a finished listing; the cursor of orders_to_mamut
        census_ms        INTEGER NOT NULL DEFAULT 0,
        reread_ms        INTEGER NOT NULL DEFAULT 0,
        newest_order_id  INTEGER NOT NULL DEFAULT 0,
        frozen_fault     TEXT NOT NULL DEFAULT '',
        frozen_detail    TEXT NOT NULL DEFAULT '',
        frozen_ms        INTEGER
    ) WITHOUT ROWID;

    CREATE TABLE orders (
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        number           TEXT NOT NULL DEFAULT '',
        order_key        TEXT NOT NULL DEFAULT '',
        status           TEXT NOT NULL,
        created_at       INTEGER NOT NULL,
        modified_at      INTEGER NOT NULL,
        read_at          INTEGER,            -- shop's clock when it was last read whole
        read_modified_at INTEGER,            -- its date_modified in that reading
        content_hash     TEXT NOT NULL DEFAULT '',
        currency         TEXT NOT NULL DEFAULT '',
        total_ore        INTEGER NOT NULL DEFAULT 0,
        payment          TEXT NOT NULL DEFAULT '',   -- a hash of the payment's reference
        state            TEXT NOT NULL,
        reason           TEXT NOT NULL DEFAULT '',
        params           TEXT NOT NULL DEFAULT '{}',
        since_ms         INTEGER NOT NULL,
        to_read          INTEGER NOT NULL DEFAULT 0,
        due_ms           INTEGER,            -- when a held or failed order is looked at again by itself
        attempts         INTEGER NOT NULL DEFAULT 0,
        external_no      TEXT NOT NULL DEFAULT '',
        mamut_order_no   INTEGER,
        mamut_total_ore  INTEGER,
        custid           INTEGER,
        adopted          INTEGER NOT NULL DEFAULT 0,
        transferred_ms   INTEGER,
        counted_month    TEXT,
        marked           INTEGER NOT NULL DEFAULT 0,
        changed_after    INTEGER NOT NULL DEFAULT 0, -- the shop's total changed after the transfer
        released         TEXT NOT NULL DEFAULT '',   -- reasons that a person has released it from, with commas
        PRIMARY KEY (shop, order_id)
    ) WITHOUT ROWID;
    CREATE INDEX orders_to_read ON orders (shop, created_at, order_id) WHERE to_read = 1;
    CREATE INDEX orders_due ON orders (shop, due_ms) WHERE due_ms IS NOT NULL;
    CREATE INDEX orders_by_state ON orders (state, reason);
    CREATE INDEX orders_held_by_limit ON orders (created_at, shop, order_id) WHERE reason = 'BRY-H01';
    CREATE INDEX orders_counted ON orders (counted_month) WHERE counted_month IS NOT NULL;
    CREATE INDEX orders_by_number ON orders (number);
    CREATE INDEX orders_by_payment ON orders (shop, payment) WHERE payment <> '';
    CREATE INDEX orders_by_mamut ON orders (mamut_order_no) WHERE mamut_order_no IS NOT NULL;
    CREATE INDEX orders_by_age ON orders (shop, created_at, read_at) WHERE read_at IS NOT NULL;

    CREATE TABLE commands (
        key              TEXT PRIMARY KEY,   -- made of what it is about, never of a clock or chance
        remote           TEXT NOT NULL,      -- 'mamut' or 'shop:' and its key
        kind             TEXT NOT NULL,
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        body             BLOB NOT NULL,
        made_ms          INTEGER NOT NULL,
        due_ms           INTEGER NOT NULL,
        attempts         INTEGER NOT NULL DEFAULT 0,
        unsure           INTEGER NOT NULL DEFAULT 0  -- it may have been done: look before doing it
    ) WITHOUT ROWID;
    CREATE INDEX commands_due ON commands (remote, due_ms);
    CREATE INDEX commands_by_order ON commands (shop, order_id);
    CREATE INDEX commands_by_shop ON commands (remote, shop);  -- counted often; the rows themselves are long

    CREATE TABLE proofs (
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        body             BLOB NOT NULL,
        PRIMARY KEY (shop, order_id)
    ) WITHOUT ROWID;

    CREATE TABLE events (
        event_id         INTEGER PRIMARY KEY,
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL,
        at_ms            INTEGER NOT NULL,
        kind             TEXT NOT NULL,
        data             TEXT NOT NULL DEFAULT '{}'
    );
    CREATE INDEX events_by_order ON events (shop, order_id, event_id);

    CREATE TABLE usage (
        month            TEXT PRIMARY KEY,   -- '2026-11', Swedish time
        orders           INTEGER NOT NULL
    ) WITHOUT ROWID;

    CREATE TABLE wishes (
        wish_id          INTEGER PRIMARY KEY,
        at_ms            INTEGER NOT NULL,
        who              TEXT NOT NULL,
        kind             TEXT NOT NULL,
        shop             TEXT NOT NULL,
        order_id         INTEGER NOT NULL DEFAULT 0,
        args             TEXT NOT NULL DEFAULT '{}',
        done_ms          INTEGER,
        result           TEXT NOT NULL DEFAULT ''
    );
    CREATE INDEX wishes_open ON wishes (shop, wish_id) WHERE done_ms IS NULL;

    CREATE TABLE health (
        actor            TEXT PRIMARY KEY,
        state            TEXT NOT NULL,      -- working, waiting, paused, parked
        fault            TEXT NOT NULL DEFAULT '',
        problem          TEXT NOT NULL DEFAULT '',
        since_ms         INTEGER NOT NULL,
        last_good_ms     INTEGER,
        next_ms          INTEGER
    ) WITHOUT ROWID;

    CREATE TABLE notes (
        key              TEXT PRIMARY KEY,
        value            TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
    GOODS,
    SHOP_GOVERNS + PLANS,
    SALES,
    SETTINGS_HISTORY,
    ADMIN,
    BY_HAND,
    GUARD_LOG,
    ARTICLE_WORDS,
    SYNC_RUNS,
    RESERVED,
)


class JournalError(Exception):
    """The journal cannot be used. `fault` names why and what helps."""

    def __init__(self, fault: Fault, detail: str) -> None:
        super().__init__(f"{fault}: {detail}")
        self.fault = fault
        self.detail = detail


def migrate(connection: apsw.Connection) -> None:
    """Brings the file to the newest version, one transaction a step. Raises JournalError for a file from the future.

    Two processes may do this at once (the agent at its first start, and a command that looks): each step asks again,
    holding the lock, whether it is still to be done.
    """
    version = _version(connection)
    if version > len(MIGRATIONS):
        raise JournalError(Fault.JOURNAL_NEWER, f"version {version}, this program knows {len(MIGRATIONS)}")
    connection.create_scalar_function("card_words", card_words, 1)
    for number, script in enumerate(MIGRATIONS[version:], start=version + 1):
        connection.execute("BEGIN IMMEDIATE")
        try:
            if _version(connection) < number:
                connection.execute(script)
                connection.pragma("user_version", number)
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _version(connection: apsw.Connection) -> int:
    return int(connection.pragma("user_version"))
