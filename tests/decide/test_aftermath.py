"""What becomes of a document whose order was changed after its transfer: every stage with every kind of change."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import msgspec
import pytest

from agent.decide.aftermath import judge, refund_no, stage_of
from agent.decide.aftermath_case import Cancel, Case, Credit, Plan, Stage, Update, Way
from agent.decide.aftermath_hand import kept_of
from agent.decide.parts import content_of
from agent.messages import CreateContact, Send, Stop
from agent.model.after import AfterReason, AfterSaid
from agent.model.aftermath import Booked, OrderRefund, RefundedLine, StoredRow
from agent.model.goods import DeliveryLine, DocumentState
from agent.model.ids import ExternalNo, ShopKey, ShopOrderId
from agent.model.mamut import ContactDraft, DocumentDraft, DocumentKind, DocumentLine, Header
from agent.model.order import Address, LineKind, OrderLine, ShopOrder
from agent.model.proof import MoneyProof
from agent.model.reasons import Reason
from agent.settings.tree_aftermath import AftermathSettings, CancelledChoice, EditedChoice, RefundedChoice
from tests.decide.build import order as build_order

SHOP, ORDER = ShopKey("butik"), ShopOrderId(1042)
NUMBER = 100000001
PERCENTS = {1: Decimal(0), 3: Decimal(25)}


def order_of(pieces: int = 2, status: str = "processing", street: str = "Storgatan 1") -> ShopOrder:
    """`pieces` of one article at 100 without VAT."""
    net = Decimal(100 * pieces)
    line = OrderLine(
        line_id=7,
        kind=LineKind.PRODUCT,
        name="Tröja",
        quantity=Decimal(pieces),
        total=net,
        tax_total=net / 4,
        subtotal=net,
        article_no="T-1",
        product_id=11,
    )
    made = build_order(lines=(line,), total=net * 5 / 4)
    billing = Address(first_name="Kim", last_name="Exempel", street=street, country="SE")
    return msgspec.structs.replace(made, shop=SHOP, order_id=ORDER, status=status, billing=billing)


def rows_of(pieces: int) -> tuple[DocumentLine, ...]:
    line = DocumentLine(
        product_no="T-1", description="Tröja", qty=Decimal(pieces), line_sum=Decimal(100 * pieces), vat_code=3
    )
    return (line,)


def draft_of(pieces: int = 2, street: str = "Storgatan 1") -> DocumentDraft:
    return DocumentDraft(
        kind=DocumentKind.ORDER,
        external_no=ExternalNo("butik:1042"),
        order_date=date(2026, 11, 2),
        currency="SEK",
        lines=rows_of(pieces),
        name="Kim Exempel",
        invoice_address=street,
        delivery_address=street,
    )


def send_of(draft: DocumentDraft) -> Send:
    proof = MoneyProof(
        currency="SEK",
        lines=(),
        vats=(),
        net_total=Decimal(0),
        mamut_total=Decimal(0),
        paid=Decimal(0),
        rounding=Decimal(0),
        limit=Decimal(1),
    )
    return Send(draft=draft, customer=CreateContact(draft=ContactDraft(name="", ext_id="", private=True)), proof=proof)


def booked_of(order: ShopOrder, pieces: int = 2, **changes: object) -> Booked:
    booked = Booked(
        content=content_of(order),
        articles={7: "T-1"},
        draft=draft_of(pieces),
        rows=(StoredRow(product_no="T-1", qty=Decimal(pieces)),),
        total_ore=12_500 * pieces,
    )
    return msgspec.structs.replace(booked, **changes)


def document_of(status: str = "unprocessed_order", pieces: int = 2, **changes: object) -> DocumentState:
    document = DocumentState(
        order_no=NUMBER,
        external_no="butik:1042",
        kind="order",
        status=status,
        total=Decimal(125 * pieces),
        invoice_no=5001 if status.startswith("invoice") else None,
        custid=10_007,
        lines=(DeliveryLine(product_no="T-1", ordered=Decimal(pieces), delivered=Decimal(0), stock_item=True),),
        header=Header(name="Kim Exempel", invoice_address="Storgatan 1", delivery_address="Storgatan 1"),
    )
    return msgspec.structs.replace(document, **changes)


def refund_of(pieces: int = 1, refund_id: int = 55) -> OrderRefund:
    net = Decimal(100 * pieces)
    line = OrderLine(
        line_id=90,
        kind=LineKind.PRODUCT,
        name="Tröja",
        quantity=Decimal(pieces),
        total=net,
        tax_total=net / 4,
        subtotal=net,
        article_no="T-1",
    )
    return OrderRefund(refund_id=refund_id, amount=net * 5 / 4, lines=(RefundedLine(of_line=7, line=line),))


def case_of(now: ShopOrder | None, status: str = "unprocessed_order", **changes: object) -> Case:
    case = Case(
        shop=SHOP,
        order_id=ORDER,
        settings=AftermathSettings(),
        order=now,
        booked=booked_of(order_of()),
        order_no=NUMBER,
        family=(document_of(status),),
        percents=PERCENTS,
        services=frozenset({"AVGIFT", "FRAKT"}),
        rounding=DocumentLine(product_no="ORESAVR", description="", qty=Decimal(1), line_sum=Decimal(0), vat_code=1),
        rounding_limit=Decimal(1),
    )
    return msgspec.structs.replace(case, **changes)


def attended(plan: Plan) -> AfterReason | None:
    return None if plan.attend is None else plan.attend.reason


OPEN = ("unprocessed_order", "quotation", "backorder", "unprocessed_batch_order")
CLOSED = ("processed_order", "invoice", "invoice_not_delivered")


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        *((status, Stage.OPEN) for status in OPEN),
        ("processed_order", Stage.DELIVERED),
        ("invoice", Stage.BOOKED),
        ("invoice_not_delivered", Stage.BOOKED),
        ("cancelled", Stage.CANCELLED),
        ("lost_sale", Stage.CANCELLED),
    ],
)
def test_a_documents_stage_follows_from_its_status(status: str, stage: Stage) -> None:
    assert stage_of(case_of(order_of(), status)) is stage


def test_a_document_with_a_living_backorder_is_in_parts() -> None:
    child = document_of("backorder", order_no=NUMBER + 1, parent=NUMBER)
    assert stage_of(case_of(order_of(), family=(document_of("processed_order"), child))) is Stage.PARTLY


def test_a_document_that_mamut_does_not_show_is_told() -> None:
    assert attended(judge(case_of(order_of(), family=()))) is AfterReason.DOCUMENT_UNKNOWN


@pytest.mark.parametrize("status", [*OPEN, *CLOSED])
def test_nothing_that_matters_writes_nothing(status: str) -> None:
    assert judge(case_of(order_of(status="completed"), status)) == Plan(said=AfterSaid.NOTHING)


# -- cancelled and deleted --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", OPEN)
def test_an_open_document_is_cancelled_with_its_order(status: str) -> None:
    plan = judge(case_of(order_of(status="cancelled"), status))
    assert plan.acts == (Cancel(order_no=NUMBER),)


def test_an_order_set_to_refunded_without_a_refund_is_as_a_cancelled_one() -> None:
    assert judge(case_of(order_of(status="refunded"))).acts == (Cancel(order_no=NUMBER),)


def test_an_order_whose_payment_failed_after_all_is_shown_while_its_goods_are_there() -> None:
    plan = judge(case_of(order_of(status="failed")))
    assert (plan.acts, attended(plan)) == ((), AfterReason.CANCELLED)
    assert judge(case_of(order_of(status="failed"), "processed_order")) == Plan(said=AfterSaid.NOTHING)


@pytest.mark.parametrize("status", CLOSED)
def test_a_closed_document_stands_when_its_order_is_cancelled(status: str) -> None:
    plan = judge(case_of(order_of(status="cancelled"), status))
    assert (plan.acts, attended(plan)) == ((), AfterReason.CANCELLED)


@pytest.mark.parametrize("status", [*OPEN, *CLOSED])
def test_a_deleted_order_is_for_a_person(status: str) -> None:
    plan = judge(case_of(None, status))
    assert (plan.acts, attended(plan)) == ((), AfterReason.DELETED)


def test_the_merchant_chooses_what_becomes_of_deleted_and_cancelled_orders() -> None:
    cancelling = AftermathSettings(deleted=CancelledChoice.CANCEL)
    assert judge(case_of(None, settings=cancelling)).acts == (Cancel(order_no=NUMBER),)
    attending = AftermathSettings(cancelled=CancelledChoice.ATTEND)
    assert attended(judge(case_of(order_of(status="cancelled"), settings=attending))) is AfterReason.CANCELLED


def test_a_document_that_people_have_changed_is_not_cancelled() -> None:
    changed = document_of(pieces=3)
    plan = judge(case_of(order_of(status="cancelled"), family=(changed,)))
    assert (plan.acts, attended(plan)) == ((), AfterReason.DOCUMENT_CHANGED)


@pytest.mark.parametrize("status", ["cancelled", "refunded", "failed"])
def test_a_cancelled_document_of_an_order_that_is_over_is_no_matter(status: str) -> None:
    plan = judge(case_of(order_of(status=status), "cancelled"))
    assert (plan.said, plan.acts, plan.attend) == (AfterSaid.DOCUMENT_CANCELLED, (), None)


def test_an_order_that_lives_without_its_document_is_shown() -> None:
    assert attended(judge(case_of(order_of(), "cancelled"))) is AfterReason.ORDER_LIVES


# -- edited -----------------------------------------------------------------------------------------------------------


def test_edited_rows_go_to_an_open_document_and_nothing_else_does() -> None:
    plan = judge(case_of(order_of(3), wanted=send_of(draft_of(3, "Nygatan 9"))))
    (update,) = plan.acts
    assert isinstance(update, Update)
    assert update.changes.fields == ("lines",)
    assert update.changes.lines == rows_of(3)
    assert plan.params["difference"] == "T-1: 2 → 3"
    assert plan.booked is not None
    assert (plan.booked.total_ore, plan.booked.content) == (37_500, content_of(order_of(3)))


def test_an_edited_address_changes_the_addresses_alone() -> None:
    edited = order_of(street="Nygatan 9")
    plan = judge(case_of(edited, wanted=send_of(draft_of(5, "Nygatan 9"))))
    (update,) = plan.acts
    assert isinstance(update, Update)
    assert update.changes.fields == ("invoice_address", "delivery_address")


@pytest.mark.parametrize("status", CLOSED)
def test_a_closed_document_is_never_edited(status: str) -> None:
    plan = judge(case_of(order_of(3), status, wanted=send_of(draft_of(3))))
    assert (plan.acts, attended(plan)) == ((), AfterReason.EDITED)
    assert plan.attend is not None
    assert plan.attend.params["difference"] == "T-1: 2 → 3"


def test_an_edit_that_cannot_be_booked_names_why() -> None:
    plan = judge(case_of(order_of(3), wanted=Stop(reason=Reason.ARTICLE_UNKNOWN)))
    assert plan.attend is not None
    assert (plan.attend.reason, plan.attend.params["problem"]) == (AfterReason.EDIT_IMPOSSIBLE, "BRY-H02")


def test_rows_that_are_not_ours_are_not_overwritten() -> None:
    plan = judge(case_of(order_of(3), family=(document_of(pieces=4),), wanted=send_of(draft_of(3))))
    assert (plan.acts, attended(plan)) == ((), AfterReason.DOCUMENT_CHANGED)


MOVED = order_of(street="Nygatan 9")
BY_HAND = Header(name="Kim Exempel", invoice_address="Storgatan 1", delivery_address="Lagret, port 4")


@pytest.mark.parametrize(
    ("header", "kept", "edited"),
    [
        (BY_HAND, {}, "delivery_address"),
        (Header(name="K", invoice_address="S", delivery_address="D"), {}, "invoice_address, delivery_address"),
        # Mamut may keep what it was sent in its own way; what it answered is what counts then.
        (BY_HAND, kept_of(BY_HAND), ""),
        (Header(name="Kim Exempel", invoice_address=" Storgatan  1\r\n", delivery_address="Storgatan 1"), {}, ""),
        # It holds what is to be written already.
        (Header(name="Kim Exempel", invoice_address="Nygatan 9", delivery_address="Nygatan 9"), {}, ""),
    ],
)
def test_an_address_that_somebody_has_typed_in_mamut_is_not_overwritten(
    header: Header, kept: dict[str, bytes], edited: str
) -> None:
    booked = booked_of(order_of(), kept=kept)
    family = (document_of(header=header),)
    plan = judge(case_of(MOVED, family=family, booked=booked, wanted=send_of(draft_of(2, "Nygatan 9"))))
    assert (plan.attend.params.get("edited") if plan.attend else "") == edited
    assert bool(plan.acts) != bool(edited)


def test_a_text_typed_in_mamut_stays_while_the_rows_follow_the_shop() -> None:
    typed = msgspec.structs.replace(document_of().header, packing_text="Ring först")
    plan = judge(case_of(order_of(3), family=(document_of(header=typed),), wanted=send_of(draft_of(3))))
    (update,) = plan.acts
    assert isinstance(update, Update)
    assert update.changes.fields == ("lines",)


def test_the_difference_of_rows_that_are_not_ours_is_shown() -> None:
    plan = judge(case_of(order_of(3), family=(document_of(pieces=4),), wanted=send_of(draft_of(3))))
    assert plan.attend is not None
    shown = {name: plan.attend.params[name] for name in ("edited", "difference", "was", "now")}
    assert shown == {"edited": "rows", "difference": "T-1: 2 → 4", "was": "250.00", "now": "500.00"}


def test_a_record_saved_as_it_was_over_a_new_address_is_seen_when_it_is_looked_at_again() -> None:
    after = booked_of(MOVED, draft=draft_of(2, "Nygatan 9"))
    plan = judge(case_of(MOVED, booked=after, confirms=True))
    assert plan.attend is not None
    assert (plan.attend.reason, plan.attend.params["edited"]) == (
        AfterReason.DOCUMENT_CHANGED,
        "invoice_address, delivery_address",
    )


def test_rows_that_our_own_lost_act_may_have_left_are_ours() -> None:
    pending = booked_of(order_of(4), 4)
    plan = judge(case_of(order_of(3), family=(document_of(pieces=4),), pending=pending, wanted=send_of(draft_of(3))))
    (update,) = plan.acts
    assert isinstance(update, Update)
    assert update.changes.lines == rows_of(3)


def test_edits_are_left_to_a_person_where_the_merchant_wants_that() -> None:
    settings = AftermathSettings(edited=EditedChoice.ATTEND)
    assert attended(judge(case_of(order_of(3), settings=settings))) is AfterReason.EDITED


def test_a_document_that_was_not_made_of_the_order_is_for_a_person_once_the_amounts_differ() -> None:
    assert judge(case_of(order_of(), booked=None)).attend is None
    assert attended(judge(case_of(order_of(3), booked=None))) is AfterReason.NOT_OURS


# -- refunded ---------------------------------------------------------------------------------------------------------


def test_a_refund_of_an_open_document_takes_its_pieces_off_the_rows() -> None:
    refund = refund_of()
    plan = judge(case_of(order_of(), refunds=(refund,), wanted=send_of(draft_of()), backs={55: send_of(draft_of(1))}))
    (update,) = plan.acts
    assert isinstance(update, Update)
    assert update.changes.lines == rows_of(1)
    assert [(given.refund_id, given.way, given.amount) for given in plan.given] == [(55, Way.DOCUMENT, Decimal(125))]
    assert plan.booked is not None
    assert (plan.booked.refunds, plan.booked.total_ore) == ((55,), 12_500)


def test_a_refund_that_the_rows_are_less_by_already_is_no_news() -> None:
    booked = booked_of(order_of(), 1, refunds=(55,))
    case = case_of(order_of(), booked=booked, family=(document_of(pieces=1),), refunds=(refund_of(),))
    assert judge(case) == Plan(said=AfterSaid.NOTHING)


def test_all_of_an_open_document_refunded_cancels_it() -> None:
    plan = judge(case_of(order_of(status="refunded"), refunds=(refund_of(2),)))
    assert plan.acts == (Cancel(order_no=NUMBER),)
    assert [given.way for given in plan.given] == [Way.CANCELLED]


@pytest.mark.parametrize("status", ["invoice", "invoice_not_delivered"])
def test_each_new_refund_of_an_invoice_is_a_credit_note_of_its_own(status: str) -> None:
    refunds = (refund_of(1, 55), refund_of(1, 56))
    backs: dict[int, Send | Stop | None] = {55: send_of(draft_of(1)), 56: send_of(draft_of(1))}
    plan = judge(case_of(order_of(), status, refunds=refunds, backs=backs))
    assert [act.draft.external_no for act in plan.acts if isinstance(act, Credit)] == [
        "butik:1042/r55",
        "butik:1042/r56",
    ]
    (first, _) = plan.acts
    assert isinstance(first, Credit)
    assert [(line.qty, line.line_sum) for line in first.draft.lines] == [(Decimal(-1), Decimal(-100))]
    assert (first.draft.parent, first.draft.issue) == (NUMBER, False)


def test_a_refund_that_is_credited_is_not_credited_again() -> None:
    note = document_of("unissued_credit_note", order_no=NUMBER + 9, kind="credit_note")
    backs: dict[int, Send | Stop | None] = {55: send_of(draft_of(1))}
    found = judge(case_of(order_of(), "invoice", refunds=(refund_of(),), backs=backs, notes={55: note}))
    assert (found.acts, [given.way for given in found.given]) == ((), [Way.NOTE])
    known = judge(case_of(order_of(), "invoice", refunds=(refund_of(),), backs=backs, known={55: "note"}))
    assert known == Plan(said=AfterSaid.NOTHING)


def test_a_credit_note_that_somebody_cancelled_is_theirs() -> None:
    note = document_of("cancelled", order_no=NUMBER + 9, kind="credit_note")
    plan = judge(case_of(order_of(), "invoice", refunds=(refund_of(),), notes={55: note}))
    assert (plan.acts, [given.way for given in plan.given]) == ((), [Way.BY_HAND])


def test_a_refund_of_what_is_delivered_and_not_invoiced_waits() -> None:
    backs: dict[int, Send | Stop | None] = {55: send_of(draft_of(1))}
    plan = judge(case_of(order_of(), "processed_order", refunds=(refund_of(),), backs=backs))
    assert (plan.acts, plan.waits, plan.said) == ((), True, AfterSaid.WAITS_FOR_INVOICE)


@pytest.mark.parametrize(("invoice_no", "notes"), [(5001, 1), (None, 0)])
def test_a_refund_of_an_order_in_parts_is_credited_on_the_part_that_is_invoiced(
    invoice_no: int | None, notes: int
) -> None:
    child = document_of("backorder", order_no=NUMBER + 1, parent=NUMBER)
    root = document_of("processed_order", invoice_no=invoice_no)
    backs: dict[int, Send | Stop | None] = {55: send_of(draft_of(1))}
    plan = judge(case_of(order_of(), family=(root, child), refunds=(refund_of(),), backs=backs))
    assert len(plan.acts) == notes
    assert (attended(plan) is AfterReason.PARTLY_DELIVERED) is not bool(notes)


def test_more_refunded_than_was_paid_or_bought_is_for_a_person() -> None:
    assert attended(judge(case_of(order_of(), "invoice", refunds=(refund_of(3),)))) is AfterReason.REFUNDS_EXCEED
    pieces = msgspec.structs.replace(refund_of(3), amount=Decimal(100))
    assert attended(judge(case_of(order_of(), "invoice", refunds=(pieces,)))) is AfterReason.REFUNDS_EXCEED


@pytest.mark.parametrize("back", [None, Stop(reason=Reason.VAT_CODE_MISSING)])
@pytest.mark.parametrize("status", ["unprocessed_order", "invoice"])
def test_a_refund_whose_rows_cannot_be_told_is_for_a_person(back: Stop | None, status: str) -> None:
    case = case_of(order_of(), status, refunds=(refund_of(),), wanted=send_of(draft_of()), backs={55: back})
    plan = judge(case)
    assert (plan.acts, attended(plan)) == ((), AfterReason.REFUND_UNEXPLAINED)


def test_a_refund_taken_back_after_it_was_credited_is_shown() -> None:
    plan = judge(case_of(order_of(), "invoice", known={55: "note"}))
    assert attended(plan) is AfterReason.REFUND_WITHDRAWN


def test_refunds_are_left_to_a_person_where_the_merchant_wants_that() -> None:
    settings = AftermathSettings(refunded=RefundedChoice.ATTEND)
    for status in ("unprocessed_order", "invoice"):
        plan = judge(case_of(order_of(), status, refunds=(refund_of(),), settings=settings))
        assert (plan.acts, attended(plan)) == ((), AfterReason.REFUNDED)


def test_an_edit_of_an_invoice_does_not_keep_its_refund_from_being_credited() -> None:
    backs: dict[int, Send | Stop | None] = {55: send_of(draft_of(1))}
    plan = judge(
        case_of(
            order_of(street="Nygatan 9"), "invoice", refunds=(refund_of(),), wanted=send_of(draft_of()), backs=backs
        )
    )
    assert (len(plan.acts), attended(plan)) == (1, AfterReason.EDITED)


def test_a_refunds_number_is_the_orders_by_its_id() -> None:
    assert refund_no(SHOP, ORDER, 55) == "butik:1042/r55"
