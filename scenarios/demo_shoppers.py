"""Who shops in the demo, and what: invented Swedish people and companies, the same for the same seed."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

import msgspec
from faker import Faker

from scenarios.demo_doors import Article, Customer, Place, ShopDoor, ShopGlance

TAX_CLASSES = {3: "", 4: "reduced-rate", 5: "super-reduced-rate"}
PERCENTS = {3: Decimal(25), 4: Decimal(12), 5: Decimal(6)}
"""Of the simulated Mamut's VAT codes for sales: the shop's tax class and the percentage."""

COUPON = "HOST10"
STRANGE_SKU = "SAKNAS-1"
"""An article that the shop sells and Mamut has never heard of: its orders are held, and say why."""

STRANGE_SHARE = 0.02
NEW_SHARE = 0.02
"""So many of the buyers, 0 to 1, are people whom Mamut has never heard of; the others are its customers."""

NO_ARTICLE = "DESCRIPTION"
"""Mamut's own article for rows of text: nothing to sell."""

GATEWAYS = (
    ("klarna_payments", "Klarna"),
    ("svea_checkout", "Svea"),
    ("dibs_easy", "Nets Easy"),
    ("bacs", "Banköverföring"),
)
CENT = Decimal("0.01")


class Shoppers:
    """Fills the shop with goods and customers, then sends people to buy."""

    def __init__(self, shop: ShopDoor, seed: int, *, mistakes: bool = False) -> None:
        """With `mistakes` the shop sells one article more than Mamut has."""
        self._shop = shop
        self._mistakes = mistakes
        self._chance = Random(f"shoppers/{seed}")
        self._faker = Faker("sv_SE", use_weighting=False)
        self._faker.seed_instance(seed)
        self._goods: list[dict[str, Any]] = []
        self._strange: dict[str, Any] = {}
        self._regulars: list[dict[str, Any]] = []
        self._people = 0
        self._org_nos: dict[str, str] = {}

    def open_shop(self, articles: Sequence[Article], customers: Sequence[Customer]) -> None:
        """Sells Mamut's articles under the same numbers at the same prices with VAT, to Mamut's customers."""
        rows = [product(article) for article in sold(articles)]
        strange = {"name": "Nyhet utan artikel", "sku": STRANGE_SKU, "regular_price": "149.00", "type": "simple"}
        *self._goods, self._strange = self._shop.create("products", [*rows, strange])
        self._shop.create("coupons", [{"code": COUPON, "discount_type": "percent", "amount": "10"}])
        people = [_regular(customer) for customer in customers if customer.email]
        rows = [
            {
                "email": person["email"],
                "first_name": person["first_name"],
                "last_name": person["last_name"],
                "username": person["email"].partition("@")[0],
                "password": f"{self._chance.getrandbits(96):x}",
                "billing": person,
            }
            for person in people
        ]
        made = self._shop.create("customers", rows)
        self._regulars = [{"id": row["id"], "billing": row["billing"]} for row in made]

    def buy(self, count: int) -> list[ShopGlance]:
        """So many paid orders, as the shop answers them."""
        made = self._shop.create("orders", [self._order() for _ in range(count)])
        return msgspec.convert(made, list[ShopGlance], strict=False)

    def _order(self) -> dict[str, Any]:
        chance = self._chance
        gateway, title = chance.choice(GATEWAYS)
        order: dict[str, Any] = {
            "status": "processing",
            "set_paid": True,
            "payment_method": gateway,
            "payment_method_title": title,
            "transaction_id": f"{chance.getrandbits(64):016x}",
            "line_items": self._lines(),
            "shipping_lines": [self._shipping()],
        }
        if self._regulars and chance.random() >= NEW_SHARE:
            regular = chance.choice(self._regulars)
            order |= {"customer_id": regular["id"], "billing": regular["billing"]}
        else:
            order["billing"] = self._person()
        org_no = self._org_nos.get(order["billing"]["email"])
        if org_no:
            order["meta_data"] = [{"key": "_billing_org_nr", "value": org_no}]
        if chance.random() < 0.15:
            order["coupon_lines"] = [{"code": COUPON}]
        if chance.random() < 0.05:
            order["fee_lines"] = [{"name": "Presentinslagning", "total": "31.20", "tax_status": "taxable"}]
        return order

    def _lines(self) -> list[dict[str, Any]]:
        chance = self._chance
        picked = chance.sample(self._goods, min(len(self._goods), chance.choice((1, 1, 2, 2, 3, 4))))
        if self._mistakes and chance.random() < STRANGE_SHARE:
            picked.append(self._strange)
        return [{"product_id": product["id"], "quantity": chance.choice((1, 1, 1, 2, 3, 7))} for product in picked]

    def _shipping(self) -> dict[str, Any]:
        if self._chance.random() < 0.3:
            return {"method_id": "local_pickup", "method_title": "Hämta i butik", "total": "0.00"}
        return {"method_id": "flat_rate", "method_title": "PostNord", "total": self._chance.choice(("39.20", "55.20"))}

    def _person(self) -> dict[str, Any]:
        self._people += 1
        faker, chance = self._faker, self._chance
        email = f"kund{self._people}@kunder.example"
        company = ""
        if chance.random() < 0.15:
            company = f"{faker.last_name()} Handel AB"
            self._org_nos[email] = _org_no(chance)
        return {
            "first_name": faker.first_name(),
            "last_name": faker.last_name(),
            "company": company,
            "address_1": f"{faker.street_name()} {chance.randint(1, 90)}",
            "postcode": faker.postcode(),
            "city": faker.city(),
            "country": "SE",
            "email": email,
            "phone": f"070-{chance.randint(1_000_000, 9_999_999)}",
        }


def _regular(customer: Customer) -> dict[str, Any]:
    """The address that a customer of Mamut gives in the shop."""
    place = customer.addresses[0] if customer.addresses else Place()
    first, _, last = customer.name.partition(" ")
    company = "" if "private" in customer.kinds else customer.name
    if company and customer.persons:
        first, last = customer.persons[0].first_name, customer.persons[0].last_name
    return {
        "first_name": first,
        "last_name": last,
        "company": company,
        "address_1": place.street,
        "postcode": place.zip,
        "city": place.city,
        "country": place.country,
        "email": customer.email,
        "phone": customer.phone,
    }


def sold(articles: Sequence[Article]) -> list[Article]:
    """Those of Mamut's articles that a shop can sell."""
    return [article for article in articles if article.vat_out in TAX_CLASSES and article.product_no != NO_ARTICLE]


def product(article: Article) -> dict[str, Any]:
    """The article as a product of the shop, at the same price with VAT."""
    with_vat = article.price_out * (100 + PERCENTS[article.vat_out]) / 100
    return {
        "name": article.description,
        "sku": article.product_no,
        "regular_price": str(with_vat.quantize(CENT, ROUND_HALF_UP)),
        "tax_class": TAX_CLASSES[article.vat_out],
        "type": "simple",
    }


def _org_no(chance: Random) -> str:
    """An organisation number with its check digit (Luhn) right, in a series of our own."""
    digits = f"5599{chance.randint(0, 99_999):05d}"
    total = sum(sum(divmod(int(digit) * (2 - place % 2), 10)) for place, digit in enumerate(digits))
    return f"{digits[:6]}-{digits[6:]}{-total % 10}"
