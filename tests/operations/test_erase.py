"""A person is erased from the journal to the last byte, the accounts stay, and the agent goes on with what is left."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import msgspec
import pytest
from trio.testing import MockClock

from agent.journal import backup, commands, reports
from agent.journal.erase import IMPERSONAL, PERSONAL, erase, of_same_contact
from agent.journal.orders import OrderRow
from agent.journal.records import proof_of
from agent.journal.schema import JournalError
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.reasons import Fault
from scenarios.play import Play, play, shop_settings
from scenarios.stage import START
from tests.actors.small_shop import SmallShop

SHOP = ShopKey("butik")
EMAIL = "adalberta.xylofonsson@post.example"
PERSON = {
    "first_name": "Adalberta",
    "last_name": "Xylofonsson",
    "address_1": "Undangömda gränden 77",
    "postcode": "903 26",
    "city": "Umeå",
    "country": "SE",
    "email": EMAIL,
    "phone": "+46701740609",
}
SIGNS = ("Xylofonsson", "Undangömda gränden", EMAIL, "adalberta", "701740609", "gravyr till mormor")
OTHER = "Exempel3"


def _bytes(folder: Path) -> bytes:
    """The journal with all that lies beside it."""
    return b"".join(path.read_bytes() for path in sorted(folder.glob("journal.db*")))


def _signs_in(folder: Path) -> list[str]:
    text = _bytes(folder).lower()
    return [sign for sign in SIGNS if sign.lower().encode() in text or sign.encode() in _bytes(folder)]


@contextmanager
def _tx(world: Play) -> Iterator[apsw.Connection]:
    with world.look() as tx:
        yield tx


async def _bought(world: Play) -> tuple[SmallShop, list[int], int]:
    """Two orders of the person and one of somebody else, all in Mamut."""
    shop = SmallShop(world, shop_settings(SHOP))
    world.mamut.fill(products=10)
    note = {"customer_note": "gravyr till mormor"}
    theirs = [shop.order(1, billing=PERSON, **note), shop.order(2, billing=PERSON)]
    other = shop.order(3)
    assert await world.run_once()
    assert len(world.documents()) == 3
    return shop, theirs, other


def _row(tx: apsw.Connection, order_id: int) -> OrderRow:
    (row,) = reports.find(tx, f"id:{order_id}", SHOP)
    return row


def _accounts(tx: apsw.Connection) -> list[tuple[object, ...]]:
    """What the accounts are proved by."""
    return tx.execute(
        "SELECT order_id, number, state, total_ore, mamut_order_no, mamut_total_ore, custid, transferred_ms,"
        " counted_month FROM orders ORDER BY order_id"
    ).fetchall()


async def test_a_person_is_gone_to_the_last_byte_and_every_amount_stays(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path, seed=1) as world:
        shop, theirs, other = await _bought(world)
        assert set(_signs_in(tmp_path)) >= {"Xylofonsson", "Undangömda gränden"}, "there is something to erase"
        backup.backup(world.journal_path, tmp_path / "journal.db.old-copy")
        with _tx(world) as tx:
            before = _accounts(tx)
            proof = proof_of(tx, SHOP, ShopOrderId(theirs[0]))
            rows = of_same_contact(tx, [_row(tx, theirs[0])], frozenset())
            assert sorted(row.order_id for row in rows) == theirs, "the same customer in Mamut"
            custid = rows[0].custid
            assert custid is not None
            assert len(of_same_contact(tx, rows[:1], frozenset({custid}))) == 1, "a collective customer is nobody"
        erased = erase(world.journal_path, rows, emails=(EMAIL,), at_ms=1, who="anna")
        assert [path.name for path in erased.left] == ["journal.db.old-copy"], "copies are named"
        older = (tmp_path / "journal.db.old-copy").rename(tmp_path / "older")
        assert _signs_in(tmp_path) == []
        assert OTHER.encode() in _bytes(tmp_path), "others are left alone"
        with _tx(world) as tx:
            assert _accounts(tx) == before
            kept = proof_of(tx, SHOP, ShopOrderId(theirs[0]))
            assert proof is not None
            assert kept is not None
            assert kept.holds
            assert (kept.paid, kept.vats) == (proof.paid, proof.vats)
            assert [line.line_sum for line in kept.lines] == [line.line_sum for line in proof.lines]
            acts = tx.execute("SELECT who, kind, order_id FROM acts").fetchall()
            assert sorted(acts) == sorted(("anna", "person_erased", order_id) for order_id in theirs)
        assert not backup.check(world.journal_path).problems

        # The shop's own eraser does its work later, which the agent sees as a change of two old orders.
        documents = world.documents()
        for order_id in theirs:
            gone = {**dict.fromkeys(PERSON, "[raderad]"), "email": "raderad@site.invalid", "country": "SE"}
            shop.side.do("PUT", f"/orders/{order_id}", {"billing": gone})
        assert await world.run_once()
        assert world.documents() == documents
        assert {shop.states()[order_id] for order_id in theirs} == {("transferred", "")}
        with _tx(world) as tx:
            attended = tx.execute("SELECT count(*) FROM aftermath WHERE outcome = 'attend'").fetchall()
        assert attended == [(0,)]
        assert _signs_in(tmp_path) == []
        # A journal that is older than the erasing does not bring them back.
        assert backup.restore(older, world.journal_path, at=START, who="anna").kept is not None
        assert _signs_in(tmp_path) == []
        with _tx(world) as tx:
            kinds = [str(kind) for (kind,) in tx.execute("SELECT kind FROM acts ORDER BY act_id").fetchall()]
            assert kinds == ["journal_restored", "person_erased", "person_erased"]
        assert await world.run_once()
        assert world.documents() == documents
        assert {state for state, _ in shop.states().values()} == {"transferred"}
        assert OTHER.encode() in _bytes(tmp_path)
        assert other


async def test_a_table_about_orders_that_nobody_has_judged_is_taken_to_be_personal(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path, seed=1) as world:
        _, theirs, other = await _bought(world)
        with _tx(world) as tx:
            names = {str(name) for (name,) in tx.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
            assert names >= PERSONAL | IMPERSONAL, "what is judged is there"
            assert not PERSONAL & IMPERSONAL
            tx.execute("CREATE TABLE later (shop TEXT, order_id INTEGER, said TEXT)")
            for order_id in (*theirs, other):
                tx.execute("INSERT INTO later VALUES ('butik', ?, 'x')", (order_id,))
            rows = [_row(tx, order_id) for order_id in theirs]
        erase(world.journal_path, rows, at_ms=1, who="anna")
        with _tx(world) as tx:
            assert tx.execute("SELECT order_id FROM later").fetchall() == [(other,)]


async def test_what_is_still_to_be_booked_is_not_erased(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with play(tmp_path, seed=1) as world:
        _, theirs, _ = await _bought(world)
        with _tx(world) as tx:
            rows = [_row(tx, order_id) for order_id in theirs]
            commands.put(
                tx,
                key="later",
                remote=commands.MAMUT,
                kind="x",
                shop=SHOP,
                order_id=ShopOrderId(theirs[1]),
                body=b"",
                now_ms=0,
            )
        with pytest.raises(JournalError) as refused:
            erase(world.journal_path, rows, at_ms=1, who="anna")
        assert refused.value.fault is Fault.PERSON_IN_WORK
        with _tx(world) as tx:
            assert tx.execute("SELECT count(*) FROM booked").fetchall() == [(3,)], "all of it or nothing"


async def test_an_order_that_is_still_followed_goes_on_being_followed(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path, seed=1) as world:
        _, theirs, _ = await _bought(world)
        parcels = msgspec.msgpack.encode([{"carrier": "PostNord", "number": "UT123456789SE", "url": ""}])
        with _tx(world) as tx:
            for order_id, next_ms in zip(theirs, (None, 5_000), strict=True):
                tx.execute(
                    "INSERT INTO documents (shop, order_id, order_no, order_key, parcels, changed_ms, next_ms)"
                    " VALUES ('butik', ?, 1, 'k', ?, 0, ?)",
                    (order_id, parcels, next_ms),
                )
                tx.execute(
                    "INSERT INTO mailed VALUES ('butik', ?, 'parcel:UT123456789SE', 0, 'note', 'sent')", (order_id,)
                )
            rows = [_row(tx, order_id) for order_id in theirs]
        erase(world.journal_path, rows, at_ms=1, who="anna")
        with _tx(world) as tx:
            kept = tx.execute("SELECT next_ms, length(parcels) FROM documents ORDER BY order_id").fetchall()
            assert kept == [(None, 1), (5_000, len(parcels))]
            assert tx.execute("SELECT order_id FROM mailed").fetchall() == [(theirs[1],)], "no parcel is told of twice"
