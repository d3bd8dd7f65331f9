"""Who is guilty of an answer that is none: read from its headers and from what PHP and firewalls write into it.

Signs of plugins and firewalls are what their public sources and pages show; none is more than a sign, so the words say
"by its headers" only where a header names its owner.
"""

from __future__ import annotations

import re

import msgspec

from agent.model.order import Frozen
from agent.remote.answer import Answer

_HEAD = 65_536
"""Bytes of an answer that are looked through."""

_PHP_FILE = re.compile(r"wp-content/(plugins|mu-plugins|themes)/([\w.-]+)((?:/[\w.-]+)*?\.php)?(?:[^\d\n]{0,20}(\d+))?")
_NOTICE = re.compile(r"(Notice|Warning|Deprecated|Fatal error|Parse error)\b", re.IGNORECASE)

_FIREWALL_HEADERS = (
    ("cf-mitigated", "", "Cloudflare"),
    ("cf-ray", "", "Cloudflare"),
    ("x-sucuri-id", "", "Sucuri"),
    ("x-sucuri-block", "", "Sucuri"),
    ("x-iinfo", "", "Imperva"),
    ("server", "cloudflare", "Cloudflare"),
    ("server", "imunify360", "Imunify360"),
    ("server", "ddos-guard", "DDoS-Guard"),
)
_FIREWALL_TEXTS = (
    ("wordfence", "Wordfence"),
    ("sucuri", "Sucuri"),
    ("imunify360", "Imunify360"),
    ("mod_security", "ModSecurity"),
    ("modsecurity", "ModSecurity"),
    ("incapsula", "Imperva"),
    ("ninjafirewall", "NinjaFirewall"),
    ("attention required! | cloudflare", "Cloudflare"),
    ("just a moment...", "Cloudflare"),
    ("one moment, please", "bot check of the host"),
    ("maintenance", "maintenance mode"),
)
_CLOSING_CODES = {
    "itsec_rest_api_access_restricted": "Solid Security",
    "rest_cannot_access": "Disable REST API",
    "rest_login_required": "a plugin that asks for login",
    "rest_api_authentication_required": "WP REST API Authentication",
    "rest_disabled": "a plugin that disables REST",
    "jwt_auth_invalid_token": "JWT Authentication",
    "jwt_auth_bad_auth_header": "JWT Authentication",
}
"""Error codes by which plugins close REST; WooCommerce has none of them."""


class Culprit(Frozen, frozen=True):
    """`name` is the plugin's or theme's folder, the firewall, or the web server; `place` the file and line in it."""

    name: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.place})" if self.place else self.name


class _Told(msgspec.Struct):
    message: str = ""
    file: str = ""
    line: int = 0


class _Data(msgspec.Struct):
    error: _Told | None = None


class _Error(msgspec.Struct):
    code: str = ""
    message: str = ""
    data: _Data | None = None


def of_php(text: str) -> Culprit | None:
    """The first plugin or theme that a message or a stack trace of PHP names, WooCommerce only if no other is."""
    first: Culprit | None = None
    for kind, name, rest, line in _PHP_FILE.findall(text):
        place = f"{name}{rest}{f' {line}' if line and rest else ''}" if rest else ""
        shown = f"theme {name}" if kind == "themes" else name.removesuffix(".php")
        found = Culprit(name=shown, place=place)
        if name != "woocommerce":
            return found
        first = first or found
    return first


def notice(answer: Answer) -> Culprit | None:
    """Who prints before the JSON; None for an answer that is clean."""
    body = answer.body
    if body[:1] in (b"[", b"{") or _is_page(answer):
        return None
    text = _text(body)
    start = min((at for at in (text.find("["), text.find("{")) if at >= 0), default=-1)
    if start <= 0 or not _NOTICE.search(text[:start]):
        return None
    return of_php(text[:start]) or Culprit(name="PHP")


def crash(answer: Answer) -> Culprit | None:
    """Who broke PHP off: by what WordPress tells staff of a fatal error, or by PHP's own words."""
    if answer.status < 500:
        return None
    told = _error(answer)
    if told is not None and told.data is not None and told.data.error is not None:
        error = told.data.error
        named = of_php(f"{error.file}:{error.line}\n{error.message}")
        return named or Culprit(name=error.file.rpartition("/")[2] or "PHP")
    text = _text(answer.body)
    if "fatal error" in text.lower() or "parse error" in text.lower():
        return of_php(text) or Culprit(name="PHP")
    if told is not None and told.code == "internal_server_error":
        return Culprit(name="WordPress")
    return None


def page(answer: Answer) -> Culprit | None:
    """Who sends a web page with status 200 where JSON was asked for."""
    return (firewall(answer) or _server(answer)) if answer.status < 300 and _is_page(answer) else None


def firewall(answer: Answer) -> Culprit | None:
    """Who stands in front: a firewall that tells its name. Only asked of answers that are not WordPress' own."""
    if _error(answer) is not None:
        return None
    text = _text(answer.body[:8192]).lower()
    for sign, name in _FIREWALL_TEXTS:
        if sign in text:
            return Culprit(name=name)
    for header, part, name in _FIREWALL_HEADERS:
        if header in answer.headers and part in answer.headers[header].lower():
            return Culprit(name=name)
    return None


def blocked(answer: Answer) -> Culprit | None:
    """Who refuses us before WordPress is asked: 403, 406, 429 or 503 with anything but WordPress' JSON."""
    if answer.status not in (401, 403, 405, 406, 418, 429, 503) or _error(answer) is not None:
        return None
    if answer.status == 401 and "www-authenticate" in answer.headers:
        return Culprit(name="password protection of the web server", place=f"HTTP {answer.status}")
    return firewall(answer) or _server(answer)


def closed(answer: Answer) -> Culprit | None:
    """The plugin that closes REST to whoever is not logged in."""
    told = _error(answer)
    if told is None or answer.status not in (401, 403):
        return None
    name = _CLOSING_CODES.get(told.code)
    return Culprit(name=name, place=told.code) if name else None


def error_code(answer: Answer) -> str:
    """WordPress' own error code, empty for anything else."""
    told = _error(answer)
    return "" if told is None else told.code


def _server(answer: Answer) -> Culprit:
    """The web server, by its header or the foot of its page."""
    text = _text(answer.body[:4096]).lower()
    named = answer.headers.get("server", "").partition("/")[0]
    known = next((name for name in ("nginx", "apache", "litespeed", "varnish", "iis") if name in text), "")
    name = (named or known or "web server")[:40]
    return Culprit(name=name, place=f"HTTP {answer.status}")


def _is_page(answer: Answer) -> bool:
    return "html" in answer.headers.get("content-type", "") and b"<html" in answer.body[:2048].lower()


def _error(answer: Answer) -> _Error | None:
    try:
        told = msgspec.json.decode(answer.body, type=_Error)
    except msgspec.DecodeError:
        return None
    return told if told.code else None


def _text(body: bytes) -> str:
    return body[:_HEAD].decode("utf-8", "replace").replace("\\/", "/")
