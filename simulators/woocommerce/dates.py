"""The shop's clock: moments as whole seconds since 1970 (UTC) inside, local and GMT texts outside."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from simulators.woocommerce.call import RestError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_DAY = timedelta(days=1)
_FIRST = int((datetime(1, 1, 1, tzinfo=UTC) + _DAY - EPOCH).total_seconds())
_LAST = int((datetime(9999, 12, 31, tzinfo=UTC) - _DAY - EPOCH).total_seconds())


def _aware(moment: int) -> datetime:
    """PHP knows years before 1 and after 9999, this calendar does not: what lies beyond stops a day from its ends."""
    return EPOCH + timedelta(seconds=min(max(moment, _FIRST), _LAST))


@lru_cache(maxsize=65536)
def gmt(moment: int) -> str:
    """A moment as the shop's `date_x_gmt` fields have it: UTC without a sign of it."""
    return _aware(moment).strftime("%Y-%m-%dT%H:%M:%S")


@lru_cache(maxsize=65536)
def local(moment: int, zone: str) -> str:
    """A moment as the shop's `date_x` fields have it: local time without offset."""
    return _aware(moment).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M:%S")


def offset_s(moment: int, zone: str) -> int:
    """How many seconds the zone is ahead of UTC at that moment."""
    offset = _aware(moment).astimezone(ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


def from_local(wall_s: int, zone: str) -> int:
    """The moment at which clocks in the zone show `wall_s` (seconds since 1970 as the wall clock counts them)."""
    wall = _aware(wall_s).replace(tzinfo=ZoneInfo(zone))
    return int(wall.timestamp())


_RFC3339 = re.compile(
    r"^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d+)?(Z|[+-]\d\d(?::\d\d)?)?$", re.ASCII | re.IGNORECASE
)


def _wall(parts: tuple[str, ...]) -> int | None:
    """Seconds since 1970 by the wall clock. Days run over as in PHP: 30 February is 1 or 2 March (`errors[56]`)."""
    year, month, day, hour, minute, second = (int(part) for part in parts)
    if not (1 <= month <= 12 and 1 <= day <= 31 and hour <= 24 and minute <= 59 and second <= 59):
        return None
    first = datetime(max(year, 1), month, 1, tzinfo=UTC)
    return int(((first - EPOCH) + timedelta(days=day - 1, hours=hour, minutes=minute, seconds=second)).total_seconds())


def parse(text: str) -> tuple[int, int | None] | None:
    """A date-time as WordPress' REST date format has it: wall-clock seconds and the offset in seconds (None without
    one).

    None when it is no such date: date only (`orders_list[69]`), month 13 (`errors[55]`).
    """
    match = _RFC3339.match(text.strip())
    if match is None:
        return None
    wall = _wall(match.groups()[:6])
    if wall is None:
        return None
    zone = match[8]
    if zone is None:
        return wall, None
    if zone in "Zz":
        return wall, 0
    sign = -1 if zone[0] == "-" else 1
    return wall, sign * (int(zone[1:3]) * 3600 + int(zone[4:6] or 0) * 60)


def check(text: str) -> None:
    """Refuse what is no date, with WordPress' words.

    Raises:
        RestError: rest_invalid_date.
    """
    if parse(text) is None:
        raise RestError("rest_invalid_date", "Invalid date.", 400, data=None)


def moment_of(text: str, zone: str) -> int | None:
    """The moment that a REST date names: with an offset as it says, without one in the shop's local time."""
    parsed = parse(text)
    if parsed is None:
        return None
    wall, offset = parsed
    return from_local(wall, zone) if offset is None else wall - offset


def filter_bound(text: str, zone: str, *, gmt_column: bool) -> int | None:
    """The bound that `after`, `modified_after` and their like really compare with, as a moment.

    WooCommerce turns a date with an offset into the shop's local time, and then compares with the local or (with
    `dates_are_gmt`) the GMT column. So an offset together with `dates_are_gmt` names a wrong moment (`orders_list[64]`,
    `products_list[77]`), without an offset it is taken as it stands (`orders_list[57]`, `orders_list[62]`), and a
    fraction of a second makes the Z be lost (`orders_list[68]`).
    """
    match = _RFC3339.match(text.strip())
    parsed = parse(text)
    if match is None or parsed is None:
        return None
    wall, offset = parsed
    if offset is not None and match[7] is None:
        moment = wall - offset
        wall = moment + offset_s(moment, zone)
    return wall if gmt_column else from_local(wall, zone)
