"""What a shop has told of itself: who it is, whenever it is recognised, and how it keeps things, when a person has it
examined."""

from __future__ import annotations

import apsw
import msgspec

from agent.journal import records
from agent.model.goods import ShopTerms
from agent.model.ids import ShopKey
from agent.model.order import Frozen


class ShopFacts(Frozen, frozen=True):
    """`version` is WooCommerce's. `at_ms` is when any of the first three was last found to be another, `terms_ms` when
    the terms were read (ours)."""

    name: str = ""
    version: str = ""
    currency: str = ""
    at_ms: int = 0
    terms: ShopTerms | None = None
    terms_ms: int = 0


_facts = msgspec.json.Decoder(ShopFacts)


def of(tx: apsw.Connection, shop: ShopKey) -> ShopFacts:
    text = records.value(tx, _key(shop))
    return _facts.decode(text) if text else ShopFacts()


def is_news(tx: apsw.Connection, shop: ShopKey, name: str, version: str, currency: str) -> bool:
    known = of(tx, shop)
    return (known.name, known.version, known.currency) != (name, version, currency)


def keep_identity(tx: apsw.Connection, shop: ShopKey, name: str, version: str, currency: str, now_ms: int) -> None:
    _keep(
        tx,
        shop,
        msgspec.structs.replace(of(tx, shop), name=name, version=version, currency=currency, at_ms=now_ms),
    )


def keep_terms(tx: apsw.Connection, shop: ShopKey, terms: ShopTerms, now_ms: int) -> None:
    _keep(tx, shop, msgspec.structs.replace(of(tx, shop), terms=terms, terms_ms=now_ms))


def _keep(tx: apsw.Connection, shop: ShopKey, facts: ShopFacts) -> None:
    records.set_value(tx, _key(shop), msgspec.json.encode(facts).decode())


def _key(shop: ShopKey) -> str:
    return f"facts/{shop}"
