"""Texts as WordPress cleans and shows them: tags, entities, paragraphs, slugs, and how its database compares."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote

_SPACES = re.compile(r"[\r\n\t ]+")
_PERCENT = re.compile(r"%[a-f0-9]{2}", re.IGNORECASE)
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)((?:\"[^\"]*\"|'[^']*'|[^'\">])*)>|<!--.*?-->", re.DOTALL)
_ATTRIBUTE = re.compile(r"([a-zA-Z_:][\w:.-]*)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"'>]+))?")
_AMPERSAND = re.compile(r"&(?!(?:[A-Za-z][A-Za-z0-9]*|#\d+|#[xX][0-9A-Fa-f]+);)")
_SCRIPT_BLOCK = re.compile(r"<(script|style)[^>]*?>.*?</\1>", re.IGNORECASE | re.DOTALL)

_ALLOWED = frozenset((
    "a", "abbr", "address", "article", "aside", "audio", "b", "bdo", "big", "blockquote", "br", "button", "caption",
    "center", "cite", "code", "col", "colgroup", "dd", "del", "details", "dfn", "div", "dl", "dt", "em", "fieldset",
    "figcaption", "figure", "font", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "i",
    "img", "ins", "kbd", "label", "legend", "li", "main", "map", "mark", "menu", "nav", "object", "ol", "p", "pre",
    "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "section", "small", "span", "strike", "strong", "sub",
    "summary", "sup", "table", "tbody", "td", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track",
    "tt", "u", "ul", "var", "video",
))  # fmt: skip
_BLOCKS = (
    "table|thead|tfoot|caption|col|colgroup|tbody|tr|td|th|div|dl|dd|dt|ul|ol|li|pre|form|map|area|blockquote|address|style|"
    "p|h[1-6]|hr|fieldset|legend|section|article|aside|hgroup|header|footer|nav|figure|figcaption|details|menu|summary"
)
_STARTS_BLOCK = re.compile(rf"^</?(?:{_BLOCKS})\b", re.IGNORECASE)


def strip_tags(text: str) -> str:
    """wp_strip_all_tags: scripts go with their text, other tags leave theirs."""
    return re.sub(r"<[^>]*>", "", _SCRIPT_BLOCK.sub("", text)).strip() if "<" in text else text.strip()


@lru_cache(maxsize=65536)
def clean(text: str) -> str:
    """sanitize_text_field (wc_clean): no tags, single spaces, none around (`products_simple[26]`)."""
    if "<" in text:
        text = strip_tags(text)
    text = _SPACES.sub(" ", text).strip()
    if "%" in text:
        text = _SPACES.sub(" ", _PERCENT.sub("", text)).strip()
    return text


def kses(text: str) -> str:
    """Remove what WordPress allows in no post: unknown tags (their text stays, `products_simple[81]`), event
    attributes and javascript addresses; a bare & becomes an entity (`products_simple[78]`)."""
    if "&" in text:
        text = _AMPERSAND.sub("&amp;", text)
    if "<" not in text:
        return text.replace(">", "&gt;") if ">" in text else text
    return _TAG.sub(_kept_tag, text)


def _kept_tag(match: re.Match[str]) -> str:
    name = match[2]
    if name is None or name.lower() not in _ALLOWED:
        return ""
    if match[1]:
        return f"</{name}>"
    kept = []
    for attribute, value in _ATTRIBUTE.findall(match[3]):
        address = html.unescape(value).strip("\"' \t\r\n").lower()
        if attribute.lower().startswith("on") or address.startswith(("javascript:", "vbscript:", "data:")):
            continue
        kept.append(f" {attribute}={value}" if value else f" {attribute}")
    return f"<{name}{''.join(kept)}{' /' if match[3].rstrip().endswith('/') else ''}>"


def paragraphs(text: str) -> str:
    """wpautop: what a reader sees of a description (`products_simple[15]`)."""
    if not text.strip():
        return ""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = re.sub(rf"(</(?:{_BLOCKS})>)", r"\1\n\n", text, flags=re.IGNORECASE)
    text = re.sub(rf"(<(?:{_BLOCKS})(?:\s[^>]*)?>)", r"\n\n\1", text, flags=re.IGNORECASE)
    parts = [part.strip("\n") for part in re.split(r"\n\s*\n", text) if part.strip()]
    done = []
    for part in parts:
        if _STARTS_BLOCK.match(part) or re.match(rf"^[^<]*</(?:{_BLOCKS})>", part, re.IGNORECASE):
            done.append(part)
        else:
            done.append("<p>" + re.sub(r"(?<!<br />)\s*\n", "<br />\n", part.strip()) + "</p>")
    return "\n".join(done) + "\n"


_LETTERS = str.maketrans({
    "ß": "s", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "€": "E", "œ":
    "oe", "Œ": "OE", "þ": "th", "Þ": "TH", "ð": "d", "Ð": "D", "ı": "i", "£": "",
})  # fmt: skip


def without_accents(text: str) -> str:
    if text.isascii():
        return text
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    return unicodedata.normalize("NFC", "".join(one for one in plain if not unicodedata.combining(one)))


@lru_cache(maxsize=65536)
def slug_of(text: str) -> str:
    """sanitize_title: "Kaffekvarn Modell Å" becomes "kaffekvarn-modell-a" (`products_simple[14]`)."""
    text = (
        html.unescape(re.sub(r"<[^>]*>", "", without_accents(text)))
        if "<" in text or "&" in text
        else without_accents(text)
    )
    text = re.sub(r"%(?![a-fA-F0-9]{2})", "", text).lower()
    text = re.sub(r"[\u2013\u2014\u00a0]", "-", text)
    text = re.sub(r"[^\w\s%.\-\u0080-\U0010ffff]", "", text).replace(".", "-")
    text = re.sub(r"-+", "-", re.sub(r"\s+", "-", text)).strip("-")
    return text if text.isascii() else quote(text, safe="%-_").lower()[:200].rstrip("%")


@lru_cache(maxsize=131072)
def folded(text: str) -> str:
    """A text as the database compares it: letters without case and accents, spaces at the end ignored."""
    if text.isascii():
        return text.lower().rstrip(" ")
    return without_accents(text).casefold().rstrip(" ")


def listed(text: str) -> list[str]:
    """Options given as one text are parted by "|" (`products_simple[108]`)."""
    return [part.strip() for part in text.split("|")]
