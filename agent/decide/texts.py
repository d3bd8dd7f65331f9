"""Texts as Mamut can keep them: Windows-1252, within each field's length. Every change is a Note.

Lengths are those of the GBAO10 order format and of the contract in docs/mamut-api.md.
"""

from __future__ import annotations

import re
import unicodedata

from anyascii import anyascii

from agent.messages import Note

NAME_CHARS = 50
ADDRESS_CHARS = 150
REFERENCE_CHARS = 30
TEXT_CHARS = 200
DESCRIPTION_CHARS = 60
ARTICLE_NO_CHARS = 50
EXTERNAL_NO_CHARS = 50
EMAIL_CHARS = 100
PHONE_CHARS = 30
PLACE_CHARS = 30

_BREAKS = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]+")
_SPACES = re.compile("[^\\S\n]+")
_AROUND_BREAK = re.compile(" ?\n[ \n]*")


def encodable(text: str) -> str:
    """The same text in the characters of Windows-1252: Polish ł becomes l, Москва Moskva; nothing becomes "?"."""
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return "".join(char if _is_kept(char) else anyascii(char) for char in text)
    return text


def line(text: str, limit: int, field: str, notes: list[Note]) -> str:
    """A text of one row. What had to be changed is added to `notes`."""
    if len(text) <= limit and _is_clean(text):
        return text
    return _shortened(_one_row(text, field, notes), limit, field, notes)


def block(text: str, limit: int, field: str, notes: list[Note]) -> str:
    """A text of several rows, parted by a line feed each; empty rows are left out."""
    text = _kept(_CONTROLS.sub(" ", _BREAKS.sub("\n", text)), field, notes)
    return _shortened(_AROUND_BREAK.sub("\n", _SPACES.sub(" ", text)).strip(), limit, field, notes)


def rows(texts: list[str], limit: int, field: str, notes: list[Note]) -> str:
    """Rows of an address in one block. When they are too long together the longest give way, so that the last, which
    hold postcode, city and country, stay whole while they can."""
    clean = [text if _is_clean(text) else _one_row(text, field, notes) for text in texts if text]
    clean = [text for text in clean if text]
    excess = sum(map(len, clean)) + len(clean) - 1 - limit
    if excess > 0:
        notes.append(Note(code="text_shortened", field=field, detail=f"{limit + excess} > {limit}"))
    while excess > 0:
        longest = max(range(len(clean)), key=lambda at: len(clean[at]))
        others = sorted((len(text) for text in clean), reverse=True)
        step = min(excess, max(1, others[0] - (others[1] if len(others) > 1 else 0)))
        excess -= step
        clean[longest] = clean[longest][: len(clean[longest]) - step]
    return "\n".join(text for text in map(str.rstrip, clean) if text)


def country(code: str, known: frozenset[str], field: str, notes: list[Note]) -> str:
    """A country that Mamut's register holds, else none and a note: it refuses a document for one it does not know, and
    a shop's order may have any text there (orders_create[65]) or a code that ISO 3166 lacks (XK)."""
    if not code or code in known:
        return code
    notes.append(Note(code="country_not_in_mamut", field=field))
    return ""


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, ending with a whole word unless that would lose more than a third.

    A character of Windows-1252 is a whole letter: accents that stand alone were joined or lost before.
    """
    if len(text) <= limit:
        return text
    at = limit
    if not text[at].isspace():
        space = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at))
        if space * 3 >= limit * 2:
            at = space
    return text[:at].rstrip(" ,;:-\n")


def _is_clean(text: str) -> bool:
    """What nearly every text is: nothing to change in it. Of all spaces and breaks only the plain space is printable,
    and of Latin-1 all that is printable is in Windows-1252 too, which is slower to ask."""
    if not text.isprintable() or "  " in text or text[:1] == " " or text[-1:] == " ":
        return False
    if text.isascii():
        return True
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return _is_kept(text)
    return True


def _is_kept(char: str) -> bool:
    try:
        char.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True


def _kept(text: str, field: str, notes: list[Note]) -> str:
    kept = encodable(text)
    if kept != text and kept != unicodedata.normalize("NFC", text):
        notes.append(Note(code="characters_replaced", field=field))
    return kept


def _one_row(text: str, field: str, notes: list[Note]) -> str:
    return " ".join(_kept(_CONTROLS.sub(" ", text), field, notes).split())


def _shortened(text: str, limit: int, field: str, notes: list[Note]) -> str:
    if len(text) <= limit:
        return text
    notes.append(Note(code="text_shortened", field=field, detail=f"{len(text)} > {limit}"))
    return cut(text, limit)
