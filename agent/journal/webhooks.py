"""Webhooks in the journal: how those of each shop are, and whether they or the polling found what had changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import apsw

from agent.model.ids import ShopKey
from agent.model.order import Frozen

MISSING = "missing"
"""The status of a webhook that the shop does not have."""

KEEP_DAYS = 400
"""So many days' figures are kept of each shop."""


class WebhookRow(Frozen, frozen=True):
    """One webhook of ours as it was at `checked_ms`. `mended` is how often it was found disabled and activated."""

    shop: str
    topic: str
    hook_id: int
    status: str
    checked_ms: int
    mended: int
    mended_ms: int | None


class Tally(Frozen, frozen=True):
    """Deliveries and changes. `first` changes were told of by a webhook before a poll saw them, `late` ones afterwards,
    `missed` ones never."""

    heard: int = 0
    refused: int = 0
    first: int = 0
    late: int = 0
    missed: int = 0

    @property
    def changes(self) -> int:
        return self.first + self.late + self.missed

    @property
    def missed_share(self) -> float | None:
        """The part of all changes that only polling found, 0 to 1; None before there was any."""
        return self.missed / self.changes if self.changes else None


def note_state(
    tx: apsw.Connection, shop: ShopKey, states: dict[str, tuple[int, str]], mended: Iterable[str], now_ms: int
) -> None:
    """`states` are id and status by topic, all there should be; `mended` the topics that were just activated."""
    again = frozenset(mended)
    kept = ", ".join("?" for _ in states)
    tx.execute(f"DELETE FROM webhooks WHERE shop = ? AND topic NOT IN ({kept})", (shop, *states))  # noqa: S608
    for topic, (hook_id, status) in states.items():
        tx.execute(
            "INSERT INTO webhooks (shop, topic, hook_id, status, checked_ms, mended, mended_ms)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (shop, topic) DO UPDATE SET hook_id = excluded.hook_id,"
            " status = excluded.status, checked_ms = excluded.checked_ms, mended = mended + excluded.mended,"
            " mended_ms = coalesce(excluded.mended_ms, mended_ms)",
            (shop, topic, hook_id, status, now_ms, int(topic in again), now_ms if topic in again else None),
        )


def forget_state(tx: apsw.Connection, shop: ShopKey) -> None:
    """They have been removed: what polling finds from now on was not missed."""
    tx.execute("DELETE FROM webhooks WHERE shop = ?", (shop,))
    tx.execute("DELETE FROM webhook_waits WHERE shop = ?", (shop,))


def states(tx: apsw.Connection, shop: ShopKey | None = None) -> tuple[WebhookRow, ...]:
    columns = ", ".join(WebhookRow.__struct_fields__)
    where, params = ("WHERE shop = ?", (shop,)) if shop is not None else ("", ())
    found = tx.execute(f"SELECT {columns} FROM webhooks {where} ORDER BY shop, topic", params)  # noqa: S608
    return tuple(WebhookRow(*row) for row in found)


def are_expected(tx: apsw.Connection, shop: ShopKey) -> bool:
    """Whether the shop has been seen to have webhooks of ours, so that one that does not come is missed."""
    row = tx.execute("SELECT 1 FROM webhooks WHERE shop = ? AND hook_id > 0 LIMIT 1", (shop,)).fetchone()
    return row is not None


# -- what was found, and by whom --------------------------------------------------------------------------------------


def rang(tx: apsw.Connection, shop: ShopKey, order_ids: Iterable[int], heard: int, refused: int, now_ms: int) -> None:
    """Deliveries have come, about these orders; a change that polling had found already was told of late."""
    late = 0
    for order_id in order_ids:
        tx.execute("DELETE FROM webhook_waits WHERE shop = ? AND order_id = ?", (shop, order_id))
        late += tx.changes()
    _add(tx, shop, now_ms, heard=heard, refused=refused, late=late)


def told_first(tx: apsw.Connection, shop: ShopKey, changes: int, now_ms: int) -> None:
    _add(tx, shop, now_ms, first=changes)


def found_by_polling(tx: apsw.Connection, shop: ShopKey, order_ids: Iterable[int], now_ms: int) -> None:
    for order_id in order_ids:
        tx.execute(
            "INSERT INTO webhook_waits (shop, order_id, found_ms) VALUES (?, ?, ?)"
            " ON CONFLICT (shop, order_id) DO NOTHING",
            (shop, order_id, now_ms),
        )


def overdue(tx: apsw.Connection, shop: ShopKey, before_ms: int) -> bool:
    """Whether a change was found before this moment of which nothing has told since."""
    row = tx.execute("SELECT 1 FROM webhook_waits WHERE shop = ? AND found_ms < ? LIMIT 1", (shop, before_ms))
    return row.fetchone() is not None


def give_up(tx: apsw.Connection, shop: ShopKey, before_ms: int, now_ms: int) -> int:
    """What was found before this moment, and not told of since, was missed. How many there were."""
    tx.execute("DELETE FROM webhook_waits WHERE shop = ? AND found_ms < ?", (shop, before_ms))
    missed = tx.changes()
    _add(tx, shop, now_ms, missed=missed)
    return missed


def tally(tx: apsw.Connection, shop: ShopKey, since: str = "") -> Tally:
    """The sum of all days, or of those from `since` (YYYY-MM-DD) on."""
    row = tx.execute(
        "SELECT total(heard), total(refused), total(first), total(late), total(missed) FROM webhook_days"
        " WHERE shop = ? AND day >= ?",
        (shop, since),
    ).fetchone()
    return Tally(*(int(value) for value in row)) if row is not None else Tally()


def _add(tx: apsw.Connection, shop: ShopKey, now_ms: int, **more: int) -> None:
    if not any(more.values()):
        return
    names = ", ".join(more)
    places = ", ".join("?" for _ in more)
    sums = ", ".join(f"{name} = {name} + excluded.{name}" for name in more)
    tx.execute(
        f"INSERT INTO webhook_days (shop, day, {names}) VALUES (?, ?, {places})"  # noqa: S608 - names of ours
        f" ON CONFLICT (shop, day) DO UPDATE SET {sums}",
        (shop, _day(now_ms), *more.values()),
    )
    tx.execute("DELETE FROM webhook_days WHERE shop = ? AND day < ?", (shop, _day(now_ms - KEEP_DAYS * 86_400_000)))


def _day(now_ms: int) -> str:
    return datetime.fromtimestamp(now_ms / 1000, tz=UTC).date().isoformat()
