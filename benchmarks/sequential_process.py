"""A straightforward connector, the way such connectors are written: the public `woocommerce` client for the shop,
requests for Mamut, one thing after the other. `python -m benchmarks.sequential_process MAMUT SHOP LIMIT`.

Pages of paid orders; for each order: is it in Mamut already, who is the customer, make one if nobody, are the articles
there, make the order, write its number back. No journal, no proof of amounts, no recovery. It is written in good faith
and asks no more than it needs: one look-up for all articles of an order, keep-alive to Mamut.
"""

from __future__ import annotations

import sys
import time
from typing import Any

import msgspec
import requests
from woocommerce import API

from benchmarks.market import PASSWORD, SHOP, Figures
from benchmarks.memory import peak_mb
from simulators.woocommerce.options import READ_WRITE

VAT_CODES = {"": 3, "reduced-rate": 4, "super-reduced-rate": 5}
FREIGHT = "FRAKT"
TIMEOUT_S = 60


class Sequential:
    def __init__(self, mamut: str, shop: str) -> None:
        self._root = f"{mamut}/api/v1"
        self._mamut = requests.Session()
        self._mamut.trust_env = False
        self._shop = API(
            url=shop,
            consumer_key=READ_WRITE.consumer_key,
            consumer_secret=READ_WRITE.consumer_secret,
            version="wc/v3",
            timeout=TIMEOUT_S,
        )
        self.requests = 0
        self.orders = 0

    def run(self, limit: int) -> None:
        login = {"client_no": "001", "user": "brygga", "password": PASSWORD, "computer": "plain", "replace": True}
        self._mamut.headers["Authorization"] = f"Bearer {self._call('POST', 'session', login)['token']}"
        page = 1
        while self.orders < limit:
            params = {"status": "processing", "per_page": 100, "page": page, "orderby": "id", "order": "asc"}
            orders = self._ask_shop("get", "orders", params=params)
            for order in orders[: limit - self.orders]:
                self._transfer(order)
                self.orders += 1
            if len(orders) < 100:
                return
            page += 1

    def _transfer(self, order: dict[str, Any]) -> None:
        external_no = f"{SHOP}:{order['number']}"
        if self._call("POST", "orders/lookup", {"external_nos": [external_no]})["orders"]:
            return
        contid = self._contact(order["billing"])
        numbers = sorted({line["sku"] for line in order["line_items"]} | {FREIGHT})
        known = self._call("POST", "products/lookup", {"product_nos": numbers})["products"]
        if len(known) < len(numbers):
            self._call(
                "POST", "products", {"product_no": FREIGHT, "description": "Frakt", "vat_out": 3, "use_store": False}
            )
        document = self._call("POST", "orders", _document(order, external_no, contid))
        mark = [{"key": "_mamut_order_no", "value": str(document["order_no"])}]
        self._ask_shop("put", f"orders/{order['id']}", data={"meta_data": mark})

    def _contact(self, billing: dict[str, Any]) -> int:
        found = self._call("POST", "contacts/lookup", {"emails": [billing["email"]]})["contacts"]
        if found:
            return int(found[0]["contid"])
        name = billing["company"] or f"{billing['first_name']} {billing['last_name']}"
        address = {
            "type": "main",
            "street": billing["address_1"],
            "zip": billing["postcode"],
            "city": billing["city"],
            "country": billing["country"],
        }
        made = self._call(
            "POST",
            "contacts",
            {"name": name[:50], "kinds": ["customer"], "email": billing["email"], "addresses": [address]},
        )
        return int(made["contid"])

    def _call(self, method: str, path: str, body: object) -> Any:
        self.requests += 1
        answer = self._mamut.request(method, f"{self._root}/{path}", data=msgspec.json.encode(body), timeout=TIMEOUT_S)
        answer.raise_for_status()
        return answer.json()

    def _ask_shop(self, method: str, path: str, **more: Any) -> Any:
        self.requests += 1
        answer = self._shop.get(path, **more) if method == "get" else self._shop.put(path, more["data"])
        answer.raise_for_status()
        return answer.json()


def _document(order: dict[str, Any], external_no: str, contid: int) -> dict[str, object]:
    lines = [
        {
            "product_no": line["sku"],
            "description": line["name"][:80],
            "qty": str(line["quantity"]),
            "line_sum": line["total"],
            "vat_code": VAT_CODES[line["tax_class"]],
        }
        for line in order["line_items"]
    ]
    lines += [
        {"product_no": FREIGHT, "description": "Frakt", "qty": "1", "line_sum": line["total"], "vat_code": 3}
        for line in order["shipping_lines"]
        if float(line["total"])
    ]
    return {
        "kind": "order",
        "external_no": external_no,
        "contid": contid,
        "origin_web": True,
        "order_date": order["date_created"][:10],
        "currency": order["currency"],
        "rounding": 1,
        "lines": lines,
    }


if __name__ == "__main__":
    mamut_address, shop_address, most = sys.argv[1:]
    began, cpu = time.monotonic(), time.process_time()
    connector = Sequential(mamut_address, shop_address)
    connector.run(int(most))
    figures = Figures(
        cpu_s=time.process_time() - cpu,
        seconds=time.monotonic() - began,
        requests=connector.requests,
        orders=connector.orders,
        rss_mb=peak_mb(),
    )
    sys.stdout.write(msgspec.json.encode(figures).decode() + "\n")
