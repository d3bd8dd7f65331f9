"""`brygga stock show`: how a shop's figure comes about, number by number."""

from __future__ import annotations

from cyclopts import App

from agent.cli.articles import Number, one
from agent.cli.context import Given
from agent.cli.desk import NO, AsJson, Shop, open_desk
from agent.cli.output import say, say_json
from agent.cli.stock_text import stock_json, stock_lines
from agent.shown.stock import shop_sum, stocking

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
        shops = [each for each in stocking(desk.settings) if wanted in (None, each.key)]
        if not shops:
            desk.end("Ingen butik visar Mamuts saldo.", "No shop shows Mamut's stock.", NO)
        sums = [shop_sum(desk.tx, desk.settings, each, card.pk) for each in shops]
        if json:
            say_json(stock_json(card, sums))
            return 0
        for line in stock_lines(card, sums, desk.language):
            say(line)
        return 0
