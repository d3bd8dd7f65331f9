"""What each step of the set-up writes into the text of the settings; the rest of the text stays as it is."""

from __future__ import annotations

from datetime import datetime, time

from agent.flows import NUMBERS, DirectionName, flow
from agent.model.clock import STOCKHOLM
from agent.model.order import Frozen
from agent.packages import NAMES, PREMIUM, Feature, package
from agent.set_up.draft import Draft
from agent.settings.check_package import TABLES
from agent.settings.check_statuses import TERMINAL
from agent.settings.edit import Edit, Path
from agent.settings.tree import OrderSettings, Settings, ShopSettings
from agent.settings.tree_goods import EventChoice, PriceSettings, ProductSettings, StatusSettings, StockSettings
from agent.settings.tree_to_mamut import ToMamutSettings

SWITCHES: dict[str, tuple[DirectionName, bool]] = {
    "to_mamut": (DirectionName.PRODUCTS_TO_MAMUT, ToMamutSettings().enabled),
    "products": (DirectionName.PRODUCTS_TO_SHOP, ProductSettings().enabled),
    "prices": (DirectionName.PRICES_TO_SHOP, PriceSettings().enabled),
    "stock": (DirectionName.STOCK_TO_SHOP, StockSettings().enabled),
}
"""The tables of goods: the direction that each switches on, and whether it is on where nobody has said."""

EVENTS = ("delivered", "partly_delivered", "invoiced", "paid", "cancelled")
"""What happens to a document in Mamut that the shop's order may be given a status for."""


class PaymentChoice(Frozen, frozen=True):
    """`document` is empty where the shop's own choice of document holds."""

    document: str = ""
    terms: int | None = None
    ready: bool = False


class EventForm(Frozen, frozen=True):
    status: str = ""
    mail: str = "none"
    capture: bool = False


class Choices(Frozen, frozen=True):
    """What the step of statuses and mappings asks for. What it does not ask for is None."""

    trigger: tuple[str, ...]
    document: str
    department: int | None
    payments: dict[str, PaymentChoice]
    payment_unmapped: str
    shippings: dict[str, int | None]
    shipping_unmapped: str
    vat: dict[str, int | None]
    eu_company: int | None
    export: int | None
    zero: int | None
    unknown: str
    switched: dict[str, bool] = {}
    statuses_on: bool | None = None
    events: dict[str, EventForm] = {}
    warehouses: tuple[int, ...] | None = None
    category: int | None = None
    asks_category: bool = False


def company(text: str, address: str, client_no: str, user: str) -> str:
    edit = Edit(text)
    for name, value, default in (("address", address, ""), ("client_no", client_no, "001"), ("user", user, "brygga")):
        edit.put(("mamut", name), value, None if name == "address" else default)
    return edit.text


def shop(text: str, at: int, key: str, name: str, address: str) -> str:
    edit = Edit(text)
    edit.put(("shop", at, "key"), key)
    edit.put(("shop", at, "address"), address)
    edit.put(("shop", at, "name"), name, "")
    return edit.text


def package_and_flow(text: str, at: int, number: int, name: str, premium_limit: int | None) -> str:
    """Tables that the flow has no use for, or the package does not include, are taken out: they would do nothing."""
    edit = Edit(text)
    edit.put(("shop", at, "flow"), number, 1)
    edit.put(("package",), name)
    if name == PREMIUM and premium_limit is not None:
        edit.put(("premium_limit",), premium_limit)
    elif name != PREMIUM:
        edit.drop(("premium_limit",))
        edit.drop(("premium_price",))
    if number in NUMBERS and name in NAMES:
        given = {each.name: each.feature for each in flow(number).directions}
        for table, direction in TABLES.items():
            if direction not in given or given[direction] not in package(name).features:
                edit.drop(("shop", at, table))
    return edit.text


def mapping(text: str, at: int, settings: Settings, chosen: Choices) -> str:
    edit, stands, where = Edit(text), settings.shop[at], ("shop", at)
    edit.put((*where, "orders", "trigger"), chosen.trigger, OrderSettings().trigger)
    edit.put((*where, "orders", "document"), chosen.document, OrderSettings().document.value)
    edit.put((*where, "orders", "payment_unmapped"), chosen.payment_unmapped, "default")
    edit.put((*where, "orders", "shipping_unmapped"), chosen.shipping_unmapped, "default")
    edit.put((*where, "articles", "unknown"), chosen.unknown, "hold")
    _number(edit, (*where, "department"), chosen.department)
    for name, method in chosen.payments.items():
        _payment(edit, (*where, "orders", "payment_methods", name), method)
    for name, form in chosen.shippings.items():
        _shipping(edit, (*where, "orders", "shipping_methods", name), form)
    edit.put((*where, "vat", "domestic"), _domestic(stands, chosen), {})
    _number(edit, (*where, "vat", "eu_company"), chosen.eu_company)
    _number(edit, (*where, "vat", "export"), chosen.export)
    if chosen.zero is not None:
        edit.put((*where, "vat", "zero"), chosen.zero, 1)
    for table, on in chosen.switched.items():
        edit.put((*where, table, "enabled"), on, SWITCHES[table][1])
    if chosen.statuses_on is not None:
        _statuses(edit, (*where, "statuses"), stands.statuses, chosen)
    if chosen.warehouses is not None:
        edit.put((*where, "stock", "warehouses"), chosen.warehouses, ())
    if chosen.asks_category:
        _number(edit, (*where, "prices", "regular", "category"), chosen.category)
    return edit.text


def _domestic(stands: ShopSettings, chosen: Choices) -> dict[str, int]:
    """What the form did not show stays; a percentage that was left empty is taken out."""
    codes = {**stands.vat.domestic, **chosen.vat}
    return {percent: code for percent, code in codes.items() if code is not None}


def _number(edit: Edit, path: Path, value: int | None) -> None:
    if value is None:
        edit.drop(path)
    else:
        edit.put(path, value)


def _payment(edit: Edit, path: Path, method: PaymentChoice) -> None:
    if method == PaymentChoice() and edit.get(path) is None:
        return
    if method.document:
        edit.put((*path, "document"), method.document)
    else:
        edit.drop((*path, "document"))
    _number(edit, (*path, "payment_terms"), method.terms)
    edit.put((*path, "ready_for_invoicing"), method.ready, default=False)


def _shipping(edit: Edit, path: Path, form: int | None) -> None:
    if form is not None or edit.get(path) is not None:
        _number(edit, (*path, "delivery_form"), form)


def _statuses(edit: Edit, path: Path, stands: StatusSettings, chosen: Choices) -> None:
    edit.put((*path, "enabled"), bool(chosen.statuses_on), default=False)
    rank = list(stands.order)
    for name, form in chosen.events.items():
        was: EventChoice = getattr(stands, name)
        if (was.status, was.mail.value, was.capture) == (form.status, form.mail, form.capture):
            continue
        event: dict[str, str | bool] = {"status": form.status, "mail": form.mail, "parcel": was.parcel}
        if form.mail == "note":
            event["text"] = was.text
        if form.capture and form.status:
            event["capture"] = True
        edit.put((*path, name), event)
        if form.status and form.status not in (*rank, *TERMINAL):
            rank.append(form.status)
    edit.put((*path, "order"), tuple(rank), StatusSettings().order)


def final(draft: Draft, now: datetime) -> str:
    """The text as it is to be saved, with the moment from which orders are taken."""
    start = start_at(draft, now)
    if start is None:
        return draft.text
    edit = Edit(draft.text)
    edit.put(("shop", draft.shop, "orders", "start_at"), start)
    return edit.text


def start_at(draft: Draft, now: datetime) -> datetime | None:
    """The moment before which orders are left alone; None where what stands is kept. Times are Sweden's."""
    if draft.begin == "now":
        return now.astimezone(STOCKHOLM).replace(microsecond=0)
    if draft.begin == "date" and draft.begin_on:
        return datetime.combine(datetime.fromisoformat(draft.begin_on).date(), time(), STOCKHOLM)
    if draft.begin == "listed" and draft.trial is not None and draft.trial.oldest is not None:
        return draft.trial.oldest.astimezone(STOCKHOLM)
    return None


def has(settings: Settings, feature: Feature) -> bool:
    """Whether the chosen package includes the feature."""
    return settings.package in NAMES and feature in package(settings.package).features
