"""Erases a person: what the journal holds of them goes, what the accounts need stays.

Gone are the copy of what was booked with its names and addresses, the digests that were made of them, the reference of
the payment, parcels, words that people wrote. Numbers, dates, amounts, VAT and states stay: whoever reads them learns
what was booked, and has to ask Mamut of whom. The agent then treats the order's document as one that it did not make.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import msgspec

from agent.journal import by_hand, order_keys, orders, users
from agent.journal.aftermath import unpack_booked
from agent.journal.journal import look_into
from agent.journal.orders import OrderRow
from agent.journal.records import keep_proof, proof_of
from agent.journal.reports import agent_runs
from agent.journal.schema import JournalError
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.mamut import DocumentDraft
from agent.model.order import Frozen
from agent.model.reasons import Fault

ACT = users.PERSON_ERASED

BESIDE_AGENT_MAX = 256 * 1024 * 1024
"""Bytes of a journal that is packed anew while an agent runs: for longer than seconds it must not wait."""

LOG_S = 10.0
"""The longest that is waited for whoever reads the log."""

SIGN_MIN = 6
"""Characters of a word by which a person is looked for in the bytes: shorter ones are in every file."""

PERSONAL = frozenset(
    [
        "acts",
        "aftermath",
        "booked",
        "commands",
        "corrections",
        "corrections_asked",
        "customer_choices",
        "documents",
        "mailed",
        "matches",
        "order_keys",
        "orders",
        "proofs",
        "wishes",
    ]
)
"""Tables in which something of a buyer's may stand. What is in `commands` is under way, and gone once it is done."""

IMPERSONAL = frozenset(
    [
        "admin_sessions",
        "article_links",
        "articles",
        "chosen_statuses",
        "credits",
        "directions",
        "events",
        "guards",
        "health",
        "item_readings",
        "links",
        "notes",
        "plan_items",
        "plan_rows",
        "plans",
        "prices",
        "readings",
        "said",
        "sales",
        "settings_history",
        "shop_items",
        "shops",
        "sold",
        "stocks",
        "tasks",
        "usage",
        "users",
        "webhook_days",
        "webhook_waits",
        "webhooks",
    ]
)
"""Tables of goods, settings and staff, and of what happened to orders by number: nothing of a buyer's is put there."""

_UNDER_WAY = (
    "SELECT 1 FROM commands WHERE shop = ?1 AND order_id = ?2"
    " UNION ALL SELECT 1 FROM aftermath WHERE shop = ?1 AND order_id = ?2 AND (due_ms IS NOT NULL OR unsure = 1)"
    " UNION ALL SELECT 1 FROM documents WHERE shop = ?1 AND order_id = ?2 AND step <> '' AND due_ms IS NOT NULL"
    " UNION ALL SELECT 1 FROM wishes WHERE shop = ?1 AND order_id = ?2 AND done_ms IS NULL"
)

_ERASE = (
    "DELETE FROM booked WHERE shop = ?1 AND order_id = ?2",
    "UPDATE aftermath SET pending = x'', judged = x'' WHERE shop = ?1 AND order_id = ?2",
    "UPDATE orders SET content_hash = '', payment = '' WHERE shop = ?1 AND order_id = ?2",
    # While the order is still followed in Mamut, its parcels must not be told of twice.
    (
        "DELETE FROM mailed WHERE shop = ?1 AND order_id = ?2 AND event LIKE 'parcel:%' AND EXISTS"
        " (SELECT 1 FROM documents WHERE shop = ?1 AND order_id = ?2 AND next_ms IS NULL)"
    ),
    "UPDATE documents SET parcels = x'90' WHERE shop = ?1 AND order_id = ?2 AND next_ms IS NULL",
    "UPDATE wishes SET args = '{}' WHERE shop = ?1 AND order_id = ?2",
    "UPDATE acts SET before = '', after = '' WHERE shop = ?1 AND order_id = ?2",
    *by_hand.FORGET,
    order_keys.FORGET_PERSON,
)


class Erased(Frozen, frozen=True):
    """`orders` by shop and id. `left` are files, the journal or what lies beside it, in which the bytes of a name,
    address or e-mail of the person still stand: other orders of theirs, or copies of the journal."""

    orders: tuple[tuple[str, int], ...]
    left: tuple[Path, ...] = ()


def of_same_contact(tx: apsw.Connection, rows: Iterable[OrderRow], collective: frozenset[int]) -> list[OrderRow]:
    """These and all other orders of the same contacts in Mamut. A collective customer is nobody's contact."""
    found = {(row.shop, row.order_id): row for row in rows}
    contacts = {row.custid for row in found.values() if row.custid is not None and row.custid not in collective}
    columns = ", ".join(OrderRow.__struct_fields__)
    for custid in sorted(contacts):
        for values in tx.execute(f"SELECT {columns} FROM orders WHERE custid = ?", (custid,)):  # noqa: S608 - columns of ours
            row = OrderRow(*values)
            found[row.shop, row.order_id] = row
    return list(found.values())


def under_way(tx: apsw.Connection, row: OrderRow) -> bool:
    """Whether something is still to be done with the order for which what is known of the person is needed."""
    return bool(tx.execute(f"SELECT EXISTS ({_UNDER_WAY})", (row.shop, row.order_id)).fetchall()[0][0])


def erase(path: Path, rows: list[OrderRow], *, emails: tuple[str, ...] = (), at_ms: int, who: str) -> Erased:
    """Erases in one transaction, with its line among the acts, then packs the file anew, so that nothing of it is left
    in free pages or in the log.

    Raises JournalError: PERSON_IN_WORK while an order is under way, JOURNAL_IN_USE for a large journal of a running
    agent.
    """
    if agent_runs(path) and path.stat().st_size > BESIDE_AGENT_MAX:
        raise JournalError(Fault.JOURNAL_IN_USE, str(path))
    tx = look_into(path)
    try:
        signs = {sign for row in rows for sign in _signs(tx, row)} | {email.encode() for email in emails}
        tx.pragma("secure_delete", 1)
        with _step(tx):
            for row in rows:
                if under_way(tx, row):
                    raise JournalError(Fault.PERSON_IN_WORK, f"{row.shop} {row.number or row.order_id}")
                _erase(tx, row)
                users.act(tx, at_ms=at_ms, who=who, kind=ACT, shop=row.shop, order_id=int(row.order_id))
        _pack(tx)
    finally:
        tx.close()
    return Erased(orders=tuple((row.shop, int(row.order_id)) for row in rows), left=_holding(path, signs))


def erased_orders(tx: apsw.Connection) -> list[tuple[str, int, int, str]]:
    """Shop, id, when and by whom of every order of a person who has been erased."""
    rows = tx.execute("SELECT shop, order_id, at_ms, who FROM acts WHERE kind = ? ORDER BY act_id", (ACT,))
    return [(str(shop), int(order_id), int(at_ms), str(who)) for shop, order_id, at_ms, who in rows]


def erase_again(tx: apsw.Connection, erased: list[tuple[str, int, int, str]]) -> None:
    """For a journal that is older than the erasing: what was erased must not come back with it. Not within a step."""
    done = {(shop, order_id) for shop, order_id, _, _ in erased_orders(tx)}
    left = [each for each in erased if each[:2] not in done]
    if not left:
        return
    tx.pragma("secure_delete", 1)
    with _step(tx):
        for shop, order_id, at_ms, who in left:
            row = orders.get_many(tx, ShopKey(shop), [ShopOrderId(order_id)]).get(ShopOrderId(order_id))
            if row is not None:
                _erase(tx, row)
                users.act(tx, at_ms=at_ms, who=who, kind=ACT, shop=shop, order_id=order_id)
    tx.execute("VACUUM")


def _pack(tx: apsw.Connection) -> None:
    """Writes the file anew without its free pages, then moves all of the log into it and cuts that off. An agent that
    writes or looks just then is waited for."""
    _patiently(lambda: tx.execute("VACUUM"))
    _patiently(lambda: tx.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE))


def _patiently(act: Callable[[], object]) -> None:
    give_up = time.monotonic() + LOG_S
    while True:
        try:
            act()
        except apsw.BusyError as error:
            if time.monotonic() > give_up:
                raise JournalError(Fault.JOURNAL_IN_USE, "busy") from error
            time.sleep(0.05)
        else:
            return


def _erase(tx: apsw.Connection, row: OrderRow) -> None:
    for statement in _ERASE:
        tx.execute(statement, (row.shop, row.order_id))
    for table in _unjudged(tx):
        tx.execute(f"DELETE FROM {table} WHERE shop = ? AND order_id = ?", (row.shop, row.order_id))  # noqa: S608 - a name of our schema
    proof = proof_of(tx, row.shop, row.order_id)
    if proof is not None:
        # A row's text may be the buyer's own words, as on what is engraved.
        lines = tuple(msgspec.structs.replace(line, text="") for line in proof.lines)
        keep_proof(tx, row.shop, row.order_id, msgspec.structs.replace(proof, lines=lines))


def _unjudged(tx: apsw.Connection) -> list[str]:
    """Tables about orders that stand in neither list: what nobody has judged is taken to be personal, and goes."""
    found = []
    for (name,) in tx.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        columns = {str(row[1]) for row in tx.execute(f"PRAGMA table_info({name})")}
        if str(name) not in PERSONAL | IMPERSONAL and columns >= {"shop", "order_id"}:
            found.append(str(name))
    return found


def _signs(tx: apsw.Connection, row: OrderRow) -> Iterator[bytes]:
    """Words by which the person would be found in the bytes: the name, and the first lines of the addresses."""
    bodies = tx.execute(
        "SELECT body FROM booked WHERE shop = ?1 AND order_id = ?2"
        " UNION ALL SELECT pending FROM aftermath WHERE shop = ?1 AND order_id = ?2",
        (row.shop, row.order_id),
    ).fetchall()
    for (body,) in bodies:
        booked = unpack_booked(body)
        if booked is not None and booked.draft is not None:
            yield from _words(booked.draft)


def _words(draft: DocumentDraft) -> Iterator[bytes]:
    for text in (draft.name, draft.your_ref, draft.invoice_address, draft.delivery_address):
        first = text.partition("\n")[0].strip()
        if len(first) >= SIGN_MIN:
            yield first.encode()


def _holding(path: Path, signs: set[bytes]) -> tuple[Path, ...]:
    """The journal and all that lies beside it under its name: logs, former journals, copies."""
    files = sorted(each for each in path.parent.glob(f"{path.name}*") if each.is_file())
    return tuple(each for each in files if _holds(each, signs))


def _holds(file: Path, signs: set[bytes]) -> bool:
    """Looks in pieces that overlap by the longest word."""
    longest, rest = max(map(len, signs), default=0), b""
    if not longest:
        return False
    with file.open("rb") as source:
        while piece := source.read(1 << 20):
            window = rest + piece
            if any(sign in window for sign in signs):
                return True
            rest = window[-longest:]
    return False


@contextmanager
def _step(tx: apsw.Connection) -> Iterator[None]:
    tx.execute("BEGIN IMMEDIATE")
    try:
        yield
        tx.execute("COMMIT")
    except BaseException:
        if tx.in_transaction:
            tx.execute("ROLLBACK")
        raise
