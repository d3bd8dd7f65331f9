"""What monitoring asks: whether the agent is well, and its figures in Prometheus' text format (version 0.0.4).

Names, counts and times alone: nothing of a person, no secret, no address. Orders are counted in an index alone: 20 ms
for 100,000 of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

import apsw

from agent.journal import records
from agent.journal.reports import IDLE_REASONS, backlogs, health
from agent.journal.reports_goods import stopped_count
from agent.model.order import Frozen
from agent.settings.tree import Settings
from agent.shown.silence import silences

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"

PAUSED_MAX_S = 300.0
"""A pause shorter than this is everyday life: a shop that is being updated, a night's backup of Mamut."""

_STATES = ("working", "waiting", "paused", "parked", "frozen")

Labels = tuple[tuple[str, str], ...]


class Health(Frozen, frozen=True):
    """`standing` are the parts that need somebody, by name: parked, frozen, or paused for longer than is usual; and
    what is silent, by its area."""

    standing: tuple[str, ...]

    @property
    def is_well(self) -> bool:
        return not self.standing


def health_of(tx: apsw.Connection, settings: Settings, now: datetime) -> Health:
    """How all parts are, and what has not run as it should. The agent itself runs, or nobody would be asked."""
    now_ms = round(now.timestamp() * 1000)
    standing = [
        actor.actor
        for actor in health(tx)
        if actor.state in ("parked", "frozen")
        or (actor.state == "paused" and now_ms - actor.since_ms > PAUSED_MAX_S * 1000)
    ]
    frozen = [f"shop/{key}" for key in records.frozen_shops(tx)]
    silent = [
        f"{item.area}/{item.shop or item.name}{f'/{item.direction}' if item.direction else ''}".rstrip("/")
        for item in silences(tx, settings, now)
        if item.area != "soon"
    ]
    return Health(standing=tuple(dict.fromkeys((*standing, *frozen, *silent))))


def metrics(
    tx: apsw.Connection, settings: Settings, now_ms: int, *, version: str, month: str, limit: int | None
) -> str:
    """The whole page. `month` is the package's month under way and `limit` its orders, None for no limit."""
    page = _Page()
    page.put("build_info", "gauge", "The version that runs.", [((("version", version),), 1)])
    _put_parts(page, tx, now_ms)
    _put_orders(page, tx, now_ms)
    _put_work(page, tx, now_ms)
    used = records.used(tx, month)
    page.put("package_orders", "gauge", "Orders counted in the package's month.", [((("month", month),), used)])
    if limit is not None:
        page.put("package_orders_limit", "gauge", "Orders that the package includes a month.", [((), limit)])
    frozen = frozenset(records.frozen_shops(tx))
    keys = [shop.key for shop in settings.shop if shop.key]
    rows = [((("shop", key),), int(key in frozen)) for key in keys]
    page.put("shop_frozen", "gauge", "1 where another shop seems to be at the address.", rows)
    return page.text


def _put_parts(page: _Page, tx: apsw.Connection, now_ms: int) -> None:
    actors = health(tx)
    states = [
        ((("actor", each.actor), ("state", state)), int(each.state == state)) for each in actors for state in _STATES
    ]
    page.put("actor_state", "gauge", "1 for the state that a part of the agent is in.", states)
    ages = [
        ((("actor", each.actor),), (now_ms - each.last_good_ms) / 1000)
        for each in actors
        if each.last_good_ms is not None
    ]
    page.put(
        "actor_last_good_seconds",
        "gauge",
        "Seconds since a part of the agent last said that it is well; one without work says so seldom.",
        ages,
    )


def _put_orders(page: _Page, tx: apsw.Connection, now_ms: int) -> None:
    counts = tx.execute("SELECT shop, state, reason, count(*) FROM orders GROUP BY shop, state, reason").fetchall()
    rows = [
        ((("shop", str(shop)), ("state", str(state)), ("code", str(reason))), _whole(count))
        for shop, state, reason, count in counts
    ]
    page.put("orders", "gauge", "Orders ever seen, by state and by the code that says why.", rows)
    idle = tuple(reason.value for reason in IDLE_REASONS)
    oldest = tx.execute(
        "SELECT shop, min(since_ms) FROM orders WHERE state = 'waiting' AND reason NOT IN (?, ?) GROUP BY shop", idle
    ).fetchall()
    ages = [((("shop", str(shop)),), (now_ms - _whole(since_ms)) / 1000) for shop, since_ms in oldest]
    page.put("oldest_waiting_seconds", "gauge", "Age of the order that has waited for us the longest.", ages)


def _put_work(page: _Page, tx: apsw.Connection, now_ms: int) -> None:
    remotes = backlogs(tx)
    page.put(
        "commands", "gauge", "Commands still to be done.", [((("remote", b.remote),), b.commands) for b in remotes]
    )
    page.put(
        "commands_unsure",
        "gauge",
        "Commands that may have been done already and are looked up first.",
        [((("remote", b.remote),), b.unsure) for b in remotes],
    )
    page.put(
        "commands_oldest_seconds",
        "gauge",
        "Age of the oldest command.",
        [((("remote", b.remote),), (now_ms - b.oldest_made_ms) / 1000) for b in remotes],
    )
    tasks = tx.execute("SELECT shop, direction, code <> '', count(*) FROM tasks GROUP BY 1, 2, 3").fetchall()
    rows = [
        ((("shop", str(shop)), ("direction", str(name)), ("held", "yes" if held else "no")), _whole(count))
        for shop, name, held, count in tasks
    ]
    page.put("tasks", "gauge", "Articles to be looked at, and those that are held.", rows)
    written = tx.execute("SELECT shop, direction, written, requests FROM directions").fetchall()
    labels = [((("shop", str(shop)), ("direction", str(name))), _whole(w), _whole(r)) for shop, name, w, r in written]
    page.put("written_total", "counter", "Rows written to a shop or to Mamut.", [(at, w) for at, w, _ in labels])
    page.put("requests_total", "counter", "Requests that these took.", [(at, r) for at, _, r in labels])
    page.put("prices_stopped", "gauge", "Prices that a guard stopped.", [((), stopped_count(tx))])
    heard = tx.execute("SELECT shop, sum(heard), sum(missed) FROM webhook_days GROUP BY shop").fetchall()
    page.put(
        "webhooks_heard_total", "counter", "Webhooks heard.", [((("shop", str(s)),), _whole(h)) for s, h, _ in heard]
    )
    page.put(
        "webhooks_missed_total",
        "counter",
        "Changes of which no webhook ever told.",
        [((("shop", str(s)),), _whole(m)) for s, _, m in heard],
    )


class _Page:
    """Puts one figure after the other; one without rows is left out."""

    def __init__(self) -> None:
        self._lines: list[str] = []

    @property
    def text(self) -> str:
        return "\n".join((*self._lines, ""))

    def put(self, name: str, kind: str, help_: str, rows: Sequence[tuple[Labels, float]]) -> None:
        if not rows:
            return
        name = f"brygga_{name}"
        self._lines += (f"# HELP {name} {help_}", f"# TYPE {name} {kind}")
        self._lines += _rows(name, rows)


def _rows(name: str, rows: Sequence[tuple[Labels, float]]) -> Iterator[str]:
    for labels, value in rows:
        inner = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels)
        shown = int(value) if value == int(value) else round(value, 3)
        yield f"{name}{{{inner}}} {shown}" if inner else f"{name} {shown}"


def _whole(value: object) -> int:
    """A figure of SQLite's, nothing counted being 0."""
    return value if isinstance(value, int) else 0


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
