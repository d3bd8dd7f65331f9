"""Texts as WordPress cleans them, slugs, and how its database compares."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from urllib.parse import quote

_SPACES = re.compile(r"[\r\n\t ]+")
_PERCENT = re.compile(r"%[a-f0-9]{2}", re.IGNORECASE)
_SCRIPT_BLOCK = re.compile(r"<(script|style)[^>]*?>.*?</\1>", re.IGNORECASE | re.DOTALL)


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
