"""What is decided anew when settings have become others, at a start or while the agent works. Parts of one step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import apsw

from agent.actors.order_direction import judge_for
from agent.actors.rule_releases import RULED
from agent.actors.sights import judge_all_again
from agent.app_change import Turnover
from agent.app_unit import OF_GOODS, Company, Unit, company_of
from agent.flows import DirectionName
from agent.journal import aftermath, documents, items, orders, records, tasks
from agent.model.ids import ShopKey
from agent.model.node import Node
from agent.settings.tree import Settings, ShopSettings, settings_digest

ARTICLES = DirectionName.PRODUCTS_TO_MAMUT


def look_again_at_start(tx: apsw.Connection, settings: Settings, now_ms: int) -> None:
    """Settings that are others than those of the last life may have changed anything."""
    changed = records.value(tx, "settings") != settings_digest(settings)
    keys = [ShopKey(shop.key) for shop in settings.shop if shop.enabled] if changed else []
    _look_again(tx, settings, keys, keys, now_ms)


def look_again(tx: apsw.Connection, settings: Settings, change: Turnover, now_ms: int) -> None:
    """What was judged by other settings is judged again: the orders of shops whose orders begin anew, what is held of
    their status, and the goods of all whose part has changed."""
    keys = (*change.begun, *change.units)
    deciding = [key for key in keys if change.concerns(key, Unit.ORDERS)]
    telling = [key for key in keys if change.concerns(key, Unit.ORDERS, Unit.STATUSES)]
    _look_again(tx, settings, deciding, telling, now_ms)


def _look_again(
    tx: apsw.Connection, settings: Settings, deciding: Sequence[ShopKey], telling: Sequence[ShopKey], now_ms: int
) -> None:
    records.set_value(tx, "settings", settings_digest(settings))
    shops = {ShopKey(shop.key): shop for shop in settings.shop if shop.enabled}
    for key in deciding:
        orders.want_reading_of_held(tx, key)
        judge_all_again(tx, key, judge_for(shops[key]), now_ms)
        aftermath.recover(tx, now_ms, key)
    for key in telling:
        documents.wake_held(tx, key, now_ms)
    look_again_where_changed(tx, settings, company_of(settings), now_ms)
    for key, shop in shops.items():
        start = str(shop.orders.start_at)
        # Orders between the old start and an earlier one have not changed, so no listing since the mark has them.
        if records.value(tx, f"start/{key}") != start:
            records.set_value(tx, f"start/{key}", start)
            records.put_back_mark(tx, key, None)


def look_again_where_changed(tx: apsw.Connection, settings: Settings, company: Company, now_ms: int) -> None:
    """What a direction has been told differently since the last start is decided anew for every article, and so is all
    of a direction that was off meanwhile. Part of a step."""
    shops = {shop.key: shop for shop in settings.shop}
    _look_again_at_products(tx, shops, company, now_ms)
    for key, names in company.directions.items():
        shop = ShopKey(key)
        for name in OF_GOODS:
            note = f"settings/{key}/{name}"
            if name not in names:
                records.set_value(tx, note, "")
                _forget_tasks(tx, shop, name)
                continue
            digest = _digest(shops[key], name)
            if records.value(tx, note) != digest:
                records.set_value(tx, note, digest)
                tasks.put(tx, shop, name, [int(pk) for (pk,) in tx.execute("SELECT pk FROM articles")], now_ms)


def _look_again_at_products(
    tx: apsw.Connection, shops: Mapping[str, ShopSettings], company: Company, now_ms: int
) -> None:
    """The same of the shops that govern: their products are in the journal, and are listed anew after a time off."""
    for key, names in company.directions.items():
        shop, note = ShopKey(key), f"settings/{key}/{ARTICLES}"
        if ARTICLES not in names:
            if records.value(tx, note):
                records.set_value(tx, note, "")
                _forget_tasks(tx, shop, ARTICLES)
                items.read_anew(tx, shop)
            continue
        digest = settings_digest(shops[key].to_mamut) + settings_digest(shops[key].vat) + str(shops[key].flow)
        if records.value(tx, note) != digest:
            records.set_value(tx, note, digest)
            items.look_at(tx, shop, items.all_ids(tx, shop), now_ms)


def _forget_tasks(tx: apsw.Connection, shop: ShopKey, name: DirectionName) -> None:
    """A direction that is off has nothing to do. What it may have made without hearing of it is remembered: a
    synchronisation that was broken off goes on from there, and would else take its own products for somebody's."""
    tx.execute("DELETE FROM tasks WHERE shop = ? AND direction = ? AND unsure = 0", (shop, name))


def _digest(shop: ShopSettings, name: DirectionName) -> str:
    """Changes when the direction's table does, or a rule, a mapping or a plugin about what it writes."""
    about = RULED[name]
    rules: list[Node] = [rule for rule in shop.processing if rule.object is about]
    mappings: list[Node] = [each for each in shop.mapping if each.object == about.value]
    return "/".join(map(settings_digest, [_table(shop, name), *rules, *mappings, *shop.plugins]))


def _table(shop: ShopSettings, name: DirectionName) -> Node:
    match name:
        case DirectionName.PRODUCTS_TO_SHOP:
            return shop.products
        case DirectionName.STOCK_TO_SHOP:
            return shop.stock
        case _:
            return shop.prices
