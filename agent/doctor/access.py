"""Whether a shop can be reached, and with which way of showing the key: tried from the outside in."""

from __future__ import annotations

from urllib.parse import urlsplit

import msgspec

from agent.doctor import culprit
from agent.doctor.line import Line, suspicion
from agent.doctor.result import Finding, Result, Test, found, good
from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.model.words import Language, Words, words
from agent.remote.answer import Answer
from agent.remote.trouble import Trouble
from agent.remote.woocommerce.auth import AuthWay
from agent.settings.addresses import is_loopback

_INDEX = "/wp-json/?_fields=name,home,url,namespaces"
_INDEX_PLAIN = "/?rest_route=/&_fields=name,home,url,namespaces"

UNKNOWN_KEY = "woocommerce_rest_cannot_view"
"""What WooCommerce answers where no key arrived, and for one that it does not know (auth[5])."""

WRONG = "woocommerce_rest_authentication_error"
"""For a key with another secret (auth[6]), and for a signature that does not hold (auth[31])."""


class Index(msgspec.Struct, frozen=True):
    """What the site says of itself to anybody."""

    name: str = ""
    home: str = ""
    url: str = ""
    namespaces: tuple[str, ...] = ()


class Tried(Frozen, frozen=True):
    """One way of showing the key: `why` is empty where it worked, else WordPress' code or the trouble's word."""

    way: AuthWay
    works: bool
    why: str = ""


async def address(line: Line, shop: str) -> tuple[Result, Index | None]:
    """Name, TLS, redirections, whatever stands in front, permalinks, and whether WooCommerce is there."""
    try:
        answer = await line.openly(_INDEX)
    except Trouble as trouble:
        return _unreached(trouble, shop), None
    wrong = _suspect(answer, line, shop)
    if wrong is not None:
        return wrong, None
    if answer.status in (301, 302, 303, 307, 308):
        to = _origin(answer.headers.get("location", ""))
        said = words(f"Adressen leder vidare till {to}.", f"The address leads on to {to}.")
        finding = Finding(fault=Fault.SHOP_REDIRECTS, params={"shop": shop, "problem": to})
        return found(Test.SHOP_ADDRESS, said, finding, shop=shop), None
    index = _index(answer)
    if index is None:
        return await _no_index(line, shop, answer), None
    if "wc/v3" not in index.namespaces:
        said = words("WordPress svarar, men WooCommerce är inte igång.", "WordPress answers without WooCommerce.")
        return found(
            Test.SHOP_ADDRESS, said, Finding(fault=Fault.SHOP_NOT_WOOCOMMERCE, params={"shop": shop}), shop=shop
        ), None
    said = words(f"WordPress svarar: {index.name or index.home}.", f"WordPress answers: {index.name or index.home}.")
    if not line.address.startswith("https:") and not is_loopback(urlsplit(line.address).hostname or ""):
        return found(
            Test.SHOP_ADDRESS, said, Finding(fault=Fault.CONNECTION_UNENCRYPTED), shop=shop, warning=True
        ), index
    return good(Test.SHOP_ADDRESS, said, shop), index


async def _no_index(line: Line, shop: str, answer: Answer) -> Result:
    said = words(f"/wp-json/ svarar {answer.status}.", f"/wp-json/ answers {answer.status}.")
    fault = Fault.SHOP_NOT_WOOCOMMERCE
    try:
        if _index(await line.openly(_INDEX_PLAIN)) is not None:
            fault = Fault.SHOP_PERMALINKS_PLAIN
    except Trouble:
        fault = Fault.SHOP_NOT_WOOCOMMERCE
    return found(Test.SHOP_ADDRESS, said, Finding(fault=fault, params={"shop": shop}), shop=shop)


async def keys(line: Line, shop: str) -> tuple[Result, AuthWay | None]:
    """Each way that may be shown is tried, whichever the agent would take: why another fails tells what is in the way.

    The secret is never sent unencrypted, and stands in an address, which web servers log, only where the header fails.
    """
    tried: list[Tried] = []
    wrong: Result | None = None
    for way in (AuthWay.BASIC, AuthWay.OAUTH1, AuthWay.QUERY):
        kept_back = _kept_back(line, way, tried)
        if kept_back:
            tried.append(Tried(way=way, works=False, why=kept_back))
            continue
        try:
            answer = await line.keyed(way)
        except Trouble as trouble:
            wrong = wrong or _unreached(trouble, shop, Test.SHOP_KEYS)
            if not tried:
                return wrong, None  # A shop that hangs is not waited for three times.
            tried.append(Tried(way=way, works=False, why=trouble.detail or trouble.problem))
            continue
        suspect = _suspect(answer, line, shop, Test.SHOP_KEYS)
        wrong = wrong or suspect
        works = answer.status == 200 and suspect is None
        tried.append(Tried(way=way, works=works, why="" if works else _why(answer)))
    result, chosen = await _judged(line, shop, tried)
    # Something in the way of one way is no hindrance where another is open, and explains best where none is.
    return (wrong, None) if chosen is None and wrong is not None else (result, chosen)


def _kept_back(line: Line, way: AuthWay, tried: list[Tried]) -> str:
    if way is not AuthWay.OAUTH1 and not line.address.startswith("https:"):
        return _HTTP
    if way is AuthWay.QUERY and any(each.works and each.way is AuthWay.BASIC for each in tried):
        return _LOGGED
    return ""


async def _judged(line: Line, shop: str, tried: list[Tried]) -> tuple[Result, AuthWay | None]:
    by_way = {each.way: each for each in tried}
    sv, en = (" · ".join(_told(each, language) for each in tried) for language in Language)
    said = words(sv, en)
    secure = line.address.startswith("https:")
    if secure and by_way[AuthWay.BASIC].works:
        return good(Test.SHOP_KEYS, said, shop), AuthWay.BASIC
    if secure and by_way[AuthWay.QUERY].works:
        finding = Finding(fault=Fault.SHOP_HEADER_STRIPPED, culprit=_server_name(line))
        return found(Test.SHOP_KEYS, said, finding, shop=shop, warning=True), AuthWay.QUERY
    if not secure and by_way[AuthWay.OAUTH1].works:
        return good(Test.SHOP_KEYS, said, shop), AuthWay.OAUTH1
    params = {"shop": shop, "address": line.address}
    if secure and await _thinks_http(line):
        guilty = _server_name(line)
        return found(
            Test.SHOP_KEYS, said, Finding(fault=Fault.SHOP_BEHIND_PROXY, params=params, culprit=guilty), shop=shop
        ), None
    forbidden = any(each.why.startswith("403") for each in tried)
    fault = Fault.SHOP_KEY_WITHOUT_RIGHTS if forbidden else Fault.SHOP_KEY_REFUSED
    return found(Test.SHOP_KEYS, said, Finding(fault=fault, params=params), shop=shop), None


async def _thinks_http(line: Line) -> bool:
    """A signature over the http address holds where WordPress does not know that it is https (woo#16990)."""
    try:
        answer = await line.keyed(AuthWay.OAUTH1, signed_as="http" + line.address.removeprefix("https"))
    except Trouble:
        return False
    return answer.status == 200


def _why(answer: Answer) -> str:
    code = culprit.error_code(answer)
    if answer.status == 403:
        return f"403 {code}".strip()
    return code or f"HTTP {answer.status}"


_HTTP, _LOGGED = "http", "logged"

_REASONS = {
    _HTTP: words("provas inte: godtas bara över https", "not tried: accepted over https only"),
    _LOGGED: words("provas inte: behövs inte", "not tried: not needed"),
    UNKNOWN_KEY: words("nyckeln kom inte fram eller är okänd", "the key did not arrive or is unknown"),
    WRONG: words(
        "nyckeln är okänd, eller hemlighet eller signatur stämmer inte", "an unknown key, a wrong secret or signature"
    ),
    "woocommerce_rest_authentication_missing_parameter": words(
        "delar av signaturen kom inte fram", "parts of the signature did not arrive"
    ),
}
_NAMES = {
    AuthWay.BASIC: words("huvudet Authorization", "the Authorization header"),
    AuthWay.QUERY: words("nyckel i adressen", "the key in the address"),
    AuthWay.OAUTH1: words("signatur (OAuth 1.0a)", "signature (OAuth 1.0a)"),
}
_WORKS = words("fungerar", "works")


def _told(tried: Tried, language: Language) -> str:
    name = _NAMES[tried.way].in_(language)
    if tried.works:
        return f"{name}: {_WORKS.in_(language)}"
    return f"{name}: {_REASONS[tried.why].in_(language) if tried.why in _REASONS else tried.why}"


def _suspect(answer: Answer, line: Line, shop: str, test: Test = Test.SHOP_ADDRESS) -> Result | None:
    """The result, where the answer is not WordPress' own; a notice before the JSON does no harm here."""
    seen = suspicion(answer)
    if seen is None or seen.fault is Fault.SHOP_PLUGIN_PRINTS:
        return None
    # An index that is closed to strangers is no hindrance where a key opens what is asked for.
    warning = seen.fault is Fault.SHOP_REST_CLOSED and test is Test.SHOP_ADDRESS
    finding = finding_of(seen.fault, str(seen.guilty), line, shop)
    return found(test, said_of(answer), finding, shop=shop, warning=warning)


def finding_of(fault: Fault, guilty: str, line: Line, shop: str, problem: str = "") -> Finding:
    params = {"shop": shop, "address": line.address, "culprit": guilty, "problem": problem or guilty}
    return Finding(fault=fault, params=params, culprit=guilty)


def said_of(answer: Answer) -> Words:
    kind = answer.headers.get("content-type", "").partition(";")[0] or "?"
    return words(f"Svar: HTTP {answer.status}, {kind}.", f"Answer: HTTP {answer.status}, {kind}.")


def _unreached(trouble: Trouble, shop: str, test: Test = Test.SHOP_ADDRESS) -> Result:
    problem = trouble.detail or trouble.problem
    fault = trouble.fault or Fault.SHOP_UNREACHABLE
    said = words(f"Ingen förbindelse: {problem}.", f"No connection: {problem}.")
    return found(test, said, Finding(fault=fault, params={"shop": shop, "problem": problem}), shop=shop)


def _server_name(line: Line) -> str:
    last = line.watcher.last
    return "" if last is None else last.headers.get("server", "")[:40]


def _index(answer: Answer) -> Index | None:
    start = answer.body.find(b"{")
    if answer.status != 200 or start < 0:
        return None
    try:
        return msgspec.json.decode(answer.body[start:], type=Index)
    except msgspec.DecodeError:
        return None


def _origin(location: str) -> str:
    """Scheme and host alone: the rest may repeat what was asked."""
    parts = urlsplit(location)
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else "/"
