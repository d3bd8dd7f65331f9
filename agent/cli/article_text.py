"""One article on both sides, as text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import msgspec

from agent.cli.directions import params
from agent.journal.reports_goods import ArticleReport, LinkReport
from agent.journal.tasks import SaidRow, Task
from agent.model.catalogue import explain
from agent.model.goods import ShopPrice, ShopStock, StockWord, WarehouseLevel
from agent.model.said import GoodsReason
from agent.model.words import Language, words
from agent.shown.figures import iso_ms, iso_s, moment_ms, moment_s
from agent.shown.names import direction_name, told

LABEL_WIDTH = 18

_WORDS = {
    StockWord.IN_STOCK: words("finns", "in stock"),
    StockWord.SOLD_OUT: words("slut", "sold out"),
    StockWord.ON_BACKORDER: words("restnoteras", "on backorder"),
}


def article_lines(report: ArticleReport, language: Language) -> Iterator[str]:
    yield from _in_mamut(report, language)
    for link in report.links:
        yield ""
        yield from _in_shop(link, language)
    if not report.links:
        yield ""
        yield words("Ingen butik har artikeln.", "No shop has the article.").in_(language)
    if report.said:
        yield ""
        yield words("Vad riktningarna senast gjorde", "What the directions last did").in_(language)
        for said in report.said:
            what = told(said.code, params(said.params), language)
            yield f"  {moment_ms(said.at_ms)}  {said.shop} {direction_name(said.direction, language)}: {what}"
    if report.tasks:
        yield ""
        yield words("Vad som återstår", "What is still to be done").in_(language)
        for task in report.tasks:
            yield from _task(task, language)


def _in_mamut(report: ArticleReport, language: Language) -> Iterator[str]:
    card = report.card
    yield f"{words('Artikel', 'Article').in_(language)} {card.product_no} · {card.description} · pk {card.pk}"
    if card.variant is not None:
        values = " / ".join(value for value in (card.variant.property1, card.variant.property2) if value)
        yield _row(words("Variant av", "Variant of").in_(language), f"{card.variant.main} ({values})")
    if report.variants:
        yield _row(words("Varianter", "Variants").in_(language), ", ".join(report.variants))
    web = words("ja", "yes") if card.web else words("nej", "no")
    inactive = words(", inaktiv", ", inactive").in_(language) if card.inactive else ""
    yield _row(words("För webben", "For the web").in_(language), web.in_(language) + inactive)
    if report.price is not None:
        without = words("utan moms", "without VAT").in_(language)
        yield _row(words("Pris i Mamut", "Price in Mamut").in_(language), f"{plain(report.price.price_out)} {without}")
    if not card.keeps_stock:
        yield _row(words("Lager i Mamut", "Stock in Mamut").in_(language), words("förs inte", "not kept").in_(language))
    elif report.stock is not None:
        for level in report.stock.levels:
            yield _row(words("Lager i Mamut", "Stock in Mamut").in_(language), _level(level, language))
        read = words("läst", "read").in_(language)
        yield _row("", f"{read} {moment_ms(report.stock_read_ms)}")


def _level(level: WarehouseLevel, language: Language) -> str:
    figures = (plain(level.warehouse), plain(level.on_hand), plain(level.reserved), plain(level.on_purchase))
    sv = "lager {0}: {1} i lager, {2} reserverat, {3} i beställning"
    en = "warehouse {0}: {1} on hand, {2} reserved, {3} on purchase"
    return words(sv, en).in_(language).format(*figures)


def _in_shop(link: LinkReport, language: Language) -> Iterator[str]:
    parent = f" · {words('under', 'below').in_(language)} {link.parent_id}" if link.parent_id else ""
    yield f"{words('Butik', 'Shop').in_(language)} {link.shop} · id {link.product_id}{parent} · {link.kind}"
    yield _row(words("Nummer i butiken", "Number in shop").in_(language), link.sku)
    made = words("gjord av Brygga", "made by Brygga") if link.made else words("fanns i butiken", "was in the shop")
    yield _row(words("Kopplad", "Tied").in_(language), f"{moment_ms(link.linked_ms)}, {made.in_(language)}")
    if link.price is not None:
        yield _row(words("Skrivet pris", "Price written").in_(language), _price(link.price, language))
    if link.stock is not None:
        at = f" ({moment_s(link.stock_at)})" if link.stock_at else ""
        yield _row(words("Skrivet lager", "Stock written").in_(language), _stock(link.stock, language) + at)


def _price(price: ShopPrice, language: Language) -> str:
    text = "–" if price.regular is None else plain(price.regular)
    if price.sale is None:
        return text
    days = ""
    if price.sale_from or price.sale_to:
        days = f" {price.sale_from or ''}–{price.sale_to or ''}"
    return f"{text}, {words('rea', 'sale').in_(language)} {plain(price.sale)}{days}"


def _stock(stock: ShopStock, language: Language) -> str:
    word = _WORDS[stock.word].in_(language)
    return f"{stock.quantity}, {word}" if stock.managed else word


def _task(task: Task, language: Language) -> Iterator[str]:
    where = f"{task.shop} {direction_name(task.direction, language)}"
    if task.due_ms is None:
        when = words("hålls kvar sedan", "held since").in_(language) + f" {moment_ms(task.made_ms)}"
    else:
        when = words("görs", "due").in_(language) + f" {moment_ms(task.due_ms)}"
    unsure = words(", kan redan vara gjort", ", may have been done").in_(language) if task.unsure else ""
    yield f"  {where}: {when}{unsure}"
    if task.code:
        yield f"    {told(task.code, params(task.params), language)}"
    remedy = remedy_of(task, language)
    if remedy:
        yield f"    → {remedy}"


def remedy_of(task: Task, language: Language) -> str:
    if task.code not in tuple(GoodsReason):
        return ""
    return explain(GoodsReason(task.code), language, params(task.params)).remedy


def plain(value: Decimal | int) -> str:
    """Without needless zeros: 12.5000 is 12.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _row(label: str, text: str) -> str:
    return f"  {label:<{LABEL_WIDTH}}{text}"


# -- JSON -------------------------------------------------------------------------------------------------------------


def article_json(report: ArticleReport, language: Language) -> dict[str, object]:
    """Keys are stable."""
    return {
        "mamut": {
            **msgspec.to_builtins(report.card, str_keys=True),
            "changed": iso_ms(report.changed_ms),
            "price": None if report.price is None else msgspec.to_builtins(report.price),
            "stock": None if report.stock is None else msgspec.to_builtins(report.stock),
            "stock_read": iso_ms(report.stock_read_ms),
            "variants": report.variants,
        },
        "shops": [_link_json(link) for link in report.links],
        "said": [_said_json(said, language) for said in report.said],
        "tasks": [task_json(task, language) for task in report.tasks],
    }


def _link_json(link: LinkReport) -> dict[str, object]:
    return {
        "shop": link.shop,
        "product_id": link.product_id,
        "parent_id": link.parent_id or None,
        "kind": link.kind,
        "sku": link.sku,
        "made": link.made,
        "linked": iso_ms(link.linked_ms),
        "price": None if link.price is None else msgspec.to_builtins(link.price),
        "stock": None if link.stock is None else msgspec.to_builtins(link.stock),
        "stock_written": iso_s(link.stock_at),
    }


def _said_json(said: SaidRow, language: Language) -> dict[str, object]:
    return {
        "shop": said.shop,
        "direction": said.direction,
        "at": iso_ms(said.at_ms),
        "code": said.code,
        "params": params(said.params),
        "text": told(said.code, params(said.params), language),
    }


def task_json(task: Task, language: Language) -> dict[str, object]:
    """Keys are stable. `due` is null for what is held."""
    return {
        "pk": task.pk,
        "shop": task.shop,
        "direction": task.direction,
        "since": iso_ms(task.made_ms),
        "due": iso_ms(task.due_ms),
        "attempts": task.attempts,
        "unsure": bool(task.unsure),
        "code": task.code or None,
        "params": params(task.params),
        "text": told(task.code, params(task.params), language) if task.code else None,
        "remedy": remedy_of(task, language) or None,
    }
