"""What people ask for about goods: pausing a direction, trying an article again, letting stopped prices through."""

from __future__ import annotations

from collections.abc import Callable

import apsw

from agent.actors.rule_releases import RuleReleases
from agent.actors.turns import Turn
from agent.flows import DirectionName
from agent.journal import article_links, directions, guards, items, links, tasks
from agent.journal.records import Wish
from agent.model.ids import ShopKey

DONE = "done"

OF_ARTICLES = (
    DirectionName.PRODUCTS_TO_SHOP,
    DirectionName.PRICES_TO_SHOP,
    DirectionName.PRICE_LISTS_TO_SHOP,
    DirectionName.STOCK_TO_SHOP,
)
"""The directions that look at articles; order status looks at orders."""


class GoodsWishes:
    """One shop's wishes about goods. `given` tells the directions that run for it, `turn_of` has the turn of each;
    `read_register` has Mamut's register read at once; `releases` has what people released from rules."""

    def __init__(
        self,
        shop: ShopKey,
        given: Callable[[], tuple[DirectionName, ...]],
        read_register: Callable[[], None],
        turn_of: Callable[[DirectionName], Turn],
        releases: RuleReleases,
    ) -> None:
        self._releases = releases
        self._shop = shop
        self._given = given
        self._read_register = read_register
        self._turn_of = turn_of
        self._steps: dict[str, Callable[[apsw.Connection, Wish, int], str]] = {
            "pause": self._pause,
            "resume": self._resume,
            "run_now": self._run_now,
            "retry_article": self._retry_article,
            "release_prices": self._decide_prices,
            "dismiss_prices": self._decide_prices,
            "release_article": self._release_article,
            "read_register": lambda _tx, _wish, _now_ms: DONE,
            "retry_product": self._retry_product,
            "inactivate_article": self._inactivate,
            "keep_article": self._keep,
        }

    def knows(self, kind: str) -> bool:
        return kind in self._steps

    def fulfil(self, tx: apsw.Connection, wish: Wish, now_ms: int) -> str:
        """Done within one step of the journal; any other result than "done" says why it was not."""
        return self._steps[wish.kind](tx, wish, now_ms)

    def tell(self, wish: Wish) -> None:
        """Tells those whom the wish is about, once it has been done: a step may run in a thread in which nobody can be
        woken."""
        name = _direction(wish)
        if wish.kind == "run_now" and name is not None:
            self._turn_of(name).called()
        elif wish.kind == "read_register":
            self._read_register()
        elif wish.kind == "release_article":
            self._releases.refresh()

    def _pause(self, tx: apsw.Connection, wish: Wish, now_ms: int) -> str:
        name = _direction(wish)
        if name is None:
            return "direction_unknown"
        directions.pause(tx, self._shop, name, wish.who, now_ms)
        return DONE

    def _resume(self, tx: apsw.Connection, wish: Wish, _now_ms: int) -> str:
        name = _direction(wish)
        if name is None:
            return "direction_unknown"
        directions.resume(tx, self._shop, name)
        return DONE

    def _run_now(self, tx: apsw.Connection, wish: Wish, now_ms: int) -> str:
        name = _direction(wish)
        if name is None or name not in (DirectionName.ORDERS_TO_MAMUT, *self._given()):
            return "direction_unknown"
        if directions.get(tx, self._shop, name).paused:
            return "direction_paused"
        self._turn_of(name).now(tx, now_ms)
        return DONE

    def _retry_article(self, tx: apsw.Connection, wish: Wish, now_ms: int) -> str:
        pk = _pk(wish)
        if pk is None or tx.execute("SELECT 1 FROM articles WHERE pk = ?", (pk,)).fetchone() is None:
            return "article_unknown"
        named = _direction(wish)
        wanted = [name for name in OF_ARTICLES if name in self._given() and named in (None, name)]
        if not wanted:
            return "direction_unknown"
        if DirectionName.PRODUCTS_TO_SHOP in wanted:
            links.forget_gone(tx, self._shop, pk)
        for name in wanted:
            if not tasks.release(tx, self._shop, name, now_ms, pks=[pk]):
                tasks.put(tx, self._shop, name, [pk], now_ms)
        return DONE

    def _decide_prices(self, tx: apsw.Connection, wish: Wish, now_ms: int) -> str:
        """Lets stopped prices through, or lets the shop keep what it has; only those that somebody has seen, where the
        wish says until when they looked."""
        pk, seen = _pk(wish), wish.arg("seen_ms")
        if pk is None and wish.arg("pk"):
            return "article_unknown"
        seen_ms = int(seen) if seen.isascii() and seen.isdigit() else None
        decide = guards.release if wish.kind == "release_prices" else guards.dismiss
        return DONE if decide(tx, self._shop, pk, wish.who, now_ms, seen_ms) else "nothing_stopped"

    def _release_article(self, tx: apsw.Connection, wish: Wish, now_ms: int) -> str:
        pk = _pk(wish)
        if pk is None:
            return "article_unknown"
        return DONE if self._releases.release(tx, pk, wish.who, now_ms) else "nothing_held_by_rule"

    def _retry_product(self, tx: apsw.Connection, wish: Wish, now_ms: int) -> str:
        product_id = _product_id(tx, self._shop, wish)
        if product_id is None or DirectionName.PRODUCTS_TO_MAMUT not in self._given():
            return "article_unknown" if product_id is None else "direction_unknown"
        items.look_at(tx, self._shop, (product_id,), now_ms)
        return DONE

    def _inactivate(self, tx: apsw.Connection, wish: Wish, now_ms: int) -> str:
        """The article of a product that has left the shop becomes inactive; of no other."""
        product_id = _product_id(tx, self._shop, wish)
        if product_id is None or DirectionName.PRODUCTS_TO_MAMUT not in self._given():
            return "article_unknown" if product_id is None else "direction_unknown"
        if not items.is_gone(tx, self._shop, product_id):
            return "product_there"
        article_links.set_retire(tx, self._shop, product_id)
        items.look_at(tx, self._shop, (product_id,), now_ms)
        return DONE

    def _keep(self, tx: apsw.Connection, wish: Wish, now_ms: int) -> str:
        """The article of a product that has left the shop is Mamut's own from now on."""
        product_id = _product_id(tx, self._shop, wish)
        if product_id is None:
            return "article_unknown"
        if not items.is_gone(tx, self._shop, product_id):
            return "product_there"
        article_links.drop(tx, self._shop, product_id)
        items.look_at(tx, self._shop, (product_id,), now_ms)
        return DONE


def _direction(wish: Wish) -> DirectionName | None:
    text = wish.arg("direction")
    return DirectionName(text) if text in tuple(DirectionName) else None


def _product_id(tx: apsw.Connection, shop: ShopKey, wish: Wish) -> int | None:
    """The product that is meant, where it is one that was read."""
    text = wish.arg("product_id")
    product_id = int(text) if text.isascii() and text.isdigit() else 0
    return product_id if items.known(tx, shop, (product_id,)) else None


def _pk(wish: Wish) -> int | None:
    text = wish.arg("pk")
    return int(text) if text.isascii() and text.isdigit() else None
