"""The formula of what a shop may show, number by number."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest

from agent.decide.stock import How, StockFacts, Unbooked, agrees, moved, shop_stock, stock_sum, to_write
from agent.model.goods import ArticleCard, ShopStock, StockCard, StockWord, VariantOf, WarehouseLevel
from agent.settings.tree_goods import AtZero, StockBasis, StockSettings


def article(number: str = "A", **fields: object) -> ArticleCard:
    return ArticleCard(pk=1, product_no=number, description="Vara", **fields)  # type: ignore[arg-type]


def stock(*levels: tuple[str, str], number: str = "A") -> StockCard:
    """On hand and reserved in warehouses 1, 2, …"""
    return StockCard(
        product_no=number,
        levels=tuple(
            WarehouseLevel(warehouse=place, on_hand=Decimal(on_hand), reserved=Decimal(reserved))
            for place, (on_hand, reserved) in enumerate(levels, 1)
        ),
    )


def sold(*pieces: str) -> tuple[Unbooked, ...]:
    return tuple(
        Unbooked(shop="butik", order_id=number, status="processing", qty=Decimal(each))
        for number, each in enumerate(pieces, 1)
    )


def pieces(card: StockCard, settings: StockSettings, *unbooked: str) -> int:
    return stock_sum(StockFacts(card=article(), cards=(card,), unbooked=sold(*unbooked)), settings).pieces


FORMULA: list[tuple[StockCard, StockSettings, tuple[str, ...], int]] = [
    # What is available is on hand less reserved, in all warehouses.
    (stock(("10", "3")), StockSettings(), (), 7),
    (stock(("10", "3"), ("5", "0"), ("2", "2")), StockSettings(), (), 12),
    (stock(("10", "3")), StockSettings(basis=StockBasis.ON_HAND), (), 10),
    # One warehouse may owe what another has.
    (stock(("10", "0"), ("0", "4")), StockSettings(), (), 6),
    # The profile's warehouses alone count.
    (stock(("10", "3"), ("5", "0")), StockSettings(warehouses=(2,)), (), 5),
    (stock(("10", "3"), ("5", "0")), StockSettings(warehouses=(7,)), (), 0),
    (stock(), StockSettings(), (), 0),
    # What has been sold and is not in the figure.
    (stock(("10", "3")), StockSettings(), ("1", "2"), 4),
    (stock(("10", "3")), StockSettings(), ("7",), 0),
    (stock(("10", "3")), StockSettings(), ("8",), 0),
    # The buffer: the larger of pieces and percent, after what has been sold.
    (stock(("10", "0")), StockSettings(buffer=3), ("2",), 5),
    (stock(("10", "0")), StockSettings(buffer=3, buffer_percent=Decimal(50)), (), 5),
    (stock(("10", "0")), StockSettings(buffer=6, buffer_percent=Decimal(50)), (), 4),
    (stock(("10", "0")), StockSettings(buffer=11), (), 0),
    (stock(("10", "0")), StockSettings(buffer_percent=Decimal(15)), (), 8),
    (stock(("10", "0")), StockSettings(buffer_percent=Decimal(100)), (), 0),
    # A buffer in percent of less than nothing adds nothing.
    (stock(("0", "10")), StockSettings(buffer_percent=Decimal(50)), (), 0),
    # This shop's share of what is left.
    (stock(("10", "0")), StockSettings(share_percent=Decimal(50)), (), 5),
    (stock(("11", "0")), StockSettings(share_percent=Decimal(50)), (), 5),
    (stock(("10", "0")), StockSettings(share_percent=Decimal(50), buffer=2), ("2",), 3),
    (stock(("10", "0")), StockSettings(share_percent=Decimal(0)), (), 0),
    # The cap is the last word.
    (stock(("100", "0")), StockSettings(cap=20), (), 20),
    (stock(("100", "0")), StockSettings(cap=20), ("90",), 10),
    (stock(("100", "0")), StockSettings(cap=20, share_percent=Decimal(10)), (), 10),
    # A shop knows whole pieces only.
    (stock(("2.75", "0")), StockSettings(), (), 2),
    (stock(("2.75", "0.80")), StockSettings(), (), 1),
    (stock(("0.99", "0")), StockSettings(), (), 0),
    (stock(("5", "0")), StockSettings(), ("0.5",), 4),
    # Never below nought.
    (stock(("-3", "0")), StockSettings(), (), 0),
    (stock(("-0.5", "0")), StockSettings(), (), 0),
]


@pytest.mark.parametrize(("card", "settings", "unbooked", "shown"), FORMULA)
def test_what_is_shown_is_what_may_be_sold(
    card: StockCard, settings: StockSettings, unbooked: tuple[str, ...], shown: int
) -> None:
    assert pieces(card, settings, *unbooked) == shown


def test_never_more_is_shown_than_what_is_there_less_what_is_sold_and_kept_back() -> None:
    """Over all combinations of a few values of everything."""
    tried = 0
    for on_hand, reserved, sale, buffer, percent, share, cap in product(
        ("-2", "0", "0.5", "1", "7", "100"), ("0", "3"), ("0", "1", "9"), (0, 2), (0, 30), (0, 33, 100), (0, 5)
    ):
        settings = StockSettings(buffer=buffer, buffer_percent=Decimal(percent), share_percent=Decimal(share), cap=cap)
        shown = pieces(stock((on_hand, reserved)), settings, sale)
        may_be_sold = Decimal(on_hand) - Decimal(reserved) - Decimal(sale) - buffer
        assert 0 <= shown <= max(Decimal(0), may_be_sold)
        assert not cap or shown <= cap
        tried += 1
    assert tried == 6 * 2 * 3 * 2 * 2 * 3 * 2


def test_the_sum_tells_every_number_on_the_way() -> None:
    settings = StockSettings(warehouses=(1,), buffer=1, buffer_percent=Decimal(50), share_percent=Decimal(40), cap=3)
    total = stock_sum(
        StockFacts(card=article(), cards=(stock(("20", "2"), ("9", "0")),), unbooked=sold("3", "1")), settings
    )
    assert [(level.warehouse, str(level.on_hand), level.counts) for level in total.levels] == [
        (1, "20", True),
        (2, "9", False),
    ]
    assert [str(each) for each in (total.figure, total.sold, total.left)] == ["18", "4", "14"]
    assert (total.buffer, total.share_percent) == (Decimal(7), Decimal(40))
    assert (total.shared, total.cap, total.pieces) == (2, 3, 2)
    assert [each.order_id for each in total.unbooked] == [1, 2]


ZERO_WORDS = [
    (AtZero.SOLD_OUT, ShopStock(managed=True, quantity=0, word=StockWord.SOLD_OUT)),
    (AtZero.BACKORDER, ShopStock(managed=True, quantity=0, word=StockWord.ON_BACKORDER, backorders="yes")),
    (AtZero.NOTIFY, ShopStock(managed=True, quantity=0, word=StockWord.ON_BACKORDER, backorders="notify")),
    (AtZero.HIDE, ShopStock(managed=True, quantity=0, word=StockWord.SOLD_OUT, hidden=True)),
]


@pytest.mark.parametrize(("choice", "shown"), ZERO_WORDS)
def test_at_zero_the_shop_does_what_the_profile_says(choice: AtZero, shown: ShopStock) -> None:
    facts = StockFacts(card=article(), cards=(stock(("0", "5")),))
    assert shop_stock(stock_sum(facts, StockSettings(at_zero=choice))) == shown


@pytest.mark.parametrize("choice", AtZero)
def test_above_zero_it_is_in_stock_and_shown(choice: AtZero) -> None:
    facts = StockFacts(card=article(), cards=(stock(("5", "0")),))
    shown = shop_stock(stock_sum(facts, StockSettings(at_zero=choice)))
    assert shown is not None
    assert (shown.quantity, shown.word) == (5, StockWord.IN_STOCK)
    assert shown.hidden is (False if choice is AtZero.HIDE else None)


def test_a_product_group_may_say_otherwise_at_zero() -> None:
    settings = StockSettings(at_zero_groups={"7": AtZero.BACKORDER})
    empty = (stock(("0", "0")),)
    assert stock_sum(StockFacts(card=article(group=7), cards=empty), settings).at_zero is AtZero.BACKORDER
    assert stock_sum(StockFacts(card=article(group=8), cards=empty), settings).at_zero is AtZero.SOLD_OUT
    assert stock_sum(StockFacts(card=article(), cards=empty), settings).at_zero is AtZero.SOLD_OUT


# -- what is not counted on the product itself ----------------------------------------------------------------------

MAIN = article("M", properties=("Färg",))
MAIN_BY_VARIANT = article("M", properties=("Färg",), varies_by=("stock",))
VARIANT = article("V", variant=VariantOf(main="M", property1="Blå"))


def test_variants_that_share_stock_are_counted_on_their_main_product() -> None:
    shared = StockFacts(card=MAIN, cards=(stock(("10", "0"), number="M"), stock(("0", "2"), number="V")))
    total = stock_sum(shared, StockSettings())
    assert (total.how, total.pieces) == (How.COUNTED, 8)
    filled = StockFacts(card=MAIN, cards=(stock(("10", "0"), number="M"), stock(("50", "2"), number="V")))
    assert stock_sum(filled, StockSettings()).pieces == 10, "goods of a variant that has none of its own"
    variant = stock_sum(StockFacts(card=VARIANT, main=MAIN, cards=(stock(("0", "2")),)), StockSettings())
    assert variant.how is How.ON_MAIN
    assert shop_stock(variant) == ShopStock(managed=False)


def test_variants_with_stock_of_their_own_are_counted_each() -> None:
    main = stock_sum(StockFacts(card=MAIN_BY_VARIANT, cards=(stock(("10", "0")),)), StockSettings())
    assert main.how is How.BY_VARIANT
    assert shop_stock(main) == ShopStock(managed=False)
    variant = stock_sum(
        StockFacts(card=VARIANT, main=MAIN_BY_VARIANT, cards=(stock(("3", "0"), number="V"),)), StockSettings()
    )
    assert (variant.how, variant.pieces) == (How.COUNTED, 3)


def test_what_keeps_no_stock_can_always_be_bought_or_is_left_alone() -> None:
    service = StockFacts(card=article(keeps_stock=False))
    assert shop_stock(stock_sum(service, StockSettings())) == ShopStock(managed=False)
    assert shop_stock(stock_sum(service, StockSettings(when_not_kept="leave"))) is None


def test_what_has_not_been_read_is_left_alone_but_made_sold_out() -> None:
    unknown = stock_sum(StockFacts(card=article()), StockSettings())
    assert unknown.how is How.UNKNOWN
    assert shop_stock(unknown) is None
    made = shop_stock(unknown, making=True)
    assert made is not None
    assert (made.managed, made.quantity, made.word) == (True, 0, StockWord.SOLD_OUT)


def test_a_shop_that_counts_nothing_is_told_the_word() -> None:
    for on_hand, word in (("4", StockWord.IN_STOCK), ("0", StockWord.SOLD_OUT)):
        total = stock_sum(StockFacts(card=article(), cards=(stock((on_hand, "0")),)), StockSettings())
        assert shop_stock(total, shop_counts=False) == ShopStock(managed=False, word=word)


# -- what must be written -------------------------------------------------------------------------------------------


def shown(quantity: int, *, backorders: str = "no", hidden: bool | None = None) -> ShopStock:
    return ShopStock(managed=True, quantity=quantity, backorders=backorders, hidden=hidden)


@pytest.mark.parametrize(
    ("wanted", "belief", "written"),
    [
        (None, None, None),
        (None, shown(5), None),
        (shown(5), None, shown(5)),
        (shown(5), shown(5), None),
        (shown(5), shown(4), shown(5)),
        (shown(5), ShopStock(managed=False), shown(5)),
        (ShopStock(managed=False), shown(5), ShopStock(managed=False)),
        (ShopStock(managed=False), ShopStock(managed=False), None),
        # Below nought on back orders is as good as nought.
        (shown(0, backorders="yes"), shown(-3, backorders="yes"), None),
        (shown(0), shown(0, backorders="yes"), shown(0)),
        # Visibility.
        (shown(0, hidden=True), shown(0, hidden=False), shown(0, hidden=True)),
        (shown(5, hidden=False), shown(5, hidden=True), shown(5, hidden=False)),
        (shown(5, hidden=False), shown(5, hidden=False), None),
        (shown(5), shown(5, hidden=False), None),
        (shown(5), shown(5, hidden=True), shown(5, hidden=False)),
    ],
)
def test_only_a_difference_is_written(
    wanted: ShopStock | None, belief: ShopStock | None, written: ShopStock | None
) -> None:
    assert to_write(wanted, belief) == written


def test_a_shops_own_sale_moves_what_it_is_believed_to_show() -> None:
    assert moved(shown(5), Decimal(2)).quantity == 3
    assert moved(shown(5), Decimal(-2)).quantity == 7
    assert moved(shown(1), Decimal(1)).word is StockWord.SOLD_OUT
    assert moved(shown(1, backorders="yes"), Decimal(1)).word is StockWord.ON_BACKORDER


def test_what_is_seen_agrees_with_what_is_believed_or_does_not() -> None:
    assert agrees(shown(5), managed=True, quantity=5)
    assert agrees(shown(0), managed=True, quantity=-2)
    assert not agrees(shown(5), managed=True, quantity=4)
    assert not agrees(shown(5), managed=False, quantity=None)
    assert agrees(ShopStock(managed=False), managed=False, quantity=None)
    assert not agrees(ShopStock(managed=False), managed=True, quantity=3)
