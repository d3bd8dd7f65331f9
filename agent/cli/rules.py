"""`brygga rules` and `brygga map`: what the merchant's rules and field mappings are, and what they would change."""

from __future__ import annotations

from typing import Annotated

import msgspec
from cyclopts import App, Parameter

from agent.cli.context import Given
from agent.cli.desk import AsJson, Desk, Shop, open_desk
from agent.cli.figures import show_table, table
from agent.cli.output import say_json
from agent.cli.trials import Last, Shown, picked, try_shops
from agent.settings.tree import ShopSettings
from agent.shown.rules import change_text, when_text

app = App(name="rules", help="List the rules; try them on real orders and articles.", help_format="plaintext")
mapping = App(name="map", help="Try the field mappings on real orders and articles.", help_format="plaintext")

Named = Annotated[str | None, Parameter(help="Only this one, by its name, also while it rests.")]


@app.default
@app.command(name="list")
def list_rules(*, shop: Shop = None, json: AsJson = False, context: Given) -> int:
    """List the rules in the order in which they run."""
    with open_desk(context) as desk:
        chosen = _shops(desk, shop)
        if json:
            say_json({each.key: [msgspec.to_builtins(rule) for rule in each.processing] for each in chosen})
            return 0
        shown = table(
            desk.text("Butik", "Shop"),
            desk.text("Regel", "Rule"),
            desk.text("Gäller", "About"),
            desk.text("Villkor", "Conditions"),
            desk.text("Gör", "Does"),
        )
        for each in chosen:
            for rule in each.processing:
                rests = "" if rule.enabled else desk.text(" (vilar)", " (rests)")
                does = "; ".join(change_text(change, desk.language) for change in rule.do)
                about = f"{rule.object.value}, {rule.side.value}"
                shown.add_row(each.key, rule.name + rests, about, when_text(rule, desk.language), does)
        show_table(shown)
        return 0


@app.command(name="test")
def try_rules(
    *,
    last: Last = 50,
    rule: Named = None,
    shop: Shop = None,
    show: Shown = False,
    json: AsJson = False,
    context: Given,
) -> int:
    """Show what the rules would change in the newest orders and articles. Nothing is written; Mamut is not asked."""
    with open_desk(context) as desk:
        chosen = [
            msgspec.structs.replace(each, mapping=(), plugins=(), processing=picked(each.processing, rule))
            for each in _shops(desk, shop)
        ]
        if rule is not None and not any(each.processing for each in chosen):
            desk.end(f'Ingen regel heter "{rule}".', f'No rule is called "{rule}".')
        return try_shops(desk, context, [each for each in chosen if each.processing], last, show=show, json=json)


@mapping.default
@mapping.command(name="test")
def try_mapping(
    *,
    last: Last = 50,
    name: Named = None,
    shop: Shop = None,
    show: Shown = False,
    json: AsJson = False,
    context: Given,
) -> int:
    """Show what the field mappings would change in the newest orders and articles. Nothing is written."""
    with open_desk(context) as desk:
        chosen = [
            msgspec.structs.replace(each, processing=(), plugins=(), mapping=picked(each.mapping, name))
            for each in _shops(desk, shop)
        ]
        if name is not None and not any(each.mapping for each in chosen):
            desk.end(f'Ingen mappning heter "{name}".', f'No mapping is called "{name}".')
        return try_shops(desk, context, [each for each in chosen if each.mapping], last, show=show, json=json)


def _shops(desk: Desk, key: str | None) -> list[ShopSettings]:
    chosen = desk.shop(key)
    return [shop for shop in desk.settings.shop if chosen is None or shop.key == chosen]
