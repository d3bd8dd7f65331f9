"""How far an order has come, from its family of documents; and which status its shop gets, one or none."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.decide import statuses
from agent.decide.status_texts import customer_text, is_same_text, parcel_text
from agent.decide.statuses import (
    Event,
    Part,
    Progress,
    Verdict,
    choice,
    judge,
    pending,
    progress,
    reached,
    with_chosen,
)
from agent.model.goods import DeliveryLine, DocumentState, OpenItem, Parcel
from agent.settings.tree_goods import EventChoice, StatusSettings

SETTINGS = StatusSettings(
    enabled=True,
    delivered=EventChoice(status="completed", capture=True),
    partly_delivered=EventChoice(),
    invoiced=EventChoice(status="processing"),
    paid=EventChoice(),
    cancelled=EventChoice(status="cancelled"),
)


def goods(ordered: str, delivered: str = "0") -> DeliveryLine:
    return DeliveryLine(product_no="B-1", ordered=Decimal(ordered), delivered=Decimal(delivered), stock_item=True)


def service() -> DeliveryLine:
    return DeliveryLine(product_no="FRAKT", ordered=Decimal(1), delivered=Decimal(0), stock_item=False)


def document(
    order_no: int = 1,
    *lines: DeliveryLine,
    status: str = "unprocessed_order",
    kind: str = "order",
    total: str = "100",
    invoice_no: int | None = None,
    children: tuple[int, ...] = (),
    parcels: tuple[Parcel, ...] = (),
) -> DocumentState:
    return DocumentState(
        order_no=order_no,
        external_no="butik:1" if order_no == 1 else "",
        kind=kind,
        status=status,
        total=Decimal(total),
        invoice_no=invoice_no,
        children=children,
        lines=lines,
        parcels=parcels,
    )


def item(invoice_no: int, amount: str = "100", remaining: str = "0") -> OpenItem:
    return OpenItem(invoice_no=invoice_no, amount=Decimal(amount), remaining=Decimal(remaining))


def shown(documents: Iterable[DocumentState], *items: OpenItem) -> Progress:
    return progress(tuple(documents), {one.invoice_no: one for one in items})


# -- the family -------------------------------------------------------------------------------------------------------


def test_a_family_is_found_however_deep_and_a_circle_ends() -> None:
    rows = {
        1: document(1, children=(2, 3)),
        2: document(2, children=(4,)),
        4: document(4, children=(1,)),
        9: document(9),
    }
    assert [each.order_no for each in statuses.family(1, rows)] == [1, 2, 4]
    assert statuses.family(7, rows) == ()


# -- delivered --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("documents", "delivered"),
    [
        ([document(1, goods("2"))], Part.NONE),
        ([document(1, goods("2", "2"), status="processed_order")], Part.WHOLE),
        ([document(1, goods("2", "2"), service(), status="processed_order")], Part.WHOLE),
        ([document(1, goods("2", "1"))], Part.SOME),
        ([document(1, goods("2", "2")), document(2, goods("1"), status="backorder")], Part.SOME),
        ([document(1, goods("2", "2")), document(2, goods("1", "1"), status="processed_order")], Part.WHOLE),
        ([document(1, goods("2", "2")), document(2, goods("1"), status="cancelled")], Part.WHOLE),
        ([document(1, goods("2", "2")), document(2, goods("1"), status="lost_sale")], Part.WHOLE),
        ([document(1, goods("2"), status="invoice_not_delivered", invoice_no=7)], Part.NONE),
        ([document(1, goods("-1", "-1"), goods("2", "2"))], Part.WHOLE),
        ([document(1, goods("-1"), goods("2", "2"))], Part.SOME),
        ([document(1, service())], Part.NONE),
        ([document(1, service(), status="invoice", invoice_no=7)], Part.WHOLE),
        ([document(1, goods("2", "2")), document(3, goods("-2"), kind="credit_note")], Part.WHOLE),
    ],
)
def test_delivered_is_what_goods_of_the_whole_family_are(documents: list[DocumentState], delivered: Part) -> None:
    assert shown(documents).delivered is delivered


# -- invoiced, paid, credited, cancelled ------------------------------------------------------------------------------


def test_invoiced_is_whole_when_all_that_lives_is() -> None:
    first = document(1, goods("1", "1"), status="invoice", invoice_no=7, children=(2,))
    assert shown([first, document(2, goods("1"), status="backorder")]).invoiced is Part.SOME
    assert shown([first, document(2, goods("1"), status="cancelled")]).invoiced is Part.WHOLE
    assert shown([first]).invoiced is Part.WHOLE
    assert shown([document(1)]).invoiced is Part.NONE


@pytest.mark.parametrize(
    ("items", "paid"),
    [
        ([], Part.NONE),
        ([item(7, "100", "100")], Part.NONE),
        ([item(7, "100", "40")], Part.SOME),
        ([item(7, "100", "0")], Part.WHOLE),
        ([item(8, "100", "0")], Part.NONE),
    ],
)
def test_paid_stands_in_the_ledger_alone(items: list[OpenItem], paid: Part) -> None:
    assert shown([document(1, status="invoice", invoice_no=7)], *items).paid is paid


def test_paid_is_part_while_something_of_the_family_is_not_invoiced() -> None:
    documents = [document(1, status="invoice", invoice_no=7), document(2, goods("1"), status="backorder")]
    assert shown(documents, item(7)).paid is Part.SOME


def test_what_a_credit_note_has_given_back_need_not_be_paid() -> None:
    documents = [
        document(1, status="invoice", invoice_no=7),
        document(2, status="credit_note", kind="credit_note", total="-30", invoice_no=8),
    ]
    found = shown(documents, item(7, "100", "30"), item(8, "-30", "-30"))
    assert (found.paid, found.credited_ore, found.total_ore, found.is_credited) == (Part.WHOLE, 3000, 10000, False)


def test_an_order_that_was_credited_whole_and_never_paid_is_not_paid() -> None:
    documents = [
        document(1, status="invoice", invoice_no=7),
        document(2, status="credit_note", kind="credit_note", total="-100", invoice_no=8),
    ]
    found = shown(documents, item(7, "100", "100"), item(8, "-100", "-100"))
    assert (found.paid, found.is_credited, found.is_final) == (Part.NONE, True, True)
    assert reached(found, StatusSettings()) == ()


def test_a_credit_note_that_is_not_issued_gives_nothing_back() -> None:
    note = document(2, status="unissued_credit_note", kind="credit_note", total="-100")
    assert shown([document(1, status="invoice", invoice_no=7), note]).credited_ore == 0


@pytest.mark.parametrize("status", ["cancelled", "lost_sale"])
def test_cancelled_is_when_nothing_lives(status: str) -> None:
    assert shown([document(1, status=status)]).cancelled
    assert not shown([document(1, status=status), document(2)]).cancelled
    assert not shown([]).cancelled


def test_parcels_of_the_family_are_counted_once_and_a_cancelled_ones_not() -> None:
    one, two = Parcel(carrier="PostNord", number="A"), Parcel(carrier="DHL", number="B")
    documents = [
        document(1, parcels=(one, Parcel(carrier="PostNord", number=""))),
        document(2, parcels=(one, two)),
        document(3, status="cancelled", parcels=(Parcel(carrier="DHL", number="C"),)),
    ]
    assert shown(documents).parcels == (one, two)


# -- events -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("delivered", "invoiced", "paid"), list(product(Part, Part, Part)))
def test_an_event_is_what_is_whole_and_a_delivery_in_part(delivered: Part, invoiced: Part, paid: Part) -> None:
    found = reached(Progress(delivered=delivered, invoiced=invoiced, paid=paid), StatusSettings())
    assert (Event.DELIVERED in found) is (delivered is Part.WHOLE)
    assert (Event.PARTLY_DELIVERED in found) is (delivered is Part.SOME)
    assert (Event.INVOICED in found) is (invoiced is Part.WHOLE)
    assert (Event.PAID in found) is (paid is Part.WHOLE)
    assert Event.CANCELLED not in found


def test_nothing_follows_a_cancelled_order() -> None:
    assert reached(Progress(cancelled=True, delivered=Part.WHOLE), StatusSettings()) == (Event.CANCELLED,)


def test_an_event_that_was_acted_upon_is_no_news_and_a_part_none_after_the_whole() -> None:
    whole = Progress(delivered=Part.WHOLE, invoiced=Part.WHOLE)
    assert pending(whole, (), StatusSettings()) == (Event.DELIVERED, Event.INVOICED)
    assert pending(whole, {"delivered", "partly_delivered"}, StatusSettings()) == (Event.INVOICED,)
    assert pending(Progress(delivered=Part.SOME), {"delivered"}, StatusSettings()) == ()


def test_a_document_that_stands_is_news_where_a_status_is_chosen_for_it_and_only_once() -> None:
    chosen = with_chosen(StatusSettings(), "completed")
    assert choice(chosen, Event.TRANSFERRED).status == "completed"
    assert reached(Progress(delivered=Part.WHOLE), chosen) == (Event.TRANSFERRED, Event.DELIVERED)
    assert pending(Progress(), {"transferred"}, chosen) == ()
    assert reached(Progress(cancelled=True), chosen) == (Event.CANCELLED,)
    assert with_chosen(StatusSettings(), "") == StatusSettings()


# -- the shop's status ------------------------------------------------------------------------------------------------

CURRENT = ("pending", "on-hold", "processing", "completed", "cancelled", "refunded", "failed", "plockas")
DELIVERED = {
    "pending": Verdict.SET,
    "on-hold": Verdict.SET,
    "processing": Verdict.SET,
    "completed": Verdict.THERE,
    "cancelled": Verdict.TERMINAL,
    "refunded": Verdict.TERMINAL,
    "failed": Verdict.TERMINAL,
    "plockas": Verdict.UNRANKED,
}
INVOICED = DELIVERED | {"processing": Verdict.THERE, "completed": Verdict.BEYOND}
CANCELLED = DELIVERED | {"completed": Verdict.BEYOND, "cancelled": Verdict.THERE}


@pytest.mark.parametrize("current", CURRENT)
@pytest.mark.parametrize(
    ("event", "verdicts"), [(Event.DELIVERED, DELIVERED), (Event.INVOICED, INVOICED), (Event.CANCELLED, CANCELLED)]
)
def test_a_status_goes_forwards_or_not_at_all(current: str, event: Event, verdicts: dict[str, Verdict]) -> None:
    assert judge(current, event, (), SETTINGS) is verdicts[current]


@pytest.mark.parametrize("current", CURRENT)
def test_backwards_is_the_merchants_choice(current: str) -> None:
    settings = StatusSettings(enabled=True, invoiced=EventChoice(status="processing"), backwards=True)
    expected = Verdict.THERE if current == "processing" else Verdict.SET
    assert judge(current, Event.INVOICED, (), settings) is expected


def test_an_order_goes_on_from_the_status_that_let_it_over_whatever_it_is_called() -> None:
    assert judge("plockas", Event.DELIVERED, (), SETTINGS, triggers=("plockas",)) is Verdict.SET


def test_an_event_without_a_status_sets_none() -> None:
    assert judge("processing", Event.PAID, (), SETTINGS) is Verdict.NONE_CHOSEN


def test_a_status_that_the_shop_does_not_have_is_not_sent() -> None:
    known = ("processing", "cancelled")
    assert judge("processing", Event.DELIVERED, (), SETTINGS, known=known) is Verdict.NOT_IN_SHOP
    assert judge("processing", Event.CANCELLED, (), SETTINGS, known=known) is Verdict.SET


def test_the_highest_status_wins_but_never_over_the_one_that_takes_the_money() -> None:
    assert judge("on-hold", Event.INVOICED, (Event.DELIVERED,), SETTINGS) is Verdict.SUPERSEDED
    higher = StatusSettings(
        enabled=True,
        delivered=EventChoice(status="completed", capture=True),
        paid=EventChoice(status="klar"),
        order=("processing", "completed", "klar"),
    )
    assert judge("processing", Event.DELIVERED, (Event.PAID,), higher) is Verdict.SET


def test_a_person_may_take_an_order_out_of_the_status_that_a_failed_capture_left() -> None:
    assert judge("failed", Event.DELIVERED, (), SETTINGS, asked=True) is Verdict.SET
    assert judge("refunded", Event.DELIVERED, (), SETTINGS, asked=True) is Verdict.TERMINAL


# -- when Mamut is asked again ----------------------------------------------------------------------------------------


@given(st.floats(60, 3600), st.floats(0, 1e7), st.floats(0, 1e7))
def test_mamut_is_asked_less_and_less_but_within_the_hour_in_the_first_days(
    every_s: float, age_s: float, quiet_s: float
) -> None:
    wait_s = statuses.again_s(every_s, age_s=age_s, quiet_s=quiet_s, final=False)
    later_s = statuses.again_s(every_s, age_s=age_s, quiet_s=quiet_s + 600, final=False)
    assert every_s <= wait_s <= later_s <= 21_600
    if age_s < 3 * 86_400:
        assert wait_s <= 3_600
    assert statuses.again_s(every_s, age_s=age_s, quiet_s=quiet_s, final=True) == 86_400


# -- texts ------------------------------------------------------------------------------------------------------------

PARCELS = (
    Parcel(carrier="PostNord", number="A1", url="https://post.example/A1"),
    Parcel(carrier="PostNord", number="B2"),
)


def test_placeholders_are_filled_and_parcels_named_once() -> None:
    text = "Order {number}: {carrier} {tracking} {url}. Faktura {invoice}."
    told = customer_text(text, "1042", PARCELS, (7, 8), PARCELS)
    assert told == "Order 1042: PostNord A1, B2 https://post.example/A1. Faktura 7, 8."


def test_parcels_follow_a_text_that_does_not_name_them() -> None:
    told = customer_text("Order {number} är skickad.", "1042", PARCELS, (), PARCELS[1:])
    assert told == "Order 1042 är skickad.\nPostNord B2"
    assert customer_text("Tack.", "1042", PARCELS, ()) == "Tack."


def test_what_a_placeholder_holds_is_not_filled_again() -> None:
    assert customer_text("{number}", "{invoice}", (), (7,)) == "{invoice}"


def test_a_note_is_the_same_however_the_shop_gives_it_back() -> None:
    assert is_same_text("Kim &amp; Co  är på\nväg", "Kim & Co är på väg")
    assert not is_same_text("Order 1", "Order 12")
    assert parcel_text(PARCELS[1]) == "PostNord B2"


@pytest.mark.parametrize(("parts", "slack_ore"), [(1, 0), (2, 2), (4, 6)])
def test_a_delivery_in_parts_may_differ_by_what_mamut_rounds_in_each(parts: int, slack_ore: int) -> None:
    family = [document(number, status="invoice", invoice_no=number) for number in range(1, parts + 1)]
    cancelled = document(9, status="cancelled")
    assert statuses.progress([*family, cancelled], {}).slack_ore == slack_ore
