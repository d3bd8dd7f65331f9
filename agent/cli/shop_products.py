"""A governing shop's products at the command line: shown, tried again, and what becomes of a removed one."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from agent.cli import wishes
from agent.cli.article_text import plain, remedy_of, task_json
from agent.cli.desk import NO, Desk
from agent.cli.directions import params
from agent.cli.output import complain, say, say_json
from agent.journal import article_links, items, tasks
from agent.journal.tasks import SaidRow, Task
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.shop_item import ArticleLink, ShopItem
from agent.model.words import Language, words
from agent.shown.figures import iso_ms, moment_ms
from agent.shown.names import told


class ItemReport(Frozen, frozen=True):
    """All that the journal knows of one product on its way to Mamut."""

    shop: ShopKey
    item: ShopItem
    gone: bool
    link: ArticleLink | None
    tasks: tuple[Task, ...]
    said: tuple[SaidRow, ...]


def found(desk: Desk, text: str, shop: ShopKey | None = None) -> ItemReport | None:
    """The product a person means by its number; None when no governing shop has one. Ends the command when several
    do."""
    places = [place for place in items.find(desk.tx, text) if shop in (None, place[0])]
    if len(places) > 1:
        complain(desk.text(f"{text} finns flera gånger. Ange --shop.", f"There are several {text}. Give --shop."))
        for key, product_id in places:
            complain(f"  {key} {product_id}")
        raise SystemExit(NO)
    return report(desk, *places[0]) if places else None


def report(desk: Desk, shop: ShopKey, product_id: int) -> ItemReport | None:
    item = items.item(desk.tx, shop, product_id)
    if item is None:
        return None
    key = items.key_of(product_id)
    return ItemReport(
        shop=shop,
        item=item,
        gone=items.is_gone(desk.tx, shop, product_id),
        link=article_links.of(desk.tx, shop, (product_id,)).get(product_id),
        tasks=tuple(tasks.of(desk.tx, shop, items.NAME, (key,))),
        said=tuple(row for row in tasks.said(desk.tx, shop, key) if row.direction == items.NAME),
    )


def lines(shown: ItemReport, language: Language) -> Iterator[str]:
    item, link = shown.item, shown.link
    parent = f" · {words('under', 'below').in_(language)} {item.parent_id}" if item.parent_id else ""
    head = words("Produkt", "Product").in_(language)
    yield f"{head} {item.sku} · {item.name} · {shown.shop} id {item.product_id}{parent} · {item.kind_word}"
    state = words("borta ur butiken", "gone from the shop").in_(language) if shown.gone else item.status
    yield f"  {words('Status', 'Status').in_(language):<18}{state}"
    if item.regular is not None:
        yield f"  {words('Pris i butiken', 'Price in shop').in_(language):<18}{plain(item.regular)}"
    if link is None:
        none = words("ingen än", "none yet")
        yield f"  {words('Artikel i Mamut', 'Article in Mamut').in_(language):<18}{none.in_(language)}"
    else:
        made = words("gjord av Brygga", "made by Brygga") if link.made else words("fanns i Mamut", "was in Mamut")
        label = words("Artikel i Mamut", "Article in Mamut").in_(language)
        yield f"  {label:<18}{link.product_no} · pk {link.pk}, {made.in_(language)}"
    for said in shown.said:
        yield f"  {moment_ms(said.at_ms)}  {told(said.code, params(said.params), language)}"
    for task in shown.tasks:
        if task.code:
            yield f"  {told(task.code, params(task.params), language)}"
        if remedy := remedy_of(task, language):
            yield f"    → {remedy}"


def as_json(shown: ItemReport, language: Language) -> dict[str, object]:
    """Keys are stable."""
    link = shown.link
    return {
        "shop": shown.shop,
        "product": msgspec.to_builtins(shown.item, str_keys=True),
        "gone": shown.gone,
        "mamut": None if link is None else {"product_no": link.product_no, "pk": link.pk, "made": link.made},
        "said": [
            {"at": iso_ms(row.at_ms), "code": row.code, "text": told(row.code, params(row.params), language)}
            for row in shown.said
        ],
        "tasks": [task_json(task, language) for task in shown.tasks],
    }


def ask(desk: Desk, kind: str, shown: list[ItemReport], *, json: bool) -> int:
    """Asks the agent the same of each of these products."""
    answers: list[wishes.Answer] = []
    for each in shown:
        number = each.item.sku if each.link is None else each.link.product_no
        asked = wishes.Asked(shop=each.shop, order_id=0, about=f"{each.shop} {number}")
        answers += wishes.ask(desk, kind, [asked], {"product_id": str(each.item.product_id)})
    if json:
        say_json(wishes.answers_json(desk, kind, answers))
    else:
        wishes.tell(desk, answers)
    return wishes.exit_code(answers)


def chosen(desk: Desk, numbers: tuple[str, ...], shop: ShopKey | None, *, everything: bool) -> list[ItemReport]:
    """The removed products that are meant: these, or all whose article is proposed to become inactive. Ends the command
    when one of them is not proposed."""
    proposed = article_links.proposed(desk.tx, shop)
    if everything:
        places = [(ShopKey(key), link.product_id) for key, link in proposed]
    else:
        places = []
        for number in numbers:
            fitting = [(ShopKey(key), link.product_id) for key, link in proposed if link.product_no == number.strip()]
            if not fitting:
                desk.end(
                    f"Ingen föreslår att {number} blir inaktiv: se brygga articles --code BRY-G75.",
                    f"Nothing proposes that {number} becomes inactive: see brygga articles --code BRY-G75.",
                    NO,
                )
            places += fitting
    if not places:
        say(desk.text("Inget är föreslaget.", "Nothing is proposed."))
    return [each for place in places if (each := report(desk, *place)) is not None]
