"""One article's stock as text and as JSON: the formula with its numbers, shop by shop."""

from __future__ import annotations

from collections.abc import Iterator

from agent.model.goods import ArticleCard, ShopStock
from agent.model.words import Language, words
from agent.shown.figures import iso_ms
from agent.shown.stock import Figure, ShopSum, figure, sum_lines

TEXT_WIDTH = 58
FIGURE_WIDTH = 10


def stock_lines(card: ArticleCard, sums: list[ShopSum], language: Language) -> Iterator[str]:
    yield f"{words('Artikel', 'Article').in_(language)} {card.product_no} · {card.description} · pk {card.pk}"
    for each in sums:
        yield ""
        paused = words(" · pausad", " · paused").in_(language) if each.paused else ""
        yield f"{words('Butik', 'Shop').in_(language)} {each.shop}{paused}"
        for line in sum_lines(each, language):
            yield from [f"  {line}"] if isinstance(line, str) else _rows(line, language)


def _rows(row: Figure, language: Language) -> Iterator[str]:
    if row.ruled:
        yield "  " + " " * TEXT_WIDTH + "─" * FIGURE_WIDTH
    cut = row.text if len(row.text) < TEXT_WIDTH else row.text[: TEXT_WIDTH - 2] + "…"
    shown = "–" if row.value is None else figure(row.value, language)
    yield f"  {cut:<{TEXT_WIDTH}}{shown:>{FIGURE_WIDTH}}"


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
