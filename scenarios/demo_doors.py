"""The demo's own way to the two simulated systems: their REST for what people would have set up, their doors under
/simulator/ for the truth. Plain urllib, apart from the agent's own client."""

from __future__ import annotations

import urllib.error
import urllib.request
from datetime import UTC, datetime
from decimal import Decimal
from random import Random
from typing import Any, TypeVar

import msgspec

from agent.remote.woocommerce.auth import AuthWay, Signer

TIMEOUT_S = 120.0
PAGE = 100
LIST_MAX = 500

T = TypeVar("T")

_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Past any proxy of this computer: everything here is on the computer itself."""


class DoorError(Exception):
    """A simulator did not answer as it should. The text holds its answer."""


class Cost(msgspec.Struct, frozen=True):
    """What a simulator's clients have cost it since it started."""

    requests: int
    work_ms: float


class MamutDocument(msgspec.Struct, frozen=True):
    order_no: int
    external_no: str
    dead: bool
    currency: str
    total: Decimal
    status: str = ""


class _Documents(msgspec.Struct, frozen=True):
    documents: list[MamutDocument]


class Article(msgspec.Struct, frozen=True):
    """A product of Mamut as its list gives it."""

    product_no: str
    description: str
    price_out: Decimal
    vat_out: int


class Place(msgspec.Struct, frozen=True):
    street: str = ""
    zip: str = ""
    city: str = ""
    country: str = "SE"


class Name(msgspec.Struct, frozen=True):
    first_name: str = ""
    last_name: str = ""


class Customer(msgspec.Struct, frozen=True):
    """A contact of Mamut as its list gives it."""

    name: str
    kinds: list[str] = []
    email: str = ""
    phone: str = ""
    addresses: list[Place] = []
    persons: list[Name] = []


class _Census(msgspec.Struct, frozen=True):
    contacts: int


class _Session(msgspec.Struct, frozen=True):
    token: str


class ShopGlance(msgspec.Struct, frozen=True):
    """The little of a shop's order that tells what it is worth."""

    id: int
    number: str
    status: str
    currency: str
    total: Decimal


class _Placed(msgspec.Struct, frozen=True):
    ids: list[int]


class MailSent(msgspec.Struct, frozen=True):
    """A mail that the shop has sent: `kind` is the template."""

    at: int
    kind: str
    order_id: int


class _Mails(msgspec.Struct, frozen=True):
    mails: list[MailSent]


class MamutDoor:
    """The simulated Mamut."""

    def __init__(self, address: str, password: str) -> None:
        self.address = address
        self._password = password

    def fill(self, *, seed: int, products: int, contacts: int, mains: int = 0) -> None:
        """Articles and customers. With main articles, which have variants, all have texts and some campaigns."""
        body: dict[str, object] = {"seed": seed, "products": products, "contacts": contacts}
        if mains:
            body |= {"mains": mains, "rich": True}
        _send("POST", f"{self.address}/simulator/fill", body)

    def act(self, name: str, key: str | int = "", /, **body: object) -> dict[str, Any]:
        """What somebody at the company does. Raises DoorError when Mamut refuses it."""
        return _ask("POST", f"{self.address}/simulator/act/{name}/{key}".rstrip("/"), dict[str, Any], body)

    def articles(self) -> list[Article]:
        """Every product."""
        return self._list("products", Article)

    def customers(self) -> list[Customer]:
        """Every contact."""
        return self._list("contacts", Customer)

    def rows(self, what: str) -> list[dict[str, Any]]:
        """A whole list as Mamut gives it. The session of anybody else ends by that."""
        return self._list(what, dict[str, Any])

    def _list(self, what: str, kind: type[T]) -> list[T]:
        """A whole list, through a session of its own that is closed afterwards."""
        login = {
            "client_no": "001",
            "user": "brygga",
            "password": self._password,
            "computer": "demo",
            "replace": True,
        }
        root = f"{self.address}/api/v1"
        token = _ask("POST", f"{root}/session", _Session, login).token
        headers = {"Authorization": f"Bearer {token}"}
        found: list[T] = []
        while True:
            where = f"{root}/{what}?offset={len(found)}&limit={LIST_MAX}"
            page = _ask("GET", where, dict[str, Any], headers=headers)[what]
            if not page:
                break
            found += msgspec.convert(page, list[kind], strict=False)  # type: ignore[valid-type]
        _send("DELETE", f"{root}/session", headers=headers)
        return found

    def documents(self) -> list[MamutDocument]:
        return _ask("GET", f"{self.address}/simulator/documents", _Documents).documents

    def contacts(self) -> int:
        """How many contacts there are."""
        return _ask("GET", f"{self.address}/simulator/census", _Census).contacts

    def cost(self) -> Cost:
        return _ask("GET", f"{self.address}/simulator/cost", Cost)


class ShopDoor:
    """The simulated shop, by the key of its owner."""

    def __init__(self, address: str, key: str, secret: str, seed: int) -> None:
        self.address = address
        nonces = Random(f"demo/{seed}")
        self._signer = Signer(key, secret, AuthWay.OAUTH1, _now, lambda: f"{nonces.getrandbits(128):032x}")

    def create(self, what: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Makes things in batches. Raises DoorError when the shop refuses one."""
        made: list[dict[str, Any]] = []
        for start in range(0, len(rows), PAGE):
            answer = self._ask("POST", f"/{what}/batch", dict[str, Any], {"create": rows[start : start + PAGE]})
            made += answer["create"]
        for row in made:
            if "error" in row:
                raise DoorError(f"the shop refused one of the {what}: {row['error']}")
        return made

    def change(self, what: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the merchant does to one thing. Raises DoorError when the shop refuses it."""
        return self._ask("PUT", f"/{what}", dict[str, Any], body)

    def orders(self) -> list[ShopGlance]:
        """Every order the shop has, of any status."""
        return msgspec.convert(self.rows("id,number,status,currency,total"), list[ShopGlance], strict=False)

    def rows(self, fields: str) -> list[dict[str, Any]]:
        """These fields of every order, of any status, by id."""
        return self._all("/orders", {"status": "any"}, fields)

    def _all(self, path: str, params: dict[str, str], fields: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        while True:
            page = {"per_page": str(PAGE), "page": str(len(found) // PAGE + 1)}
            sort = {"orderby": "id", "order": "asc", "_fields": fields}
            rows = self._ask("GET", path, list[dict[str, Any]], params={**params, **sort, **page})
            found += rows
            if len(rows) < PAGE:
                return found

    def products(self, fields: str) -> list[dict[str, Any]]:
        """These fields of every product, of any status, by id; no variations."""
        return self._all("/products", {"status": "any"}, fields)

    def variations(self, parent_id: int, fields: str) -> list[dict[str, Any]]:
        return self._all(f"/products/{parent_id}/variations", {"status": "any"}, fields)

    def mails(self) -> list[MailSent]:
        return _ask("GET", f"{self.address}/simulator/mails", _Mails).mails

    def place(self, count: int, seed: int, **visit: object) -> list[int]:
        """Shoppers come to the shop window and buy; the ids of their orders. No fault meets them."""
        body = {"n": count, "seed": seed, **visit}
        return _ask("POST", f"{self.address}/simulator/place-orders", _Placed, body).ids

    def cost(self) -> Cost:
        return _ask("GET", f"{self.address}/simulator/cost", Cost)

    def _ask(
        self, method: str, path: str, kind: type[T], body: object = None, params: dict[str, str] | None = None
    ) -> T:
        url, headers = self._signer.sign(method, f"{self.address}/wp-json/wc/v3{path}", params or {})
        return _ask(method, url, kind, body, headers)


def _ask(method: str, url: str, kind: type[T], body: object = None, headers: dict[str, str] | None = None) -> T:
    return msgspec.json.decode(_send(method, url, body, headers), type=kind, strict=False)


def _send(method: str, url: str, body: object = None, headers: dict[str, str] | None = None) -> bytes:
    data = None if body is None else msgspec.json.encode(body)
    request = urllib.request.Request(url, data=data, method=method)  # noqa: S310 - an http address of our own children
    for name, value in {"Content-Type": "application/json", **(headers or {})}.items():
        request.add_header(name, value)
    where = f"{method} {url.partition('?')[0]}"
    try:
        with _DIRECT.open(request, timeout=TIMEOUT_S) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as error:
        raise DoorError(f"{where}: {error.code} {error.read()[:300]!r}") from error
    except OSError as error:
        raise DoorError(f"{where}: {error}") from error


def _now() -> datetime:
    return datetime.now(UTC)
