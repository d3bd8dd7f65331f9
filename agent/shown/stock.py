"""One article's stock: the formula with its numbers, shop by shop, at the command line and in the admin."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import apsw

from agent.decide.goods_rules import GoodsRules, stocked
from agent.decide.stock import CountedLevel, How, StockSum, Unbooked
from agent.flows import DirectionName
from agent.journal import directions, links, sales, stock_facts
from agent.model.catalogue import explain
from agent.model.goods import ShopStock, StockWord
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.reasons import Reason
from agent.model.words import Language, Words, words
from agent.settings.given import given
from agent.settings.tree import Settings, ShopSettings
from agent.settings.tree_goods import AtZero, StockBasis
from agent.shown.figures import moment_ms


class ShopSum(Frozen, frozen=True):
    """What one shop may show, and what it is believed to show. `unread` are shops whose sales are not known yet."""

    shop: str
    total: StockSum
    wanted: ShopStock | None
    believed: ShopStock | None
    linked: bool
    paused: bool
    unread: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    """The merchant's rules that had a hand in it, or hold it."""


class Figure(Frozen, frozen=True):
    """A row of the sum. `value` is None for what is not counted; `ruled` begins a part of its own."""

    text: str
    value: Decimal | None
    ruled: bool = False


def stocking(settings: Settings) -> list[ShopSettings]:
    """The shops that show Mamut's stock."""
    return [shop for shop in settings.shop if DirectionName.STOCK_TO_SHOP in given(settings, shop)]


def shop_sum(tx: apsw.Connection, settings: Settings, shop: ShopSettings, pk: int) -> ShopSum:
    """The sum as the agent would make it now. Raises KeyError when the register has no such article."""
    selling = tuple(each.key for each in settings.shop if each.enabled)
    facts = stock_facts.of(tx, [pk], selling)[pk]
    # Without mappings, which are about products and never about stock.
    found = stocked(GoodsRules(shop), facts, shop.stock)
    key = ShopKey(shop.key)
    link = links.get(tx, key, pk)
    return ShopSum(
        shop=shop.key,
        total=found.total,
        wanted=found.stock,
        believed=None if link is None else link.stock,
        linked=link is not None,
        paused=bool(directions.get(tx, key, DirectionName.STOCK_TO_SHOP).paused),
        unread=tuple(sales.unread(tx, selling)),
        rules=found.by if found.stop is None else (found.stop.params.get("rule", ""),),
    )


_HOWS: dict[How, Words] = {
    How.ON_MAIN: words(
        "Varianterna delar ett saldo, som räknas på huvudartikeln.",
        "The variants share one stock, which is counted on the main article.",
    ),
    How.BY_VARIANT: words(
        "Varianterna har egna saldon; huvudprodukten har inget.",
        "The variants have stock of their own; the main product has none.",
    ),
    How.NOT_KEPT: words(
        "Artikeln lagerförs inte i Mamut och kan alltid köpas.",
        "The article keeps no stock in Mamut and can always be bought.",
    ),
    How.LEFT_ALONE: words(
        "Artikeln lagerförs inte i Mamut; butikens eget ord får stå.",
        "The article keeps no stock in Mamut; the shop's own word stands.",
    ),
    How.UNKNOWN: words("Mamuts saldo har inte lästs än.", "Mamut's stock has not been read yet."),
}

_AT_ZERO: dict[AtZero, Words] = {
    AtZero.SOLD_OUT: words("slut i lager", "sold out"),
    AtZero.BACKORDER: words("kan restnoteras", "can be backordered"),
    AtZero.NOTIFY: words("kan restnoteras, kunden får veta det", "can be backordered, the customer is told"),
    AtZero.HIDE: words("döljs", "hidden"),
}

_WORDS: dict[StockWord, Words] = {
    StockWord.IN_STOCK: words("finns, räknas inte", "in stock, not counted"),
    StockWord.SOLD_OUT: words("slut, räknas inte", "sold out, not counted"),
    StockWord.ON_BACKORDER: words("restnoteras, räknas inte", "on backorder, not counted"),
}

_TRANSFERRED = words("i Mamut, men saldot lästes innan", "in Mamut, but the stock was read before")
_ADDED = words("tillagda efter överföringen, inte i Mamut", "added after the transfer, not in Mamut")
_NOT_SEEN = words("sedd bland försäljningen, inte läst än", "seen among the sales, not read yet")


def sum_lines(each: ShopSum, language: Language) -> Iterator[Figure | str]:
    """From the warehouses to what the shop shows: rows of figures, and sentences beside them."""
    if each.total.how is not How.COUNTED:
        yield _HOWS[each.total.how].in_(language)
    else:
        yield from _formula(each.total, language)
    yield from _belief(each, language)
    if each.unread:
        shops = ", ".join(each.unread)
        yield words(
            f"Inget skrivs förrän försäljningen är läst i {shops}.",
            f"Nothing is written until the sales have been read of {shops}.",
        ).in_(language)


def _formula(total: StockSum, language: Language) -> Iterator[Figure | str]:
    for level in total.levels:
        yield _level(total, level, language)
    read = moment_ms(total.known_ms)
    known = words(f"Mamuts saldo, läst {read}", f"Mamut's figure, read {read}").in_(language)
    yield Figure(text=known, value=total.figure, ruled=True)
    for sale in total.unbooked:
        yield Figure(text=f"  {sale.shop} {sale.order_id}, {sale.status}: {_why(sale, language)}", value=-sale.qty)
    yield Figure(text=words("Kvar att sälja", "Left to sell").in_(language), value=total.left)
    if total.buffer:
        yield Figure(text=words("Buffert", "Buffer").in_(language), value=-total.buffer)
    if total.share_percent != 100:
        share = figure(total.share_percent, language)
        text = words(f"Butikens del: {share} %, hela", f"The shop's share: {share} %, whole pieces")
        yield Figure(text=text.in_(language), value=Decimal(total.shared))
    if total.cap:
        yield Figure(text=words("Tak", "Cap").in_(language), value=Decimal(total.cap))
    yield Figure(text=words("Ska visas", "To be shown").in_(language), value=Decimal(total.pieces), ruled=True)
    if not total.pieces:
        yield f"{words('Vid noll', 'At zero').in_(language)}: {_AT_ZERO[total.at_zero].in_(language)}"


def _level(total: StockSum, level: CountedLevel, language: Language) -> Figure:
    whose = "" if level.product_no == total.product_no else f"{level.product_no}, "
    place = words(f"{whose}lager {level.warehouse}", f"{whose}warehouse {level.warehouse}").in_(language)
    on_hand, reserved = figure(level.on_hand, language), figure(level.reserved, language)
    if total.basis is StockBasis.ON_HAND:
        text = words(f"{place}: {on_hand} finns", f"{place}: {on_hand} on hand").in_(language)
        value = level.on_hand
    else:
        text = words(
            f"{place}: {on_hand} finns − {reserved} reserverat", f"{place}: {on_hand} on hand − {reserved} reserved"
        ).in_(language)
        value = level.on_hand - level.reserved
    if not level.counts:
        return Figure(text=f"{text} ({words('räknas inte', 'not counted').in_(language)})", value=None)
    if level.product_no != total.product_no and value > 0:
        held = words("huvudartikeln har varorna", "the main article has the goods").in_(language)
        return Figure(text=f"{text} ({held})", value=None)
    return Figure(text=text, value=value)


def _belief(each: ShopSum, language: Language) -> Iterator[Figure | str]:
    if not each.linked:
        yield words("Butiken har ingen produkt för artikeln.", "The shop has no product for the article.").in_(language)
        return
    if each.rules:
        names = ", ".join(each.rules)
        stands = "–" if each.wanted is None else str(each.wanted.quantity)
        yield words(f"Efter reglerna {names}: {stands}", f"After the rules {names}: {stands}").in_(language)
    label = words("Butiken visar, så vitt vi vet", "The shop shows, as far as we know").in_(language)
    if each.believed is not None and each.believed.managed:
        yield Figure(text=label, value=Decimal(each.believed.quantity))
    else:
        yield f"{label}: {believed_text(each.believed, language)}"


def believed_text(stock: ShopStock | None, language: Language) -> str:
    """What a shop shows, in a word where it counts nothing."""
    if stock is None:
        return words("okänt; skrivs om", "not known; is written again").in_(language)
    return str(stock.quantity) if stock.managed else _WORDS[stock.word].in_(language)


def _why(sale: Unbooked, language: Language) -> str:
    if sale.why == "transferred":
        return _TRANSFERRED.in_(language)
    if sale.why == "added":
        return _ADDED.in_(language)
    if sale.why not in tuple(reason.value for reason in Reason):
        return _NOT_SEEN.in_(language)
    return f"{sale.why} {explain(Reason(sale.why), language).title}"


def figure(value: Decimal, language: Language) -> str:
    """Pieces without needless decimals, a real minus sign."""
    text = f"{value.normalize() + 0:f}".replace("-", "−")
    return text.replace(".", ",") if language is Language.SWEDISH else text
