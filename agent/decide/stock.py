"""How many pieces a shop may show of an article: Mamut's figure less what it does not know of yet, by the profile.

    figure   = what the profile's warehouses have available (on hand less reserved), or on hand
    left     = figure - sold, where sold is what all shops have sold that the figure does not know yet
    shared   = (left - buffer) x share percent, whole pieces, never more than the cap
    pieces   = shared, and 0 where that is below

Whatever is in doubt is taken as sold: a shop shows too few rather than too many.
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from enum import StrEnum

import msgspec

from agent.model.goods import ArticleCard, ShopStock, StockCard, StockWord
from agent.model.money import ZERO
from agent.model.order import Frozen
from agent.settings.tree_goods import AtZero, StockBasis, StockSettings

_HUNDRED = Decimal(100)

STOCK = "stock"
"""The word in a main article's `varies_by` that says that its variants are counted each."""


class How(StrEnum):
    """How a shop shows an article's stock."""

    COUNTED = "counted"
    ON_MAIN = "on_main"
    """A variant that shares the main article's stock: the shop counts on the main product."""
    BY_VARIANT = "by_variant"
    """A main article whose variants are counted each: the shop counts nothing on the main product."""
    NOT_KEPT = "not_kept"
    LEFT_ALONE = "left_alone"
    """It keeps no stock, and the profile says that the shop's own word stands."""
    UNKNOWN = "unknown"
    """It keeps stock, but Mamut's figure has not been read."""


class Unbooked(Frozen, frozen=True):
    """Pieces that an order of a shop has taken and that Mamut's figure does not know of. `why` is the code of the
    order's reason, "transferred" where its document was made or changed after the figure was read, "added" where the
    order has gained them and its document has not, "" where it has only been seen among the sales."""

    shop: str
    order_id: int
    status: str
    qty: Decimal
    why: str = ""


class StockFacts(Frozen, frozen=True):
    """What the decision needs. `main` is a variant's main article. `cards` are the stock cards that make the figure:
    the article's own first, then those of its variants where they share one stock; empty where its own has not been
    read. `known_ms` is when Mamut was asked for the oldest of them, by our clock."""

    card: ArticleCard
    main: ArticleCard | None = None
    cards: tuple[StockCard, ...] = ()
    unbooked: tuple[Unbooked, ...] = ()
    known_ms: int | None = None


class CountedLevel(Frozen, frozen=True):
    """One article in one warehouse. `counts` is false where the profile leaves the warehouse out."""

    product_no: str
    warehouse: int
    on_hand: Decimal
    reserved: Decimal
    counts: bool


class StockSum(Frozen, frozen=True):
    """The whole arithmetic, from the warehouses to what is shown. `buffer` is the larger of the profile's two; `cap` 0
    means none. `pieces` is what the shop is to show, 0 where it counts nothing."""

    product_no: str
    how: How
    levels: tuple[CountedLevel, ...] = ()
    basis: StockBasis = StockBasis.AVAILABLE
    figure: Decimal = ZERO
    unbooked: tuple[Unbooked, ...] = ()
    sold: Decimal = ZERO
    left: Decimal = ZERO
    buffer: Decimal = ZERO
    share_percent: Decimal = _HUNDRED
    shared: int = 0
    cap: int = 0
    pieces: int = 0
    at_zero: AtZero = AtZero.SOLD_OUT
    known_ms: int | None = None


def shares_stock(main: ArticleCard) -> bool:
    """Whether all variants of this main article draw on one stock."""
    return STOCK not in main.varies_by


def stock_sum(facts: StockFacts, settings: StockSettings) -> StockSum:
    """What a shop with this profile may show of the article, with all that leads there."""
    card = facts.card
    how = _how(facts, settings)
    if how is not How.COUNTED:
        return StockSum(product_no=card.product_no, how=how, known_ms=facts.known_ms)
    levels = tuple(_levels(facts.cards, settings))
    figure = sum((_of(level, settings.basis, card.product_no) for level in levels if level.counts), ZERO)
    sold = sum((each.qty for each in facts.unbooked), ZERO)
    left = figure - sold
    buffer = max(Decimal(settings.buffer), left * settings.buffer_percent / _HUNDRED, ZERO)
    shared = _whole((left - buffer) * settings.share_percent / _HUNDRED)
    capped = min(shared, settings.cap) if settings.cap else shared
    return StockSum(
        product_no=card.product_no,
        how=how,
        levels=levels,
        basis=settings.basis,
        figure=figure,
        unbooked=facts.unbooked,
        sold=sold,
        left=left,
        buffer=buffer,
        share_percent=settings.share_percent,
        shared=shared,
        cap=settings.cap,
        pieces=max(0, capped),
        at_zero=_at_zero(card, settings),
        known_ms=facts.known_ms,
    )


def shop_stock(total: StockSum, *, making: bool = False, shop_counts: bool = True) -> ShopStock | None:
    """What is to stand in the shop; None where its own word is left alone.

    A product that is being made (`making`) whose figure is not known is made sold out: a shop that counts nothing would
    sell any number of it. A shop that counts no stock at all (`shop_counts` false) is told the word alone.
    """
    match total.how:
        case How.COUNTED if not shop_counts:
            counted = _counted(total)
            return ShopStock(managed=False, word=counted.word, hidden=counted.hidden)
        case How.COUNTED:
            return _counted(total)
        case How.UNKNOWN if making and not shop_counts:
            return ShopStock(managed=False, word=StockWord.SOLD_OUT)
        case How.UNKNOWN if making:
            return ShopStock(managed=True, quantity=0, word=StockWord.SOLD_OUT)
        case How.UNKNOWN | How.LEFT_ALONE:
            return None
        case How.ON_MAIN | How.BY_VARIANT | How.NOT_KEPT:
            return ShopStock(managed=False)


def to_write(wanted: ShopStock | None, belief: ShopStock | None) -> ShopStock | None:
    """What must be written so that the shop shows what is wanted; None when it is believed to show that already.

    A shop that has gone below nought on back orders shows nought as good as any other figure, and its word follows
    from the figure, so neither is a difference. What was hidden by an earlier profile is shown again.
    """
    if wanted is None:
        return None
    if belief is not None and belief.hidden and wanted.hidden is None:
        return msgspec.structs.replace(wanted, hidden=False)
    return None if belief is not None and _shown(wanted) == _shown(belief, wanted) else wanted


def moved(belief: ShopStock, taken: Decimal) -> ShopStock:
    """What the shop shows after its own orders have taken so many pieces, negative when they gave some back."""
    quantity = belief.quantity - int(taken)
    return msgspec.structs.replace(belief, quantity=quantity, word=word_of(quantity, belief.backorders))


def agrees(belief: ShopStock, *, managed: bool, quantity: int | None) -> bool:
    """Whether a product that was looked at shows what was believed."""
    if not belief.managed:
        return not managed
    return managed and quantity is not None and max(0, quantity) == max(0, belief.quantity)


# -- the parts ---------------------------------------------------------------------------------------------------------


def _how(facts: StockFacts, settings: StockSettings) -> How:
    card, main = facts.card, facts.main
    keeps = card.keeps_stock if main is None or not shares_stock(main) else main.keeps_stock
    if card.properties and not shares_stock(card):
        return How.BY_VARIANT
    if not keeps:
        return How.LEFT_ALONE if settings.when_not_kept == "leave" else How.NOT_KEPT
    if main is not None and shares_stock(main):
        return How.ON_MAIN
    return How.COUNTED if facts.cards else How.UNKNOWN


def _levels(cards: tuple[StockCard, ...], settings: StockSettings) -> list[CountedLevel]:
    return [
        CountedLevel(
            product_no=card.product_no,
            warehouse=level.warehouse,
            on_hand=level.on_hand,
            reserved=level.reserved,
            counts=not settings.warehouses or level.warehouse in settings.warehouses,
        )
        for card in cards
        for level in card.levels
    ]


def _of(level: CountedLevel, basis: StockBasis, product_no: str) -> Decimal:
    """Of a variant that shares the stock only what it owes is counted: its main article holds the goods."""
    figure = level.on_hand if basis is StockBasis.ON_HAND else level.on_hand - level.reserved
    return figure if level.product_no == product_no else min(ZERO, figure)


def _whole(pieces: Decimal) -> int:
    return int(pieces.to_integral_value(rounding=ROUND_FLOOR))


def _at_zero(card: ArticleCard, settings: StockSettings) -> AtZero:
    if card.group is None:
        return settings.at_zero
    return settings.at_zero_groups.get(str(card.group), settings.at_zero)


_BACKORDERS = {AtZero.BACKORDER: "yes", AtZero.NOTIFY: "notify"}


def _counted(total: StockSum) -> ShopStock:
    """Back orders are allowed before the last piece is gone too, or the shop would refuse the order that takes it and
    one more until we come by."""
    backorders = _BACKORDERS.get(total.at_zero, "no")
    return ShopStock(
        managed=True,
        quantity=total.pieces,
        word=word_of(total.pieces, backorders),
        backorders=backorders,
        hidden=total.pieces == 0 if total.at_zero is AtZero.HIDE else None,
    )


def word_of(quantity: int, backorders: str) -> StockWord:
    """What a shop says of so many pieces."""
    if quantity > 0:
        return StockWord.IN_STOCK
    return StockWord.SOLD_OUT if backorders == "no" else StockWord.ON_BACKORDER


def _shown(stock: ShopStock, wanted: ShopStock | None = None) -> tuple[object, ...]:
    """What can differ. Where the wanted one leaves visibility alone, so does the comparison."""
    hidden = stock.hidden if wanted is None or wanted.hidden is not None else None
    if not stock.managed:
        return (False, stock.word, hidden)
    return (True, max(0, stock.quantity), stock.backorders, hidden)
