"""`brygga stock show`: how a shop's figure comes about, number by number."""

from __future__ import annotations

from cyclopts import App

from agent.app_goods import goods_rules
from agent.cli.articles import Number, one
from agent.cli.context import Given
from agent.cli.desk import NO, AsJson, Desk, Shop, open_desk
from agent.cli.output import say, say_json
from agent.cli.stock_text import ShopSum, stock_json, stock_lines
from agent.decide.goods_rules import stocked
from agent.flows import DirectionName
from agent.journal import directions, links, sales, stock_facts
from agent.settings.given import given
from agent.settings.tree import ShopSettings

app = App(name="stock", help="Show how a shop's stock figure comes about.", help_format="plaintext")


@app.command
def show(article_no: Number, *, shop: Shop = None, json: AsJson = False, context: Given) -> int:
    """Show what each shop may show of an article, as a sum: Mamut's warehouses, what has been sold that Mamut does not
    know of, the buffer, the share, the cap.

    Orders that a rule or a person keeps from Mamut, and those from before the start, are not counted: whoever takes
    care of them books their goods in Mamut too.
    """
    with open_desk(context) as desk:
        card = one(desk, article_no).card
        wanted = desk.shop(shop)
        stocked = [each for each in desk.settings.shop if DirectionName.STOCK_TO_SHOP in given(desk.settings, each)]
        shops = [each for each in stocked if wanted in (None, each.key)]
        if not shops:
            desk.end("Ingen butik visar Mamuts saldo.", "No shop shows Mamut's stock.", NO)
        sums = [_sum(desk, each, card.pk) for each in shops]
        if json:
            say_json(stock_json(card, sums))
            return 0
        for line in stock_lines(card, sums, desk.language):
            say(line)
        return 0


def _sum(desk: Desk, shop: ShopSettings, pk: int) -> ShopSum:
    """The sum as the agent would make it now."""
    selling = tuple(each.key for each in desk.settings.shop if each.enabled)
    facts = stock_facts.of(desk.tx, [pk], selling)[pk]
    shown = stocked(goods_rules(shop), facts, shop.stock)
    key = desk.shop(shop.key)
    link = None if key is None else links.get(desk.tx, key, pk)
    row = None if key is None else directions.get(desk.tx, key, DirectionName.STOCK_TO_SHOP)
    return ShopSum(
        shop=shop.key,
        total=shown.total,
        wanted=shown.stock,
        believed=None if link is None else link.stock,
        linked=link is not None,
        paused=row is not None and bool(row.paused),
        unread=tuple(sales.unread(desk.tx, selling)),
        rules=shown.by if shown.stop is None else (shown.stop.params.get("rule", ""),),
    )
