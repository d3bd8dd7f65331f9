"""`brygga articles`: an article on both sides, which articles wait or are held, and trying one again."""

from __future__ import annotations

from typing import Annotated

from cyclopts import App, Parameter

from agent.cli import shop_products, wishes
from agent.cli.article_sides import print_sides, sides_json
from agent.cli.article_text import article_json, article_lines, task_json
from agent.cli.context import Given
from agent.cli.desk import NO, AsJson, AtMost, Desk, Shop, open_desk
from agent.cli.directions import direction_of, params
from agent.cli.errors import UserError
from agent.cli.figures import show_table, table
from agent.cli.output import complain, say, say_json
from agent.journal import article_pages
from agent.journal.reports_goods import ArticleFilter, ArticleLine, ArticleReport, article, find, listing
from agent.model.catalogue import find_code
from agent.model.ids import ShopKey
from agent.model.reasons import Fault
from agent.settings.given import OF_REGISTER, given
from agent.shown.figures import moment_ms, number
from agent.shown.names import direction_name, told

app = App(name="articles", help="List articles; show, retry or release one.", help_format="plaintext")

_NUMBER = "The article's number in Mamut or in a shop, or pk:12 for Mamut's internal one."
Number = Annotated[str, Parameter(help=_NUMBER)]
Named = Annotated[str | None, Parameter(name="--direction", help="Only this direction, such as prices.")]


@app.default
@app.command(name="list")
def list_articles(
    *,
    held: Annotated[bool, Parameter(negative="")] = False,
    waiting: Annotated[bool, Parameter(negative="")] = False,
    code: str | None = None,
    shop: Shop = None,
    direction: Named = None,
    limit: AtMost = 50,
    json: AsJson = False,
    context: Given,
) -> int:
    """List the articles that are held, or that wait to be written.

    Parameters
    ----------
    held
        Those that wait for a person or a change; this is what is shown unless you say otherwise.
    waiting
        Those that are still to be looked at or written.
    code
        Only those with this code, such as BRY-G18.
    limit
        At most so many.
    """
    with open_desk(context) as desk:
        if held and waiting:
            desk.end("Välj --held eller --waiting.", "Choose --held or --waiting.")
        found = None if code is None else find_code(code)
        if code is not None and found is None:
            desk.end(f"Koden {code} finns inte.", f"There is no code {code}.")
        which = ArticleFilter(
            held=not waiting,
            shop=desk.shop(shop),
            direction=None if direction is None else direction_of(desk, direction),
            code="" if found is None else found.value,
        )
        listed = listing(desk.tx, which, limit)
        if json:
            lines = [_line_json(desk, line) for line in listed.lines]
            say_json({"total": listed.total, "held": which.held, "articles": lines})
            return 0
        _print_table(desk, listed.lines)
        shown, total = number(len(listed.lines), desk.language), number(listed.total, desk.language)
        say(desk.text(f"{shown} av {total}", f"{shown} of {total}"))
        return 0


@app.command
def show(article_no: Number, *, shop: Shop = None, json: AsJson = False, context: Given) -> int:
    """Show one article in Mamut and in the shops: prices, stock, what each direction last did, what holds it."""
    with open_desk(context) as desk:
        product = shop_products.found(desk, article_no, desk.shop(shop))
        if product is not None and not find(desk.tx, article_no):
            if json:
                say_json(shop_products.as_json(product, desk.language))
            else:
                for line in shop_products.lines(product, desk.language):
                    say(line)
            return 0
        report = one(desk, article_no)
        if json:
            say_json({**article_json(report, desk.language), "sides": sides_json(desk, report)})
            return 0
        for line in article_lines(report, desk.language):
            say(line)
        print_sides(desk, report)
        return 0


@app.command(name="find")
def find_articles(
    text: Annotated[str, Parameter(help="Any parts of an article's number, name or GTIN.")],
    *,
    limit: AtMost = 50,
    json: AsJson = False,
    context: Given,
) -> int:
    """Find articles by parts of their number, name or GTIN. Ends with 1 when there are none."""
    with open_desk(context) as desk:
        about = [
            (ShopKey(shop.key), name)
            for shop in desk.settings.shop
            for name in given(desk.settings, shop)
            if name in OF_REGISTER
        ]
        found = article_pages.search(desk.tx, text, about, -1, limit)
        if json:
            lines = [
                {"pk": line.card.pk, "product_no": line.card.product_no, "description": line.card.description}
                | {"shops": list(line.shops), "held": list(line.held), "waiting": line.waiting}
                for line in found.found
            ]
            say_json({"articles": lines, "more": found.after is not None})
            return 0 if found.found else NO
        titles = (desk.text("Artikel", "Article"), desk.text("Namn", "Name"))
        shown = table(*titles, desk.text("Finns i", "Stands in"), desk.text("Hålls kvar", "Held"))
        for line in found.found:
            number_ = line.card.product_no or f"pk:{line.card.pk}"
            shown.add_row(number_, line.card.description, ", ".join(line.shops), ", ".join(line.held))
        show_table(shown)
        if found.after is not None:
            say(desk.text("Det finns fler: höj --limit.", "There are more: raise --limit."))
        return 0 if found.found else NO


@app.command
def retry(
    article_no: Number, *, shop: Shop = None, direction: Named = None, json: AsJson = False, context: Given
) -> int:
    """Have an article looked at again, in every direction of every shop or in one."""
    with open_desk(context) as desk:
        product = shop_products.found(desk, article_no, desk.shop(shop))
        if product is not None and not find(desk.tx, article_no):
            return shop_products.ask(desk, "retry_product", [product], json=json)
        report = one(desk, article_no)
        named = None if direction is None else direction_of(desk, direction)
        wanted = desk.shop(shop)
        keys = [
            ShopKey(each.key)
            for each in desk.settings.shop
            if wanted in (None, each.key) and any(named in (None, name) for name in given(desk.settings, each))
        ]
        if not keys:
            desk.end("Mamut styr inget i butiken.", "Mamut governs nothing in the shop.", NO)
        asked = [wishes.Asked(shop=key, order_id=0, about=f"{key} {report.card.product_no}") for key in keys]
        args = {"pk": str(report.card.pk), "direction": "" if named is None else named.value}
        answers = wishes.ask(desk, "retry_article", asked, args)
        if json:
            say_json(wishes.answers_json(desk, "retry_article", answers))
        else:
            wishes.tell(desk, answers)
        return wishes.exit_code(answers)


@app.command
def release(article_no: Number, *, shop: Shop = None, json: AsJson = False, context: Given) -> int:
    """Let an article through that a rule of yours holds. A rule that has become another one since holds it again."""
    with open_desk(context) as desk:
        card = one(desk, article_no).card
        wanted = desk.shop(shop)
        keys = [ShopKey(each.key) for each in desk.settings.shop if each.processing and wanted in (None, each.key)]
        if not keys:
            desk.end("Butiken har inga regler.", "The shop has no rules.", NO)
        asked = [wishes.Asked(shop=key, order_id=0, about=f"{key} {card.product_no}") for key in keys]
        answers = wishes.ask(desk, "release_article", asked, {"pk": str(card.pk)})
        if json:
            say_json(wishes.answers_json(desk, "release_article", answers))
        else:
            wishes.tell(desk, answers)
        return wishes.exit_code(answers)


@app.command
def inactivate(
    *article_no: Number,
    everything: Annotated[bool, Parameter(name="--all", negative="")] = False,
    shop: Shop = None,
    json: AsJson = False,
    context: Given,
) -> int:
    """Make articles inactive in Mamut whose products have left their shop.

    Parameters
    ----------
    everything
        All that are proposed.
    """
    with open_desk(context) as desk:
        if everything == bool(article_no):
            desk.end("Ange nummer eller --all.", "Give numbers or --all.")
        chosen = shop_products.chosen(desk, article_no, desk.shop(shop), everything=everything)
        return shop_products.ask(desk, "inactivate_article", chosen, json=json)


@app.command
def keep(*article_no: Number, shop: Shop = None, json: AsJson = False, context: Given) -> int:
    """Keep articles in Mamut whose products have left their shop: they are Mamut's own from now on."""
    with open_desk(context) as desk:
        if not article_no:
            desk.end("Ange nummer.", "Give numbers.")
        chosen = shop_products.chosen(desk, article_no, desk.shop(shop), everything=False)
        return shop_products.ask(desk, "keep_article", chosen, json=json)


def one(desk: Desk, text: str) -> ArticleReport:
    """The article a person means. Ends the command when there is none, or more than one."""
    pks = find(desk.tx, text)
    if len(pks) > 1:
        complain(desk.text(f"{text} finns flera gånger. Vilken?", f"There are several {text}. Which one?"))
        for pk in pks:
            complain(f"  pk:{pk}")
        raise SystemExit(NO)
    report = article(desk.tx, pks[0]) if pks else None
    if report is None:
        raise UserError(Fault.ARTICLE_NOT_FOUND, {"article": text.strip() or "''"})
    return report


def _line_json(desk: Desk, line: ArticleLine) -> dict[str, object]:
    about = {"product_no": line.product_no or None, "description": line.description or None}
    return {**about, **task_json(line.task, desk.language)}


def _print_table(desk: Desk, lines: tuple[ArticleLine, ...]) -> None:
    shown = table(
        desk.text("Artikel", "Article"),
        desk.text("Namn", "Name"),
        desk.text("Butik", "Shop"),
        desk.text("Riktning", "Direction"),
        desk.text("Sedan", "Since"),
        desk.text("Nästa försök", "Next try"),
        desk.text("Varför", "Why"),
    )
    for line in lines:
        task = line.task
        shown.add_row(
            line.product_no or f"pk:{task.pk}",
            line.description,
            task.shop,
            direction_name(task.direction, desk.language),
            moment_ms(task.made_ms),
            moment_ms(task.due_ms),
            told(task.code, params(task.params), desk.language) if task.code else "",
        )
    show_table(shown)
