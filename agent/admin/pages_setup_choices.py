"""Steps of the guided set-up where a person chooses: flow and package; statuses and mappings, filled with the lists of
both systems."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import msgspec
from starlette.responses import Response

from agent.admin.pages_setup_parts import field, findings_of, frame, start_tests, tested
from agent.admin.saving import told
from agent.admin.visit import Visit
from agent.flows import FLOWS, NUMBERS, DirectionName, Flow, cheapest_package, flow
from agent.model.mamut import Registers
from agent.packages import CONTRACT_MONTHS, FEATURE_WORDS, NAMES, NOTICE_MONTHS, PACKAGES, PREMIUM, Feature
from agent.set_up import compose, suggest
from agent.set_up.compose import EVENTS, Choices, EventForm, PaymentChoice
from agent.set_up.draft import Draft, Step
from agent.set_up.lists import Choice, Numbered, ShopLists, rows
from agent.set_up.work import SetUp
from agent.settings.subscription import fits, set_up_of
from agent.settings.tree import PaymentMethod, Settings, ShippingMethod, ShopSettings
from agent.settings.tree_goods import EventChoice

Method = TypeVar("Method", PaymentMethod, ShippingMethod)

USUAL_PERCENTS = ("25", "12", "6")
"""Where the shop does not tell its rates: those of Sweden."""

NEVER_SENT = frozenset({"checkout-draft", "auto-draft", "trash", "draft"})
"""Statuses of orders that nobody has placed, or that are thrown away."""


# -- flow and package -------------------------------------------------------------------------------------------------


def package_page(visit: Visit, set_up: SetUp, made: Draft, status: int = 200) -> Response:
    settings = made.settings
    chosen = made.shop_of(settings)
    bought = set_up_of(settings)
    return visit.page(
        "setup/package.html",
        status,
        flows=[_flow(visit, each) for each in FLOWS],
        number=chosen.flow,
        fits=fits(settings, 0),
        package=settings.package,
        premium_limit=settings.premium_limit,
        features=[
            (FEATURE_WORDS[each].in_(visit.language), [each in bought_.features for bought_ in PACKAGES])
            for each in Feature
        ],
        lines=[] if bought is None else [(line.text.in_(visit.language), line) for line in bought.cost().lines],
        cost=None if bought is None else bought.cost(),
        contract_months=CONTRACT_MONTHS,
        notice_months=NOTICE_MONTHS,
        findings=[told(visit, each) for each in findings_of(set_up, made)[Step.PACKAGE]],
        saved=Step.PACKAGE in made.saved,
        frame=frame(set_up, made, Step.PACKAGE),
    )


def _flow(visit: Visit, each: Flow) -> dict[str, object]:
    return {
        "number": each.number,
        "text": each.text.in_(visit.language),
        "lowest": cheapest_package(each).name,
        "directions": [
            (
                direction.text.in_(visit.language),
                direction.target.value,
                next(bought.name for bought in PACKAGES if direction.feature in bought.features),
                direction.optional,
            )
            for direction in each.directions
        ],
    }


async def save_package(visit: Visit, set_up: SetUp, made: Draft) -> Response:
    """A flow or package that does not exist is what the form never sends, and changes nothing."""
    number, name = _whole(visit.form.get("flow")), visit.form.get("package")
    if number not in NUMBERS or name not in NAMES:
        return package_page(visit, set_up, made, 422)
    limit = _whole(visit.form.get("premium_limit")) if name == PREMIUM else None
    text = compose.package_and_flow(made.text, made.shop, number, name, limit)

    def changed(draft: Draft) -> Draft:
        return msgspec.structs.replace(draft, text=text, saved=draft.saved_too(Step.PACKAGE), trial=None)

    await set_up.change(changed)
    made = set_up.draft() or made
    if any(each.is_error for each in findings_of(set_up, made)[Step.PACKAGE]):
        return package_page(visit, set_up, made, 422)
    return visit.back("/setup/mapping")


# -- statuses and mappings --------------------------------------------------------------------------------------------


def mapping_page(visit: Visit, set_up: SetUp, made: Draft, status: int = 200) -> Response:
    settings = made.settings
    chosen = made.shop_of(settings)
    lists = made.shop_lists or ShopLists()
    registers = None if made.mamut is None else made.mamut.registers
    fresh = Step.MAPPING not in made.saved and not made.was
    return visit.page(
        "setup/mapping.html",
        status,
        shop=chosen,
        has_shop=made.shop_lists is not None,
        has_mamut=registers is not None,
        unread=lists.unread,
        statuses=_statuses(lists, chosen),
        payments=_payments(lists, chosen, registers, fresh=fresh),
        shippings=_shippings(lists, chosen, registers, fresh=fresh),
        vats=_vats(lists, chosen, registers, fresh=fresh),
        kinds=_kinds(chosen, registers, fresh=fresh),
        codes=[] if registers is None else registers.vat_codes,
        departments=_register(registers, "departments"),
        department=_department(settings, made, registers, fresh=fresh),
        terms=_register(registers, "payment_terms"),
        forms=_register(registers, "delivery_forms"),
        warehouses=_register(registers, "warehouses"),
        categories=_register(registers, "contact_categories"),
        events=[(name, getattr(chosen.statuses, name)) for name in EVENTS],
        asks=_asks(settings, chosen),
        switches=[
            (table, compose.SWITCHES[table][0].value, getattr(chosen, table).enabled)
            for table in _switches(settings, chosen)
        ],
        one_warehouse=not compose.has(settings, Feature.STOCK_PROFILES),
        findings=[told(visit, each) for each in findings_of(set_up, made)[Step.MAPPING]],
        frame=frame(set_up, made, Step.MAPPING),
        tests=tested(visit, set_up, made, Step.MAPPING),
    )


async def save_mapping(visit: Visit, set_up: SetUp, made: Draft) -> Response:
    settings = made.settings
    text = compose.mapping(made.text, made.shop, settings, _chosen(visit, made, settings))

    def changed(draft: Draft) -> Draft:
        saved = draft.saved_too(Step.MAPPING)
        return msgspec.structs.replace(draft, text=text, saved=saved, trial=None)

    await set_up.change(changed)
    made = set_up.draft() or made
    if any(each.is_error for each in findings_of(set_up, made)[Step.MAPPING]):
        return mapping_page(visit, set_up, made, 422)
    started = start_tests(set_up, made, Step.MAPPING)
    return visit.back("/setup/mapping", "" if started else "setup_first")


def _asks(settings: Settings, chosen: ShopSettings) -> dict[str, bool]:
    """What the flow and the package give the shop, and is therefore asked for."""
    names = {each.name for each in flow(chosen.flow).directions} if chosen.flow in NUMBERS else set()
    return {
        "statuses": DirectionName.STATUSES_TO_SHOP in names and compose.has(settings, Feature.ORDER_STATUS),
        "stock": DirectionName.STOCK_TO_SHOP in names and compose.has(settings, Feature.STOCK_LEVELS),
        "prices": DirectionName.PRICES_TO_SHOP in names and compose.has(settings, Feature.PRICE_STRUCTURES),
    }


def _switches(settings: Settings, chosen: ShopSettings) -> tuple[str, ...]:
    """The tables of goods that the flow and the package give the shop."""
    given = {each.name: each.feature for each in flow(chosen.flow).directions} if chosen.flow in NUMBERS else {}
    return tuple(
        table for table, (name, _) in compose.SWITCHES.items() if name in given and compose.has(settings, given[name])
    )


def _register(registers: Registers | None, name: str) -> tuple[Numbered, ...]:
    return () if registers is None else rows(registers, name)


def _statuses(lists: ShopLists, chosen: ShopSettings) -> list[tuple[Choice, bool]]:
    """The shop's own, and what the settings name though the shop does not."""
    known = {each.key: each for each in lists.statuses if each.key not in NEVER_SENT}
    for name in chosen.orders.trigger:
        known.setdefault(name, Choice(key=name, name=name))
    return [(each, each.key in chosen.orders.trigger) for each in known.values()]


def _payments(
    lists: ShopLists, chosen: ShopSettings, registers: Registers | None, *, fresh: bool
) -> list[tuple[Choice, PaymentMethod]]:
    terms = _register(registers, "payment_terms") if fresh else ()
    return _methods(
        lists.payments,
        chosen.orders.payment_methods,
        lambda choice: PaymentMethod(payment_terms=suggest.same_thing(choice, terms)),
    )


def _shippings(
    lists: ShopLists, chosen: ShopSettings, registers: Registers | None, *, fresh: bool
) -> list[tuple[Choice, ShippingMethod]]:
    forms = _register(registers, "delivery_forms") if fresh else ()
    return _methods(
        lists.shippings,
        chosen.orders.shipping_methods,
        lambda choice: ShippingMethod(delivery_form=suggest.same_thing(choice, forms)),
    )


def _methods(
    choices: Iterable[Choice], stands: Mapping[str, Method], suggested: Callable[[Choice], Method]
) -> list[tuple[Choice, Method]]:
    """The shop's methods that are in use, and those that the settings name; each as the settings have it, else as it is
    suggested."""
    known = {each.key: each for each in choices if each.used or each.key in stands}
    for name in stands:
        known.setdefault(name, Choice(key=name, name=name))
    return [(each, stands[each.key] if each.key in stands else suggested(each)) for each in known.values()]


def _percents(lists: ShopLists, chosen: ShopSettings) -> tuple[str, ...]:
    """The shop's own rates, else the usual ones; and those of the settings."""
    return tuple(dict.fromkeys((*(lists.percents or USUAL_PERCENTS), *chosen.vat.domestic)))


def _vats(
    lists: ShopLists, chosen: ShopSettings, registers: Registers | None, *, fresh: bool
) -> list[tuple[str, int | None]]:
    """What the start file has for VAT codes is a guess; what Mamut's register says goes before it."""

    def code(percent: str) -> int | None:
        if fresh and registers is not None:
            return suggest.vat_code(percent, registers)
        return chosen.vat.domestic.get(percent)

    return [(percent, code(percent)) for percent in _percents(lists, chosen)]


def _kinds(chosen: ShopSettings, registers: Registers | None, *, fresh: bool) -> list[tuple[str, int | None]]:
    if fresh and registers is not None:
        return [
            ("eu_company", suggest.vat_kind("eu", registers)),
            ("export", suggest.vat_kind("export", registers)),
            ("zero", suggest.vat_kind("zero", registers)),
        ]
    return [("eu_company", chosen.vat.eu_company), ("export", chosen.vat.export), ("zero", chosen.vat.zero)]


def _department(settings: Settings, made: Draft, registers: Registers | None, *, fresh: bool) -> int | None:
    stands = made.shop_of(settings).department
    if stands is not None or not fresh or registers is None:
        return stands
    taken = frozenset(shop.department for shop in settings.shop if shop.department is not None)
    return suggest.department(registers, taken)


# -- the form ---------------------------------------------------------------------------------------------------------


def _chosen(visit: Visit, made: Draft, settings: Settings) -> Choices:
    """What the form sent, of what its page had asked for."""
    chosen, lists = made.shop_of(settings), made.shop_lists or ShopLists()
    asks = _asks(settings, chosen)
    payments = [each for each, _ in _payments(lists, chosen, None, fresh=False)]
    shippings = [each for each, _ in _shippings(lists, chosen, None, fresh=False)]
    return Choices(
        trigger=tuple(visit.form.all("trigger")),
        document=_one_of(field(visit, "document"), ("order", "invoice")),
        department=_whole(field(visit, "department")),
        payments={
            each.key: PaymentChoice(
                document=_one_of(field(visit, f"document:{each.key}"), ("", "order", "invoice")),
                terms=_whole(field(visit, f"terms:{each.key}")),
                ready=bool(visit.form.get(f"ready:{each.key}")),
            )
            for each in payments
        },
        payment_unmapped=_one_of(field(visit, "payment_unmapped"), ("default", "hold")),
        shippings={each.key: _whole(field(visit, f"form:{each.key}")) for each in shippings},
        shipping_unmapped=_one_of(field(visit, "shipping_unmapped"), ("default", "hold")),
        vat={percent: _whole(field(visit, f"vat:{percent}")) for percent in _percents(lists, chosen)},
        eu_company=_whole(field(visit, "eu_company")),
        export=_whole(field(visit, "export")),
        zero=_whole(field(visit, "zero")),
        unknown=_one_of(field(visit, "unknown"), ("hold", "create", "general")),
        switched={table: bool(visit.form.get(f"on:{table}")) for table in _switches(settings, chosen)},
        statuses_on=bool(visit.form.get("statuses_on")) if asks["statuses"] else None,
        events={name: _event(visit, name, getattr(chosen.statuses, name)) for name in EVENTS}
        if asks["statuses"]
        else {},
        warehouses=_warehouses(visit) if asks["stock"] else None,
        category=_whole(field(visit, "category")),
        asks_category=asks["prices"],
    )


def _event(visit: Visit, name: str, stands: EventChoice) -> EventForm:
    """A note with a text of its own is written in the settings; here it is kept."""
    mail = _one_of(field(visit, f"mail:{name}"), ("none", "shop", "note"))
    if mail == "note" and not stands.text:
        mail = "none"
    return EventForm(status=field(visit, f"status:{name}"), mail=mail, capture=bool(visit.form.get(f"capture:{name}")))


def _warehouses(visit: Visit) -> tuple[int, ...]:
    numbers = (_whole(each) for each in visit.form.all("warehouse"))
    return tuple(each for each in numbers if each is not None)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _one_of(text: str, choices: tuple[str, ...]) -> str:
    return text if text in choices else choices[0]
