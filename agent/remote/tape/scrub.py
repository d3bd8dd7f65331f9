"""A request and an answer as a tape may hold them: nobody's name, no secret, the structure as it was.

Personal data is replaced in what the agent asks and in what it is answered by one and the same `Inventor`, so that a
request still asks for what an answer told.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from agent.remote.net import Answer
from agent.remote.tape.fields import (
    BY_NAME,
    BY_PLACE,
    COMPUTER,
    GIFT_CARD_META,
    KEPT_HEADERS,
    REMOVED,
    SECRET_PARAMETERS,
    SHOP_TABLES,
    Kind,
)
from agent.remote.tape.invent import Inventor
from agent.remote.woocommerce.translate import MARK_META
from agent.settings.tree import Settings, ShopSettings

MAMUT = "mamut"

BROKEN_JSON = '{"removed'
"""Stands for an answer that begins like JSON and is none."""

NO_JSON = "removed"
"""Stands for an answer that is no JSON: a web server's page, nothing at all."""

_JSON_START = re.compile(rb"[\[{]")
_OWN_NOTE = re.compile(r"Mamut \d+")
_NUMBER = re.compile(r"[\w\s\-/.()+]*")
_LETTERS_MAX = 4
_COUNTRY_CHARS = 3
_POSTCODE_CHARS = 12
_COMPOSED = frozenset(("fixed_text",))
_LINES = frozenset(("line_items", "shipping_lines", "fee_lines", "coupon_lines", "tax_lines"))
_DECODER = msgspec.json.Decoder(float_hook=Decimal)


class Scrubber:
    """Replaces and removes. `settings` are the true ones: they name the meta that hold numbers."""

    def __init__(self, inventor: Inventor, settings: Settings) -> None:
        self._inventor = inventor
        self._metas: dict[str, Kind] = {MARK_META: Kind.ORDER_NO}
        self._hosts = {_host(settings.mamut.address): f"{MAMUT}.example"}
        for shop in settings.shop:
            self._metas.update(dict.fromkeys(shop.orders.payment_reference_meta, Kind.REFERENCE))
            customers = shop.customers
            self._metas.update(dict.fromkeys(customers.customer_number_meta, Kind.KEEP))
            self._metas.update(dict.fromkeys(customers.org_no_meta, Kind.NUMBER))
            self._metas.update(dict.fromkeys(customers.vat_no_meta, Kind.VAT_NO))
            self._hosts[_host(shop.address)] = f"{shop.key}.shop.example"
        self._asking = False
        self._plugins = False
        self._simple: dict[Kind, Callable[[str], str]] = {
            Kind.ROWS: lambda text: inventor.rows(text, ()),
            Kind.DESCRIPTION: lambda text: inventor.description(text, ()),
            Kind.KEY: inventor.key,
            Kind.REFERENCE: lambda text: inventor.reference(text, asking=self._asking),
            Kind.EXT_ID: inventor.ext_id,
            Kind.CARD: inventor.card,
            Kind.URL: self.address,
            Kind.COMPUTER: lambda _: COMPUTER,
        }

    # -- what goes over the wire -------------------------------------------------------------------------------------

    def asked(self, url: str, root: str, body: bytes | None) -> dict[str, Any]:
        """The path below the system's own address, the parameters and the body of a request."""
        self._asking = True
        try:
            asked: dict[str, Any] = plain_request(url, root, body)
            asked["params"] = {name: self.value(text, name) for name, text in asked["params"].items()}
            if "body" in asked:
                asked["body"] = self.value(asked["body"])
            return asked
        finally:
            self._asking = False

    def answered(self, answer: Answer, *, plugins: bool = False) -> dict[str, Any]:
        """The status, headers and body of an answer; `plugins` of a system to whose answers anybody may add."""
        self._plugins = plugins
        told: dict[str, Any] = {
            "status": answer.status,
            "headers": {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers},
        }
        body = answer.body
        found = _JSON_START.search(body)
        if found is None:
            return told | ({"text": NO_JSON} if body else {"text": ""})
        try:
            value = _DECODER.decode(body[found.start() :])
        except (msgspec.DecodeError, UnicodeDecodeError):
            return told | {"text": BROKEN_JSON if found.start() == 0 else f"{NO_JSON} {BROKEN_JSON}"}
        told["body"] = self.value(value)
        if found.start():
            told["before"] = NO_JSON  # A notice of PHP stood there, and notices tell where and whose the server is.
        return told

    def settings(self, settings: Settings) -> dict[str, Any]:
        """The settings as data, with invented addresses, names and references. Articles, methods and keys stay.

        Who gets mail, where from, and under which names people open the admin is nothing that a replay could need.
        """
        made: dict[str, Any] = msgspec.to_builtins(settings)
        for people in ("mail", "admin"):
            del made[people]
        made["data_dir"] = ""
        made["mamut"]["address"] = self.address(settings.mamut.address)
        made["mamut"]["user"] = self._inventor.text(settings.mamut.user)
        made["mamut"]["client_no"] = self._leaf(settings.mamut.client_no, Kind.NUMBER, "client_no", ())
        for row, shop in zip(made["shop"], settings.shop, strict=True):
            self._shop(row, shop)
        return made

    def _shop(self, row: dict[str, Any], shop: ShopSettings) -> None:
        row["address"] = self.address(shop.address)
        row["name"] = self._inventor.text(shop.name)
        row["orders"]["our_reference"] = self._inventor.text(shop.orders.our_reference)
        for rule in row["rules"]:
            rule["name"] = self._inventor.text(rule["name"])
            rule["when"]["coupon"] = [self._inventor.text(code) for code in rule["when"]["coupon"]]
            rule["when"]["meta"] = {key: self._meta(key, text) for key, text in rule["when"]["meta"].items()}

    def address(self, address: str) -> str:
        """A system's address: the scheme decides how the key is shown, so it stays."""
        try:
            parts = urlsplit(address)
        except ValueError:  # No address at all: half a bracket.
            return self._inventor.text(address)
        host = self._hosts.get(_host(address))
        path = self._inventor.text(parts.path)
        return (
            f"{parts.scheme}://{host}{path}" if host else f"{parts.scheme}://{self._inventor.text(parts.netloc)}{path}"
        )

    # -- values ------------------------------------------------------------------------------------------------------

    def value(self, value: Any, name: str = "", place: str = "", kept: tuple[str, ...] = ()) -> Any:
        """Any value of JSON; `name` is what it stands under, `place` what that stands in."""
        if self._is_a_plugins(value, name):
            return self._free(value)
        if isinstance(value, dict):
            return self._table(value, name, place, kept)
        if isinstance(value, list):
            if name == "meta_data":
                return [self._meta_row(row, place) for row in value]
            return [self.value(row, name, place, kept) for row in value]
        kind = BY_PLACE.get((place, name)) or BY_NAME.get(name, Kind.TEXT)
        return self._leaf(value, kind, name, kept)

    def _is_a_plugins(self, value: Any, name: str) -> bool:
        if not self._plugins or self._asking or name in SHOP_TABLES or not name:
            return False
        return isinstance(value, dict) or (
            isinstance(value, list) and any(isinstance(row, dict | list) for row in value)
        )

    def _table(self, table: dict[str, Any], name: str, place: str, kept: tuple[str, ...]) -> dict[str, Any]:
        external_no = table.get("external_no")
        if isinstance(external_no, str):
            kept = tuple(part for part in re.split(r"[:/]", external_no) if part)
            self._inventor.numbers.update(part for part in kept[1:] if part.isdigit())
        self._first(table)
        if name == "meta_data":
            return {at: self._meta_row(row, place) for at, row in table.items()}
        made = {key: self.value(value, key, name, kept) for key, value in table.items()}
        if table.get("id") == "woocommerce_currency" and "value" in table:
            made["value"] = table["value"]
        return made

    def _first(self, table: dict[str, Any]) -> None:
        """What other fields of the same table are made of comes first."""
        email = table.get("email")
        if isinstance(email, str):
            self._inventor.text(email)
        for name in ("postcode", "zip", "country"):
            if isinstance(table.get(name), str):
                self.value(table[name], name)

    def _meta_row(self, row: Any, place: str) -> Any:
        if not isinstance(row, dict) or not isinstance(row.get("key"), str):
            return self.value(row, "", "")
        key = row["key"]
        made = {
            name: self._meta(key, value) if name == "value" else self.value(value, name) for name, value in row.items()
        }
        made["key"] = self._inventor.text(key) if place in _LINES and not key.startswith("_") else key
        return made

    def _meta(self, key: str, value: Any) -> Any:
        if key == GIFT_CARD_META and isinstance(value, dict):
            return {self._inventor.card(str(code)): amount for code, amount in value.items()}
        if isinstance(value, dict | list):
            return self._free(value)
        return self._leaf(value, self._metas.get(key, Kind.TEXT), key, ())

    def _free(self, value: Any) -> Any:
        """A plugin's own structure: nothing in it is known, its names as little as its values."""
        if isinstance(value, dict):
            return {self._inventor.text(str(name)): self._free(each) for name, each in value.items()}
        if isinstance(value, list):
            return [self._free(each) for each in value]
        return self._leaf(value, Kind.TEXT, "", ())

    def _leaf(self, value: Any, kind: Kind, name: str, kept: tuple[str, ...]) -> Any:
        if kind is Kind.SECRET:
            return REMOVED if value else value
        if isinstance(value, int) and not isinstance(value, bool) and kind in (Kind.TEXT, Kind.NUMBER, Kind.KEY):
            return int(self._inventor.number(str(value))) if value > 9999 else value
        if kind is Kind.KEEP or not isinstance(value, str) or not value:
            return value
        return self._replaced(value, kind, name, kept)

    def _replaced(self, value: str, kind: Kind, name: str, kept: tuple[str, ...]) -> str:
        simple = self._simple.get(kind)
        if simple is not None:
            return simple(value)
        if self._stays(value, kind):
            return value
        letters = sum(char.isalpha() for char in value)
        if kind is Kind.VAT_NO and letters <= _LETTERS_MAX:
            return self._inventor.vat_no(value)
        # A text in a field for numbers may tell a name; letters that stand for a country are no name.
        few = 0 if name in ("phone", "phones") else _LETTERS_MAX - 1
        if kind is Kind.NUMBER and letters <= few and _NUMBER.fullmatch(value):
            return self._inventor.number(value)
        return self._inventor.text(value, kept if name in _COMPOSED else (), cut=self._asking)

    def _stays(self, value: str, kind: Kind) -> bool:
        """What is kept, and is remembered, for texts that the agent makes may hold it."""
        match kind:
            case Kind.NOTE:
                return _OWN_NOTE.fullmatch(value) is not None
            case Kind.ORDER_NO:
                self._inventor.numbers.add(value)
                return True
            case Kind.POSTCODE if len(value) <= _POSTCODE_CHARS:
                self._inventor.places.add(" ".join(value.split()))
                return True
            case Kind.COUNTRY if len(value) <= _COUNTRY_CHARS:
                self._inventor.places.add(value)
                return True
        return False


def plain_request(url: str, root: str, body: bytes | None) -> dict[str, Any]:
    """A request without its secrets, and otherwise as it is: what a replay compares."""
    parts = urlsplit(url)
    base = urlsplit(root).path.rstrip("/")
    params = dict(parse_qsl(parts.query, keep_blank_values=True))
    plain: dict[str, Any] = {
        "path": parts.path.removeprefix(base),
        "params": {name: text for name, text in params.items() if not name.startswith(SECRET_PARAMETERS)},
    }
    if body is not None:
        plain["body"] = _without_secrets(_DECODER.decode(body))
    return plain


def _without_secrets(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    made = dict(value)
    for name in value:
        kind = BY_NAME.get(name)
        if kind is Kind.SECRET:
            made[name] = REMOVED
        elif kind is Kind.COMPUTER:
            made[name] = COMPUTER
    return made


def way_of(url: str, headers: dict[str, str]) -> str:
    """How a request shows its key, without the key."""
    for name, text in headers.items():
        if name.lower() == "authorization":
            return text.partition(" ")[0].lower()
    query = urlsplit(url).query
    if "oauth_signature=" in query:
        return "oauth1"
    return "query" if "consumer_key=" in query else "none"


def _host(address: str) -> str:
    return urlsplit(address).netloc.lower().removeprefix("www.")
