"""Working out what stood in the recorded shop before its first recorded exchange, from what the recording shows of it.

Products, customers and orders that are read, sold or changed without having been made are made beforehand, in the order
of their ids, with every field that an answer shows of them before a recorded request changes it. What is never shown
cannot matter to the comparison.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.conform_stage import Ask, Direction

Thing: TypeAlias = tuple[str, int]
"""A resource and an id in it; variations stand under "products"."""

_PATH = re.compile(r"^/wp-json/wc/v3/(products|orders|customers)(?:/(\d+))?$")
_VARIATION = re.compile(r"^/wp-json/wc/v3/products/(\d+)/variations(?:/(\d+))?$")
_CHARGES = frozenset({"shipping_lines", "fee_lines", "coupon_lines"})
_TAKING = frozenset({"processing", "completed", "on-hold"})
_KEPT = {
    "products": (
        "name", "type", "status", "sku", "regular_price", "sale_price", "manage_stock", "stock_quantity", "backorders",
        "tax_class", "tax_status", "virtual", "weight", "description", "short_description",
    ),
    "orders": ("status", "customer_id", "currency", "payment_method", "billing", "shipping", "customer_note"),
    "customers": ("email", "first_name", "last_name", "username", "billing", "shipping"),
}  # fmt: skip


class _Known:
    """What is known of the things that stood there, gathered going through the exchanges."""

    def __init__(self) -> None:
        self.made: set[Thing] = set()
        self.facts: dict[Thing, Body] = {}
        self.parents: dict[int, int] = {}
        self.first_seen: dict[Thing, int] = {}
        self._place = 0
        self._written: dict[Thing, set[str]] = {}
        self._sold: dict[int, int] = {}

    def read(self, place: int, exchange: Body) -> None:
        request, response = exchange["request"], exchange["response"]
        self._place = place
        self.made.update(_made_in_batch(request["path"], response["body"]))
        for kind, body in _shown(request["path"], response["body"]):
            thing = (kind, body["id"])
            if request["method"] == "POST" and response["status"] == 201:
                self.made.add(thing)
            self._see(thing, body, set(request["body"]) if isinstance(request.get("body"), dict) else set())
        for kind, body, sent in _changed_in_batch(request, response["body"]):
            self._see((kind, body["id"]), body, sent)
        for line in _lines(response["body"]):
            self._see_line(line)
        if request["method"] == "POST" and request["path"].endswith("/orders") and response["status"] == 201:
            self._sell(request.get("body"), response["body"])

    def _see(self, thing: Thing, body: Body, sent: set[str]) -> None:
        if thing in self.made:
            return
        written = self._written.setdefault(thing, set())
        written |= sent
        facts = self._facts_of(thing)
        for name in _KEPT[thing[0]]:
            if name in body and name not in written:
                facts.setdefault(name, body[name])
        if "price" in body and not written & {"regular_price", "sale_price"}:
            facts.setdefault("regular_price", body["price"])
        if "stock_quantity" in facts and isinstance(facts["stock_quantity"], int):
            facts.setdefault("manage_stock", True)
            if "sold" not in facts:
                facts["sold"] = self._sold.get(thing[1], 0)

    def _facts_of(self, thing: Thing) -> Body:
        self.first_seen.setdefault(thing, self._place)
        return self.facts.setdefault(thing, {})

    def _see_line(self, line: Body) -> None:
        product, variation = line.get("product_id"), line.get("variation_id")
        if not isinstance(product, int) or not product:
            return
        parent: Thing = ("products", product)
        price = _with_tax(line)
        if isinstance(variation, int) and variation:
            self.parents[variation] = product
            if parent not in self.made:
                told = self._facts_of(parent)
                told.setdefault("type", "variable")
                told.setdefault("name", line.get("parent_name"))
            self._line_facts(("products", variation), line, price)
        else:
            self._line_facts(parent, line, price)

    def _line_facts(self, thing: Thing, line: Body, price: str) -> None:
        if thing in self.made:
            return
        facts = self._facts_of(thing)
        written = self._written.get(thing, set())
        told = {
            "name": line.get("name"),
            "sku": line.get("sku"),
            "tax_class": line.get("tax_class"),
            "regular_price": price,
        }
        for name, value in told.items():
            if value and name not in written:
                facts.setdefault(name, value)
        if thing[1] in self.parents:
            self._choices(thing, self.facts.get(("products", self.parents[thing[1]]), {}), line)

    def _choices(self, thing: Thing, parent: Body, line: Body) -> None:
        """What a sold variation was chosen by stands in the line's meta data: "farg", shown as "Färg"."""
        for row in line.get("meta_data", []):
            if not str(row.get("key", "_")).startswith("_") and "display_key" in row:
                name, option = row["display_key"], row["display_value"]
                self.facts[thing].setdefault("attributes", [{"name": name, "option": option}])
                one = {"name": name, "options": [option], "variation": True, "visible": True}
                parent.setdefault("attributes", [one])

    def _sell(self, order: Json, answer: Body) -> None:
        lines = order.get("line_items", []) if isinstance(order, dict) else []
        sold = [line for line in lines if isinstance(line, dict) and isinstance(line.get("quantity"), int)]
        for line in sold:
            id_ = line.get("variation_id") or line.get("product_id") or 0
            if answer.get("status") in _TAKING:
                self._sold[id_] = self._sold.get(id_, 0) + line["quantity"]
            if len(sold) == 1 and "line_items" not in answer and not set(order) & _CHARGES:
                self._line_facts(("products", id_), {}, _share(answer.get("total"), line["quantity"]))


def _share(total: Json, quantity: int) -> str:
    """The price of one of so many pieces that cost so much; "" where that is not told."""
    return f"{float(total) / quantity:.2f}" if isinstance(total, str) and quantity > 0 else ""


def _changed_in_batch(request: Body, body: Json) -> Iterator[tuple[str, Body, set[str]]]:
    """What a batch changed or deleted, and which fields were sent of it."""
    sent = request.get("body")
    if not (isinstance(body, dict) and isinstance(sent, dict) and request["path"].endswith("/batch")):
        return
    kind = "orders" if "/orders/" in request["path"] else "products"
    for name in ("update", "delete"):
        rows, elements = body.get(name), sent.get(name)
        if isinstance(rows, list) and isinstance(elements, list):
            for row, element in zip(rows, elements, strict=False):
                if isinstance(row, dict) and isinstance(row.get("id"), int) and "error" not in row and row["id"] > 0:
                    yield kind, row, set(element) if isinstance(element, dict) else set()


def _made_in_batch(path: str, body: Json) -> Iterator[Thing]:
    created = body.get("create") if isinstance(body, dict) and path.endswith("/batch") else None
    kind = "orders" if "/orders/" in path else "customers" if "/customers/" in path else "products"
    for row in created if isinstance(created, list) else []:
        if isinstance(row, dict) and isinstance(row.get("id"), int):
            yield kind, row["id"]


def _shown(path: str, body: Json) -> Iterator[tuple[str, Body]]:
    match = _PATH.match(path)
    kind = match[1] if match else "products" if _VARIATION.match(path) else ""
    rows = body if isinstance(body, list) else [body]
    for row in rows if kind else []:
        if isinstance(row, dict) and isinstance(row.get("id"), int) and row["id"] > 0:
            yield kind, row


def _lines(body: Json) -> Iterator[Body]:
    for row in body if isinstance(body, list) else [body]:
        lines = row.get("line_items") if isinstance(row, dict) else None
        yield from (line for line in lines if isinstance(line, dict)) if isinstance(lines, list) else ()


def _with_tax(line: Body) -> str:
    """What one piece of a line cost with tax, as it may have been typed: "" where the line does not tell."""
    try:
        whole = float(line["subtotal"]) + float(line["subtotal_tax"])
        return f"{whole / line['quantity']:.2f}"
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return ""


def _ask(thing: Thing, facts: Body, parents: dict[int, int]) -> Ask:
    kind, id_ = thing
    body = {name: value for name, value in facts.items() if name != "sold" and value is not None}
    if kind == "customers":
        return Ask("POST", "/wp-json/wc/v3/customers", {"email": f"kund{id_}@kund.example", **body})
    if kind == "orders":
        return Ask("POST", "/wp-json/wc/v3/orders", body, id_)
    if isinstance(body.get("stock_quantity"), int):
        body["stock_quantity"] += facts.get("sold", 0)
    if id_ in parents:
        body.pop("name", None)
        return Ask("POST", f"/wp-json/wc/v3/products/{parents[id_]}/variations", body, id_)
    return Ask("POST", "/wp-json/wc/v3/products", {"name": "Vara", **body}, id_)


def past_of(exchanges: list[Body]) -> tuple[Direction, ...]:
    """Directions that make what must have stood there, before the first exchange or, by its id, before the exchange
    that shows it first."""
    known = _Known()
    for place, exchange in enumerate(exchanges):
        known.read(place, exchange)
    first = _first_made(exchanges)
    acts: dict[int, list[Ask]] = {}
    for thing in sorted(known.facts, key=lambda thing: (thing[0] == "orders", thing[1])):
        if thing == ("customers", 1):
            continue
        before = 0 if thing[0] == "customers" or thing[1] < first else known.first_seen[thing]
        acts.setdefault(before, []).append(_ask(thing, known.facts[thing], known.parents))
    return tuple(Direction(before, tuple(asks)) for before, asks in sorted(acts.items()))


def _first_made(exchanges: list[Body]) -> int:
    """The first id of the products' and orders' series that a recorded request got; smaller ones were there before."""
    for exchange in exchanges:
        location = exchange["response"]["headers"].get("Location", "")
        match = re.search(r"/(?:products|orders|coupons)/(\d+)$", location)
        if match:
            return int(match[1])
        batch = [id_ for _, id_ in _made_in_batch(exchange["request"]["path"], exchange["response"]["body"]) if id_]
        if batch:
            return min(batch)
    return 1 << 62
