"""What `[shop.orders]` and the rules mean."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.model.words import words
from agent.settings.finding import Finding, conflict, missing, risky, wrong
from agent.settings.kinds import shown
from agent.settings.load import join
from agent.settings.ranges import (
    check_article_no,
    check_country,
    check_currency,
    check_no_blank,
    check_range,
    check_register_id,
)
from agent.settings.tree import OrderRule, OrderSettings, RuleWhen, Unmapped

_STATUS = re.compile(r"^[a-z0-9_-]{1,20}$")
_NEVER = ("checkout-draft", "auto-draft", "trash", "any")
_UNPAID = ("pending", "failed", "cancelled", "refunded")

_EMPLOYEE = re.compile(r"^[0-9]{1,3}$")  # GBAO10 field 8


def check_orders(orders: OrderSettings, path: str) -> Iterator[Finding]:
    if not orders.trigger:
        yield missing(
            f"{path}.trigger",
            words("Ingen status för över order: inget händer.", "No status transfers orders: nothing will happen."),
            words('Ange till exempel trigger = ["processing"].', 'Give trigger = ["processing"], for example.'),
        )
    yield from check_no_blank(f"{path}.trigger", orders.trigger)
    for index, status in enumerate(orders.trigger):
        yield from check_status(status, f"{path}.trigger[{index}]")
        if status in _UNPAID:
            yield risky(
                f"{path}.trigger[{index}]",
                words(
                    f"Order med status {shown(status)} är i regel inte betalda.",
                    f"Orders of status {shown(status)} are not paid, as a rule.",
                ),
                words("Ta bort den om du inte vet att den ska vara med.", "Remove it unless you know you want it."),
            )
    yield from _check_start(orders, f"{path}.start_at")
    yield from check_range(f"{path}.rounding_limit", orders.rounding_limit, 0, 100)
    yield from _check_methods(orders, path)
    for index, currency in enumerate(orders.currencies):
        yield from check_currency(f"{path}.currencies[{index}]", currency)
    yield from check_no_blank(f"{path}.payment_reference_meta", orders.payment_reference_meta)
    if orders.our_reference and not _EMPLOYEE.match(orders.our_reference):
        yield wrong(
            f"{path}.our_reference",
            words(
                "Vår referens är en anställds nummer i Mamut, högst tre siffror.",
                "Our reference is the number of an employee in Mamut, three digits at most.",
            ),
            words('Ange numret, till exempel "1".', 'Give the number, such as "1".'),
        )


def check_status(status: str, path: str) -> Iterator[Finding]:
    """A status of an order, by WooCommerce's short name; an empty one is judged elsewhere."""
    if not status:
        return
    if status.startswith("wc-"):
        bare = shown(status.removeprefix("wc-"))
        problem = words("Statusen anges utan wc- framför.", "The status is given without wc- before it.")
        yield wrong(path, problem, words(f"Skriv {bare}.", f"Write {bare}."))
    elif status in _NEVER:
        yield wrong(
            path,
            words(f"{shown(status)} är ingen färdig order.", f"{shown(status)} is not an order yet, or no longer."),
            words("Ta bort den.", "Remove it."),
        )
    elif not _STATUS.match(status):
        yield wrong(
            path,
            words(f"{shown(status)} är ingen status i WooCommerce.", f"{shown(status)} is no status of WooCommerce."),
            words(
                'Ange dess korta namn, med små bokstäver: "processing".',
                'Give its short name in lower case: "processing".',
            ),
        )


def _check_start(orders: OrderSettings, path: str) -> Iterator[Finding]:
    if orders.start_at is None:
        yield risky(
            path,
            words(
                "Ingen starttid: alla gamla order i butiken förs över och räknas mot paketet.",
                "No start: every old order of the shop is transferred and counted against the package.",
            ),
            words(
                "Ange från när order ska med, till exempel start_at = 2026-01-31T00:00:00+01:00.",
                "Say from when orders count, such as start_at = 2026-01-31T00:00:00+01:00.",
            ),
        )
    elif orders.start_at.utcoffset() is None:
        yield wrong(
            path,
            words("Tidpunkten saknar zon.", "The time lacks its zone."),
            words(
                "Lägg till zonen: +01:00 för svensk vintertid, +02:00 för sommartid, Z för UTC.",
                "Add the zone: +01:00 for Swedish winter, +02:00 for summer, Z for UTC.",
            ),
        )


def _check_methods(orders: OrderSettings, path: str) -> Iterator[Finding]:
    for name, payment in orders.payment_methods.items():
        inner = join(f"{path}.payment_methods", name)
        yield from _check_method_name(name, inner)
        yield from check_register_id(f"{inner}.payment_terms", payment.payment_terms)
    for name, shipping in orders.shipping_methods.items():
        inner = join(f"{path}.shipping_methods", name)
        yield from _check_method_name(name, inner)
        yield from check_register_id(f"{inner}.delivery_form", shipping.delivery_form)
        if shipping.article is not None:
            yield from check_article_no(f"{inner}.article", shipping.article)
    for key, mapped, choice in (
        ("payment", orders.payment_methods, orders.payment_unmapped),
        ("shipping", orders.shipping_methods, orders.shipping_unmapped),
    ):
        if choice is Unmapped.HOLD and not mapped:
            yield risky(
                f"{path}.{key}_unmapped",
                words(
                    f"Inget står i {key}_methods, så varje order hålls kvar.",
                    f"Nothing stands in {key}_methods, so every order is held.",
                ),
                words(
                    f'Lägg in metoderna i [shop.orders.{key}_methods], eller välj "default".',
                    f'Enter the methods in [shop.orders.{key}_methods], or choose "default".',
                ),
            )


def _check_method_name(name: str, path: str) -> Iterator[Finding]:
    if not name.strip() or name != name.strip():
        yield wrong(
            path,
            words("Metodens namn är tomt eller har blanksteg.", "The method's name is empty or has spaces around it."),
            words(
                'Ange WooCommerce kod för den, till exempel "bacs".', 'Give WooCommerce\'s code for it, such as "bacs".'
            ),
        )


# -- rules ----------------------------------------------------------------------------------------------------------


def check_rules(rules: tuple[OrderRule, ...], orders: OrderSettings, path: str) -> Iterator[Finding]:
    yield from _check_names(rules, path)
    for index, rule in enumerate(rules):
        yield from _check_when(rule.when, orders, f"{path}[{index}].when")
        if rule.when == RuleWhen() and index < len(rules) - 1:
            yield risky(
                f"{path}[{index}].when",
                words(
                    "Regeln saknar villkor, så reglerna efter den prövas aldrig.",
                    "The rule has no conditions, so those after it are never tried.",
                ),
                words("Lägg den sist, eller ge den villkor.", "Put it last, or give it conditions."),
            )


def _check_names(rules: tuple[OrderRule, ...], path: str) -> Iterator[Finding]:
    names = [rule.name for rule in rules]
    for index, name in enumerate(names):
        if not name.strip():
            problem = words("Regeln har inget namn.", "The rule has no name.")
            remedy = words("Ge den ett namn som orderns historik kan visa.", "Name it: the order's story shows it.")
            yield wrong(f"{path}[{index}].name", problem, remedy)
        elif name in names[:index]:
            problem = words(f"Två regler heter {shown(name)}.", f"Two rules are called {shown(name)}.")
            yield conflict(f"{path}[{index}].name", problem, words("Ge dem olika namn.", "Give them different names."))


def _check_when(when: RuleWhen, orders: OrderSettings, path: str) -> Iterator[Finding]:
    for index, country in enumerate(when.country):
        yield from check_country(f"{path}.country[{index}]", country)
    for index, currency in enumerate(when.currency):
        yield from check_currency(f"{path}.currency[{index}]", currency)
    for index, status in enumerate(when.status):
        inner = f"{path}.status[{index}]"
        yield from check_status(status, inner)
        if status and status not in orders.trigger:
            yield risky(
                inner,
                words(
                    f"{shown(status)} står inte i trigger, så villkoret uppfylls aldrig.",
                    f"{shown(status)} is not in trigger, so this never holds.",
                ),
                words("Lägg till statusen i trigger, eller ta bort villkoret.", "Add it to trigger, or remove it."),
            )
    for key, values in (
        ("payment_method", when.payment_method),
        ("shipping_method", when.shipping_method),
        ("article", when.article),
        ("coupon", when.coupon),
    ):
        yield from check_no_blank(f"{path}.{key}", values)
    above, below = when.total_above, when.total_below
    for key, total in (("total_above", above), ("total_below", below)):
        if total is not None:
            yield from check_range(f"{path}.{key}", total, -10_000_000, 1_000_000_000)
    if above is not None and below is not None and above >= below:
        yield conflict(
            f"{path}.total_above",
            words("Inget belopp är både över och under.", "No amount is both above and below."),
            words("Ange ett lägre tal än i total_below.", "Give a lower number than total_below."),
        )
