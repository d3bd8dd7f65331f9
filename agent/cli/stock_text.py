"""One article's stock as text and as JSON: the formula with its numbers, shop by shop."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from agent.decide.stock import How, StockSum, Unbooked
from agent.model.catalogue import explain
from agent.model.goods import ArticleCard, ShopStock, StockWord
from agent.model.order import Frozen
from agent.model.reasons import Reason
from agent.model.words import Language, Words, words
from agent.settings.tree_goods import AtZero, StockBasis
from agent.shown.figures import iso_ms, moment_ms

TEXT_WIDTH = 58
FIGURE_WIDTH = 10


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


def stock_lines(card: ArticleCard, sums: list[ShopSum], language: Language) -> Iterator[str]:
    yield f"{words('Artikel', 'Article').in_(language)} {card.product_no} · {card.description} · pk {card.pk}"
    for each in sums:
        yield ""
        yield from _shop_lines(each, language)


def _shop_lines(each: ShopSum, language: Language) -> Iterator[str]:
    total = each.total
    paused = words(" · pausad", " · paused").in_(language) if each.paused else ""
    yield f"{words('Butik', 'Shop').in_(language)} {each.shop}{paused}"
    if total.how is not How.COUNTED:
        yield f"  {_HOWS[total.how].in_(language)}"
    else:
        yield from _formula(total, language)
    yield from _belief(each, language)
    if each.unread:
        shops = ", ".join(each.unread)
        text = words(
            f"Inget skrivs förrän försäljningen är läst i {shops}.",
            f"Nothing is written until the sales have been read of {shops}.",
        )
        yield f"  {text.in_(language)}"


def _formula(total: StockSum, language: Language) -> Iterator[str]:
    for level in total.levels:
        whose = "" if level.product_no == total.product_no else f"{level.product_no}, "
        place = words(f"{whose}lager {level.warehouse}", f"{whose}warehouse {level.warehouse}").in_(language)
        on_hand, reserved = figure(level.on_hand, language), figure(level.reserved, language)
        if total.basis is StockBasis.ON_HAND:
            text = words(f"{place}: {on_hand} finns", f"{place}: {on_hand} on hand")
            value = level.on_hand
        else:
            text = words(
                f"{place}: {on_hand} finns − {reserved} reserverat",
                f"{place}: {on_hand} on hand − {reserved} reserved",
            )
            value = level.on_hand - level.reserved
        if not level.counts:
            left_out = words("räknas inte", "not counted").in_(language)
            yield f"  {f'{text.in_(language)} ({left_out})':<{TEXT_WIDTH}}{'–':>{FIGURE_WIDTH}}"
        elif level.product_no != total.product_no and value > 0:
            held = words("huvudartikeln har varorna", "the main article has the goods").in_(language)
            yield f"  {f'{text.in_(language)} ({held})':<{TEXT_WIDTH}}{'–':>{FIGURE_WIDTH}}"
        else:
            yield _row(text.in_(language), value, language)
    yield _rule()
    read = moment_ms(total.known_ms)
    yield _row(
        words(f"Mamuts saldo, läst {read}", f"Mamut's figure, read {read}").in_(language), total.figure, language
    )
    for sale in total.unbooked:
        yield _row(f"  {sale.shop} {sale.order_id}, {sale.status}: {_why(sale, language)}", -sale.qty, language)
    yield _row(words("Kvar att sälja", "Left to sell").in_(language), total.left, language)
    if total.buffer:
        yield _row(words("Buffert", "Buffer").in_(language), -total.buffer, language)
    if total.share_percent != 100:
        share = figure(total.share_percent, language)
        text = words(f"Butikens del: {share} %, hela", f"The shop's share: {share} %, whole pieces")
        yield _row(text.in_(language), Decimal(total.shared), language)
    if total.cap:
        yield _row(words("Tak", "Cap").in_(language), Decimal(total.cap), language)
    yield _rule()
    yield _row(words("Ska visas", "To be shown").in_(language), Decimal(total.pieces), language)
    if not total.pieces:
        yield f"  {words('Vid noll', 'At zero').in_(language)}: {_AT_ZERO[total.at_zero].in_(language)}"


def _belief(each: ShopSum, language: Language) -> Iterator[str]:
    if not each.linked:
        text = words("Butiken har ingen produkt för artikeln.", "The shop has no product for the article.")
        yield f"  {text.in_(language)}"
        return
    label = words("Butiken visar, så vitt vi vet", "The shop shows, as far as we know").in_(language)
    if each.rules:
        names = ", ".join(each.rules)
        stands = "–" if each.wanted is None else str(each.wanted.quantity)
        yield words(f"  Efter reglerna {names}: {stands}", f"  After the rules {names}: {stands}").in_(language)
    if each.believed is None:
        unknown = words("okänt; skrivs om", "not known; is written again").in_(language)
        yield f"  {label}: {unknown}"
    elif each.believed.managed:
        yield _row(label, Decimal(each.believed.quantity), language)
    else:
        yield f"  {label}: {_WORDS[each.believed.word].in_(language)}"


def _why(sale: Unbooked, language: Language) -> str:
    if sale.why == "transferred":
        return _TRANSFERRED.in_(language)
    if sale.why == "added":
        return _ADDED.in_(language)
    if sale.why not in tuple(reason.value for reason in Reason):
        return _NOT_SEEN.in_(language)
    return f"{sale.why} {explain(Reason(sale.why), language).title}"


def _row(text: str, value: Decimal, language: Language) -> str:
    cut = text if len(text) < TEXT_WIDTH else text[: TEXT_WIDTH - 2] + "…"
    return f"  {cut:<{TEXT_WIDTH}}{figure(value, language):>{FIGURE_WIDTH}}"


def _rule() -> str:
    return "  " + " " * TEXT_WIDTH + "─" * FIGURE_WIDTH


def figure(value: Decimal, language: Language) -> str:
    """Pieces without needless decimals, a real minus sign."""
    text = f"{value.normalize() + 0:f}".replace("-", "−")
    return text.replace(".", ",") if language is Language.SWEDISH else text


# -- JSON --------------------------------------------------------------------------------------------------------------


def stock_json(card: ArticleCard, sums: list[ShopSum]) -> dict[str, object]:
    """Decimals are strings, pieces that a shop shows whole numbers."""
    return {
        "product_no": card.product_no,
        "pk": card.pk,
        "description": card.description,
        "shops": [_shop_json(each) for each in sums],
    }


def _shop_json(each: ShopSum) -> dict[str, object]:
    total = each.total
    return {
        "shop": each.shop,
        "paused": each.paused,
        "sales_unread": list(each.unread),
        "how": total.how,
        "basis": total.basis,
        "read_at": iso_ms(total.known_ms),
        "warehouses": [
            {
                "product_no": level.product_no,
                "warehouse": level.warehouse,
                "on_hand": str(level.on_hand),
                "reserved": str(level.reserved),
                "counts": level.counts,
            }
            for level in total.levels
        ],
        "figure": str(total.figure),
        "sold": str(total.sold),
        "unbooked": [
            {
                "shop": sale.shop,
                "order_id": sale.order_id,
                "status": sale.status,
                "qty": str(sale.qty),
                "why": sale.why or None,
            }
            for sale in total.unbooked
        ],
        "left": str(total.left),
        "buffer": str(total.buffer),
        "share_percent": str(total.share_percent),
        "shared": total.shared,
        "cap": total.cap or None,
        "pieces": total.pieces,
        "at_zero": total.at_zero,
        "linked": each.linked,
        "wanted": _stock_json(each.wanted),
        "rules": list(each.rules),
        "believed": _stock_json(each.believed),
    }


def _stock_json(stock: ShopStock | None) -> dict[str, object] | None:
    if stock is None:
        return None
    quantity = stock.quantity if stock.managed else None
    return {"counted": stock.managed, "quantity": quantity, "word": stock.word, "backorders": stock.backorders}
