"""What the steps write into the settings' text passes the settings' own check, and goes again when its flow goes."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from agent.model.words import Language
from agent.set_up import compose
from agent.set_up.compose import Choices, EventForm, PaymentChoice
from agent.set_up.draft import Draft
from agent.settings.check import check
from agent.settings.init import render
from agent.settings.load import Loaded, loads
from agent.settings.tree import Settings
from agent.settings.tree_goods import MailChoice

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

CHOSEN = Choices(
    trigger=("processing", "packad"),
    document="invoice",
    department=20,
    payments={"klarna": PaymentChoice(document="order", terms=5, ready=True), "bacs": PaymentChoice()},
    payment_unmapped="hold",
    shippings={"flat_rate": 1, "free_shipping": None},
    shipping_unmapped="default",
    vat={"25": 3, "12": None, "6": 5},
    eu_company=None,
    export=11,
    zero=1,
    unknown="create",
    switched={"to_mamut": True, "prices": True, "stock": False},
    statuses_on=True,
    events={
        "delivered": EventForm(status="packad", mail="shop", capture=True),
        "partly_delivered": EventForm(),
        "invoiced": EventForm(),
        "paid": EventForm(),
        "cancelled": EventForm(status="cancelled", mail="shop"),
    },
    warehouses=(1, 3),
    category=2,
    asks_category=True,
)


def read(text: str) -> Settings:
    loaded = loads(text)
    assert isinstance(loaded, Loaded)
    errors = [each for each in (*loaded.findings, *check(loaded.settings, loaded.findings)) if each.is_error]
    assert errors == []
    return loaded.settings


def begun() -> str:
    text = compose.company(render(Language.SWEDISH, now=NOW), "https://mamut.example", "002", "brygga")
    text = compose.shop(text, 0, "tyg", "Tyg & Tråd", "https://tyg.example")
    return compose.package_and_flow(text, 0, 3, "400", None)


def test_every_choice_stands_in_the_settings_and_goes_with_its_flow() -> None:
    text = begun()
    once = compose.mapping(text, 0, read(text), CHOSEN)
    settings = read(once)
    shop = settings.shop[0]
    assert (settings.package, settings.mamut.client_no, shop.flow, shop.name) == ("400", "002", 3, "Tyg & Tråd")
    assert shop.orders.trigger == ("processing", "packad")
    assert set(shop.orders.payment_methods) == {"klarna"}
    assert shop.orders.payment_methods["klarna"].ready_for_invoicing
    assert shop.vat.domestic == {"25": 3, "6": 5}
    assert (shop.vat.eu_company, shop.vat.export) == (None, 11)
    assert (shop.to_mamut.enabled, shop.prices.enabled, shop.stock.enabled) == (True, True, False)
    assert (shop.stock.warehouses, shop.prices.regular.category) == ((1, 3), 2)
    statuses = shop.statuses
    assert (statuses.enabled, statuses.delivered.status, statuses.delivered.capture) == (True, "packad", True)
    assert (statuses.cancelled.status, statuses.cancelled.mail) == ("cancelled", MailChoice.SHOP)
    assert statuses.order[-1] == "packad", "a status of the shop's own comes after those that have a rank"
    assert compose.mapping(once, 0, settings, CHOSEN) == once, "saved twice it is the same"
    alone = read(compose.package_and_flow(once, 0, 1, "100", None)).shop[0]
    assert (alone.to_mamut.enabled, alone.statuses.enabled, alone.stock.warehouses) == (True, False, ())


def test_orders_are_taken_from_the_moment_that_was_chosen() -> None:
    draft = Draft(text=begun(), basis="", shop=0)
    for begin, day, start in (
        ("now", "", datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ("date", "2026-07-01", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("kept", "", datetime(2026, 11, 23, 9, tzinfo=UTC)),
    ):
        chosen = msgspec.structs.replace(draft, begin=begin, begin_on=day)
        later = datetime(2026, 12, 24, 15, tzinfo=UTC) if begin == "kept" else NOW
        assert read(compose.final(chosen, later)).shop[0].orders.start_at == start, begin


def test_premium_brings_its_limit_and_takes_it_along() -> None:
    text = compose.package_and_flow(begun(), 0, 2, "premium", 2_500)
    assert read(text).premium_limit == 2_500
    assert read(compose.package_and_flow(text, 0, 2, "400", None)).premium_limit is None
