"""`brygga usage`: how much of the package the month has used, and when it will be full."""

from __future__ import annotations

from agent.cli.context import Given
from agent.cli.desk import AsJson, Desk, open_desk
from agent.cli.figures import show_table, table
from agent.cli.output import say, say_json
from agent.journal import sums
from agent.journal.sums import Usage
from agent.model.reasons import Reason
from agent.packages import NAMES, order_limit
from agent.shown.figures import day_name, number


def usage(*, json: AsJson = False, context: Given) -> int:
    """Show the month's transferred orders against the package's limit, and the day on which it will be reached.

    The forecast divides the month's orders by the days gone by (one at the least) and lets that pace go on.
    """
    with open_desk(context) as desk:
        settings = desk.settings
        known = settings.package in NAMES
        limit = order_limit(settings.package, settings.premium_limit) if known else None
        found = sums.usage(desk.tx, desk.now(), limit)
        if json:
            say_json(usage_json(settings.package, found))
        else:
            _print(desk, found)
        return 0


def _print(desk: Desk, found: Usage) -> None:
    language = desk.language
    shown = table("", "", numbers=())
    none = desk.text("ingen gräns angiven", "no limit entered")
    rows = [
        (desk.text("Paket", "Package"), desk.settings.package),
        (desk.text("Månad", "Month"), f"{found.month} (Europe/Stockholm)"),
        (desk.text("Gräns", "Limit"), none if found.limit is None else number(found.limit, language)),
        (desk.text("Använt", "Used"), _used(desk, found)),
    ]
    if found.left is not None:
        rows.append((desk.text("Kvar", "Left"), number(found.left, language)))
    rows.append((desk.text("Hålls kvar av gränsen", "Held at the limit"), number(found.held_at_limit, language)))
    rows.append((desk.text("Prognos", "Forecast"), _forecast(desk, found)))
    for label, text in rows:
        shown.add_row(label, text)
    shown.show_header = False
    show_table(shown)
    warning = _warning(desk, found)
    if warning:
        say(warning)
    _print_months(desk, found)


def _used(desk: Desk, found: Usage) -> str:
    count = number(found.used, desk.language)
    return f"{count} ({found.used * 100 // found.limit} %)" if found.limit else count


def _forecast(desk: Desk, found: Usage) -> str:
    pace = f"{found.per_day:.1f}".replace(".", desk.text(",", "."))
    how = desk.text(f"{pace} order om dagen hittills i månaden", f"{pace} orders a day so far this month")
    if found.reached_on is not None:
        day = day_name(found.reached_on, desk.language)
        return desk.text(f"gränsen nåddes {day}", f"the limit was reached on {day}")
    if found.limit is None or not found.used:
        return how if found.used else desk.text("inga order än i månaden", "no orders yet this month")
    if found.left == 0:
        return desk.text("gränsen är nådd", "the limit has been reached")
    if found.forecast_day is None:
        return desk.text(f"gränsen nås inte i månaden ({how})", f"the limit is not reached this month ({how})")
    day = day_name(found.forecast_day, desk.language)
    return desk.text(f"gränsen nås {day} ({how})", f"the limit is reached on {day} ({how})")


def _warning(desk: Desk, found: Usage) -> str:
    if found.warning_percent == 100:
        code = Reason.PACKAGE_LIMIT.value
        return desk.text(
            f"Paketet är fullt: fler order hålls kvar ({code}), äldst först i tur, och går över nästa månad eller "
            "genast när paketet höjs. Inget går förlorat.",
            f"The package is full: further orders are held ({code}), oldest first in line, and go over next month or "
            "as soon as the package is raised. Nothing is lost.",
        )
    if found.warning_percent is not None:
        return desk.text(
            f"Mer än {found.warning_percent} % av paketet är använt.",
            f"More than {found.warning_percent} % of the package has been used.",
        )
    return ""


def _print_months(desk: Desk, found: Usage) -> None:
    earlier = {month: count for month, count in found.months.items() if month != found.month}
    if not earlier:
        return
    count_head = desk.text("Order", "Orders")
    shown = table(desk.text("Tidigare månader", "Earlier months"), count_head, numbers=(count_head,))
    for month, count in earlier.items():
        shown.add_row(month, number(count, desk.language))
    show_table(shown)


def usage_json(package: str, found: Usage) -> dict[str, object]:
    """Keys are stable. Days are of Swedish time."""
    return {
        "package": package,
        "month": found.month,
        "limit": found.limit,
        "used": found.used,
        "left": found.left,
        "held_at_limit": found.held_at_limit,
        "warning_percent": found.warning_percent,
        "per_day": round(found.per_day, 3),
        "forecast_day": found.forecast_day,
        "forecast_method": "used orders / days gone by in the month (at least 1), continued",
        "reached_on": found.reached_on,
        "months": found.months,
    }
