"""The rows of a document: each on an article that Mamut holds."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from agent.decide.lines import wanted_articles
from agent.decide.orders import decide
from agent.messages import Send, Stop
from agent.model.mamut import Article
from agent.model.order import Coupon, GiftCard, OrderLine, ShopOrder
from agent.model.reasons import Reason
from agent.settings.tree import ShopSettings
from tests.decide.build import REGISTERS, facts, fee, goods, order, shipping, shop
from tests.decide.totalling import mamut_total


def sent(bought: ShopOrder, settings: ShopSettings | None = None, *absent: str, **inactive: bool) -> Send:
    decision = decided(bought, settings, *absent, **inactive)
    assert isinstance(decision, Send), decision
    return decision


def stopped(bought: ShopOrder, settings: ShopSettings | None = None, *absent: str, **inactive: bool) -> Stop:
    decision = decided(bought, settings, *absent, **inactive)
    assert isinstance(decision, Stop), decision
    return decision


def decided(bought: ShopOrder, settings: ShopSettings | None, *absent: str, **inactive: bool) -> Any:
    """With every article there but those named; keywords name inactive ones."""
    chosen = settings or shop()
    known = facts(bought, chosen)
    articles = {
        number: msgspec.structs.replace(article, inactive=number in inactive)
        for number, article in known.articles.items()
        if number not in absent
    }
    return decide(bought, msgspec.structs.replace(known, articles=articles), chosen)


def rows(send: Send) -> list[tuple[str, str, str]]:
    return [(line.product_no, str(line.qty), str(line.line_sum)) for line in send.draft.lines]


def test_goods_shipping_and_fees_each_have_their_article() -> None:
    send = sent(order(goods("200.00", quantity=Decimal(2)), shipping("40.00"), fee("-20.00")))
    assert rows(send) == [("A-1", "2", "200.000"), ("FRAKT", "1", "40.000"), ("AVGIFT", "1", "-20.000")]


def test_a_row_is_on_the_number_as_mamut_writes_it() -> None:
    bought = order(goods(article_no="a-1"))
    known = facts(bought, articles={"a-1": Article(product_no="A-1")})
    decision = decide(bought, known, shop())
    assert isinstance(decision, Send)
    assert decision.draft.lines[0].product_no == "A-1"


def test_an_unknown_article_holds_the_order() -> None:
    stop = stopped(order(), None, "A-1")
    assert (stop.reason, stop.params["article"]) == (Reason.ARTICLE_UNKNOWN, "A-1")


def test_an_inactive_article_holds_the_order_because_mamut_would_change_it_silently() -> None:
    stop = stopped(order(goods(article_no="B")), None, B=True)
    assert (stop.reason, stop.params["article"]) == (Reason.ARTICLE_INACTIVE, "B")


@pytest.mark.parametrize("unknown", ["hold", "create"])
def test_goods_without_a_number_hold_the_order(unknown: str) -> None:
    stop = stopped(order(goods(article_no="")), shop(articles={"unknown": unknown}))
    assert stop.reason is Reason.ARTICLE_MISSING


def test_an_unknown_article_is_made_with_its_name_and_vat_where_the_merchant_wants_it() -> None:
    bought = order(goods("80.00", 12, name="Te, 100 g"), goods("10.00", 12, name="Te, 100 g"))
    send = sent(bought, shop(articles={"unknown": "create"}), "A-1")
    assert send.create_articles == (Article(product_no="A-1", description="Te, 100 g", vat_code=12),)
    assert [line.product_no for line in send.draft.lines] == ["A-1", "A-1"]


@pytest.mark.parametrize("number", ["X" * 51, "Łódź-1"])
def test_an_article_that_mamut_could_not_keep_under_its_number_is_not_made(number: str) -> None:
    stop = stopped(order(goods(article_no=number)), shop(articles={"unknown": "create"}), number)
    assert stop.reason is Reason.ARTICLE_UNKNOWN


def test_an_inactive_article_is_not_made_again() -> None:
    stop = stopped(order(goods(article_no="B")), shop(articles={"unknown": "create"}), B=True)
    assert stop.reason is Reason.ARTICLE_INACTIVE


@pytest.mark.parametrize("absent", ["A-1", ""])
def test_a_general_article_takes_what_has_none_and_says_so(absent: str) -> None:
    settings = shop(articles={"unknown": "general", "general": "DIVERSE"})
    send = sent(order(goods(article_no=absent, name="Udda vara")), settings, "A-1")
    assert (send.draft.lines[0].product_no, send.draft.lines[0].description) == ("DIVERSE", "Udda vara")
    assert [note.code for note in send.notes] == ["general_article_used"]


def test_a_general_article_that_is_not_there_holds_the_order() -> None:
    settings = shop(articles={"unknown": "general", "general": "DIVERSE"})
    stop = stopped(order(), settings, "A-1", "DIVERSE")
    assert (stop.reason, stop.params["article"]) == (Reason.ARTICLE_UNKNOWN, "DIVERSE")


def test_articles_for_shipping_and_fees_are_made_when_they_are_missing() -> None:
    send = sent(order(goods(), shipping(), fee()), None, "FRAKT", "AVGIFT")
    assert [article.product_no for article in send.create_articles] == ["FRAKT", "AVGIFT"]


def test_articles_for_shipping_are_not_made_where_the_merchant_does_not_want_it() -> None:
    stop = stopped(order(goods(), shipping()), shop(articles={"create_service": False}), "FRAKT")
    assert (stop.reason, stop.params["article"]) == (Reason.ARTICLE_UNKNOWN, "FRAKT")


def test_a_shipping_method_may_have_an_article_of_its_own() -> None:
    settings = shop(orders={"shipping_methods": {"flat_rate": {"article": "FRAKT-DHL"}}})
    assert rows(sent(order(shipping("40.00")), settings)) == [("FRAKT-DHL", "1", "40.000")]


def test_shipping_for_nothing_is_no_row() -> None:
    assert len(sent(order(goods(), shipping("0.00"))).draft.lines) == 1


def test_a_discount_is_in_the_row_and_its_percentage_beside() -> None:
    line = sent(order(goods("80.00", subtotal=Decimal("100.00")))).draft.lines[0]
    assert (line.line_sum, line.discount_percent) == (Decimal("80.000"), Decimal("20.00"))


def test_discounts_as_rows_are_one_for_each_vat_code_and_name_the_coupons() -> None:
    bought = order(
        goods("80.00", 25, subtotal=Decimal("100.00")),
        goods("45.00", 12, subtotal=Decimal("50.00")),
        goods("10.00", 25),
        coupons=(Coupon(code="sommar", discount=Decimal(25)), Coupon(code="vän", discount=Decimal(0))),
    )
    send = sent(bought, shop(orders={"discounts": "row"}))
    assert rows(send)[3:] == [("RABATT", "1", "-20.000"), ("RABATT", "1", "-5.000")]
    assert [line.vat_code for line in send.draft.lines] == [11, 12, 11, 11, 12]
    assert send.draft.lines[3].description == "Rabatt: sommar, vän"
    assert mamut_total(send.draft.lines, REGISTERS) == bought.total


def test_the_proof_of_discount_rows_shows_the_shops_vat_beside_mamuts() -> None:
    bought = order(goods("80.00", 25, subtotal=Decimal("100.00")), goods("45.00", 12, subtotal=Decimal("50.00")))
    for settings in (shop(orders={"discounts": "row"}), shop()):
        vats = sent(bought, settings).proof.vats
        assert [(row.percent, row.base, row.mamut_vat, row.shop_vat) for row in vats] == [
            (Decimal(25), Decimal("80.000"), Decimal("20.00"), Decimal("20.00")),
            (Decimal(12), Decimal("45.000"), Decimal("5.40"), Decimal("5.40")),
        ]


def test_a_price_raised_by_hand_is_no_discount() -> None:
    send = sent(order(goods("120.00", subtotal=Decimal("100.00"))), shop(orders={"discounts": "row"}))
    assert rows(send) == [("A-1", "1", "120.000")]


def test_goods_given_away_are_discounted_whole() -> None:
    send = sent(order(goods("0.00", 25, "0.00", subtotal=Decimal("100.00"))), shop(orders={"discounts": "row"}))
    assert rows(send) == [("A-1", "1", "100.000"), ("RABATT", "1", "-100.000")]


CARD = (GiftCard(code="ABCD-EFGH-1234", amount=Decimal("30.00")),)


def test_a_gift_card_is_a_row_without_vat_that_does_not_show_its_code() -> None:
    bought = order(goods("80.00"), gift_cards=CARD, total=Decimal("70.00"))
    send = sent(bought, shop(articles={"gift_card": "PRESENTKORT"}))
    line = send.draft.lines[1]
    assert (line.product_no, line.line_sum, line.vat_code) == ("PRESENTKORT", Decimal("-30.000"), 1)
    assert line.description == "Presentkort …1234"


def test_a_gift_card_without_an_article_holds_the_order() -> None:
    stop = stopped(order(goods("80.00"), gift_cards=CARD, total=Decimal("70.00")))
    assert stop.reason is Reason.GIFT_CARD_UNMAPPED


@pytest.mark.parametrize("quantity", ["1.255", "0.001", "0"])
def test_a_quantity_that_mamut_cannot_keep_holds_the_order(quantity: str) -> None:
    stop = stopped(order(goods(quantity=Decimal(quantity))))
    assert stop.reason is Reason.QUANTITY_DECIMALS


@pytest.mark.parametrize("quantity", ["1.25", "2.50", "3", "-1"])
def test_a_quantity_of_two_decimals_goes_as_it_is(quantity: str) -> None:
    assert sent(order(goods(quantity=Decimal(quantity)))).draft.lines[0].qty == Decimal(quantity)


def test_an_empty_row_is_left_out_and_noted() -> None:
    send = sent(order(goods("0.00", quantity=Decimal(0)), goods()))
    assert len(send.draft.lines) == 1
    assert [note.code for note in send.notes] == ["empty_line_left_out"]


def test_a_long_name_is_shortened_and_noted_with_its_field() -> None:
    send = sent(order(goods(name="Vinterjacka " * 8)))
    assert len(send.draft.lines[0].description) <= 60
    assert [(note.code, note.field) for note in send.notes] == [("text_shortened", "description")]


def test_a_reason_never_tells_what_the_customer_had_written_on_the_goods() -> None:
    stop = stopped(order(goods(article_no="", name="Namnskylt, Text: Familjen Öberg")))
    assert stop.params["line"] == "Namnskylt"


@pytest.mark.parametrize(
    ("lines", "settings", "numbers"),
    [
        ((goods(),), {}, {"A-1", "ORESAVR"}),
        ((goods(), shipping(), fee()), {}, {"A-1", "ORESAVR", "FRAKT", "AVGIFT"}),
        ((goods(),), {"orders": {"discounts": "row"}}, {"A-1", "ORESAVR", "RABATT"}),
        ((goods(),), {"articles": {"unknown": "create", "general": "DIVERSE"}}, {"A-1", "ORESAVR"}),
        ((goods(),), {"articles": {"unknown": "general", "general": "DIVERSE"}}, {"A-1", "ORESAVR", "DIVERSE"}),
    ],
)
def test_only_what_the_rows_may_need_is_looked_up(
    lines: tuple[OrderLine, ...], settings: dict[str, Any], numbers: set[str]
) -> None:
    assert set(wanted_articles(order(*lines), shop(**settings))) == numbers
