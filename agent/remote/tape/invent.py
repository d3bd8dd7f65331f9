"""Invented data for true data: the same in, the same out, as long as one tape is being recorded.

Words are replaced one by one, by words of the same length and the same use of capitals, so that what the agent makes of
texts (a first and a last name joined, capitals lost, a long row cut between words) comes out the same whether it is
made of the true texts or of the invented ones. That is why a tape can be replayed without a difference.

The key is drawn anew for each tape and kept nowhere, and a word is hashed whole: what stood there cannot be computed
from what stands there now.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from hashlib import blake2b
from html import unescape
from itertools import count

from agent.decide.external import email_digest
from agent.decide.lines import DISCOUNT_TEXT, FEE_TEXT, GIFT_CARD_TEXT, ROUNDING_TEXT, SHIPPING_TEXT
from agent.decide.texts import REFERENCE_CHARS, encodable, line

KEPT_WORDS = frozenset(
    text.casefold()
    for text in (
        *(ROUNDING_TEXT, DISCOUNT_TEXT, GIFT_CARD_TEXT, SHIPPING_TEXT, FEE_TEXT),
        *("yes", "no", "true", "false", "on", "off"),
    )
)
"""What the agent itself writes into documents, and what shops answer for yes and no."""

_VOWELS = "aeiouy"
_CONSONANTS = "bdfghklmnprstvxzqwj"
_RARE = "xzwq"
_LOWER = "abcdefghijklmnopqrstuvwxyz"

_AMOUNT = re.compile(r"-?\d+\.\d{1,6}")
_ENTITY = re.compile(r"&#?\w{1,10};")
_TOKEN = re.compile(
    r"(?P<entity>&#?\w{1,10};)"
    r"|(?P<email>[^\s@<>,;:\"'()\[\]/=?&]+@[^\s@<>,;:\"'()\[\]/=?&]+\.[^\W\d_]{2,})"
    r"|(?P<ip4>(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]))"
    r"|(?P<ip6>(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){3,7}[0-9A-Fa-f]{0,4}(?![\w:]))"
    r"|(?P<group>\d(?:[ \-/().]{0,3}\d){5,})"
    r"|(?P<digits>\d{4,})"
    r"|(?P<word>[^\W\d_]+)"
)
_LINK = re.compile(r"[a-z]+://\S+", re.IGNORECASE)
_PIECES = re.compile(r"\d+|\D+")
_HIDDEN_CARD = re.compile(r"…(\S{4})$")

_MAX_TRIES = 60


class Inventor:
    """Invents. `key` is the secret that decides what comes out."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._words: dict[str, str] = {}
        self._groups: dict[str, str] = {}
        self._taken: set[str] = set()
        self._digests: dict[str, str] = {}
        self._texts: dict[str, str] = {}
        self._cards: dict[str, str] = {}
        self._references: dict[str, str] = {}
        self.numbers: set[str] = set()
        """Numbers that are kept wherever they stand: orders', documents'."""
        self.places: set[str] = set()
        """Postcodes and countries, which are kept where they begin a row of an address."""

    # -- texts -------------------------------------------------------------------------------------------------------

    def text(self, text: str, kept: tuple[str, ...] = (), *, cut: bool = False) -> str:
        """Any text. What stands in `kept` stays; with `cut` the last word of a row may be the beginning of a known
        one, for the agent shortens what Mamut has no room for."""
        if not text or _AMOUNT.fullmatch(text) or text in self.numbers:
            return text
        if not kept and not cut and (known := self._texts.get(text)) is not None:
            return known
        plain = encodable(_ENTITY.sub(_letter, text)) if "&" in text else encodable(text)
        made = self._around(plain, kept, cut=cut)
        if not kept and not cut and len(text) < 200:
            if len(self._texts) > 50_000:
                self._texts.clear()
            self._texts[text] = made
        return made

    def _around(self, text: str, kept: tuple[str, ...], *, cut: bool) -> str:
        for phrase in kept:
            before, found, after = _split_at(text, phrase)
            if found:
                return self._around(before, kept, cut=False) + phrase + self._around(after, kept, cut=cut)
        end = len(text)
        return _TOKEN.sub(lambda match: self._token(match, cut=cut and match.end() == end), text)

    def rows(self, text: str, kept: tuple[str, ...]) -> str:
        """A letter's address: rows that begin with a postcode, or are a country, keep it."""
        return "\n".join(self._address_row(row, kept) for row in text.split("\n"))

    def _address_row(self, row: str, kept: tuple[str, ...]) -> str:
        parts = row.split(" ")
        for length in range(min(len(parts), 4), 0, -1):
            place = " ".join(parts[:length])
            if place in self.places:
                rest = " ".join(parts[length:])
                return f"{place} {self.text(rest, kept, cut=True)}" if rest else place
        return self.text(row, kept, cut=True)

    def _token(self, match: re.Match[str], *, cut: bool) -> str:
        text = match.group()
        kind = match.lastgroup
        if kind == "email":
            return self.email(text)
        if kind == "ip4":
            return self._ip4(text)
        if kind == "ip6":
            return self._opaque(text, "0123456789abcdef")
        if kind == "entity":
            return text
        if kind == "word":
            return self.word(text, cut=cut)
        parts = re.findall(r"\d+", text)
        if len(parts) > 1 and any(part in self.numbers for part in parts):
            return _PIECES.sub(lambda piece: self._alone(piece.group()), text)
        return self._alone(text) if kind == "digits" or len(parts) == 1 else self.number(text, cut=cut)

    def _alone(self, text: str) -> str:
        return text if len(text) < 4 or not text.isdecimal() or text in self.numbers else self.number(text)

    def word(self, word: str, *, cut: bool = False) -> str:
        """A word for a word: never the same, and for words of three letters and more never one that came before."""
        folded = word.casefold()
        if folded in KEPT_WORDS:
            return word
        made = self._words.get(folded)
        if made is None and cut and len(folded) > 1:
            made = _beginning(folded, self._words)
        if made is None:
            made = self._new_word(folded)
            self._words[folded] = made
            self._taken.update((made, folded))
        return _as(word, made)

    def _new_word(self, folded: str) -> str:
        made = folded
        for attempt in range(_MAX_TRIES):
            stream = self._stream("word", f"{attempt}/{folded}")
            vowel = next(stream) % 2 == 0
            letters = []
            for at, _ in enumerate(folded):
                # Short words begin with a rare letter, lest they happen to be somebody's name.
                consonants = _RARE if len(folded) < 6 and at < 2 else _CONSONANTS
                letters.append(_pick(_VOWELS if vowel else consonants, next(stream)))
                vowel = not vowel
            made = "".join(letters)
            if made not in self._taken or (len(folded) < 3 and made != folded):
                return made
        return made

    def email(self, email: str) -> str:
        """Word for word, in a domain that can belong to nobody. Capitals stay, since only we compare without them."""
        name, _, domain = email.strip().partition("@")
        labels = domain.split(".")
        labels[-1] = "example"
        made = f"{self._plain(name)}@{self._plain('.'.join(labels[:-1]))}.example"
        self._digests.setdefault(email_digest(email.strip().lower()), email_digest(made.lower()))
        return made

    def _plain(self, text: str) -> str:
        return re.sub(r"\d+|[^\W\d_]+", lambda m: self.number(m[0]) if m[0].isdecimal() else self.word(m[0]), text)

    # -- numbers and keys --------------------------------------------------------------------------------------------

    def number(self, text: str, *, cut: bool = False) -> str:
        """A phone number, an organisation number: other digits in the same places, its check digits right again."""
        digits = "".join(char for char in text if char.isdecimal())
        if not digits:
            return self.text(text)  # "saknas", in a field for numbers.
        made = iter(self._digits(digits, cut=cut))
        return "".join(next(made) if char.isdecimal() else char for char in text)

    def _digits(self, digits: str, *, cut: bool) -> str:
        if len(digits) == 12 and digits[:2] in ("16", "19", "20") and _luhn(digits[2:]):
            return digits[:2] + self._digits(digits[2:], cut=False)
        if len(digits) == 12 and digits.endswith("01") and _luhn(digits[:10]):
            return self._digits(digits[:10], cut=False) + "01"
        made = self._groups.get(digits)
        if made is None and cut and len(digits) > 3:
            made = _beginning(digits, self._groups)
        if made is None:
            made = self._new_digits(digits)
            self._groups[digits] = made
        return made

    def _new_digits(self, digits: str) -> str:
        checks = [check for check in _CHECKS if check(digits)]
        for attempt in count():
            stream = self._stream("digits", f"{attempt}/{digits}")
            made = "".join("0" if char == "0" and at == 0 else str(next(stream) % 10) for at, char in enumerate(digits))
            if digits[0] != "0" and made[0] == "0":
                made = str(1 + next(stream) % 9) + made[1:]
            if all(check(made) for check in checks) and (made != digits or digits == "0" or attempt > _MAX_TRIES):
                return made
        raise AssertionError("unreachable")

    def key(self, text: str) -> str:
        """An order's key, a payment's reference: letters and digits become others, all else stays."""
        start = "wc_order_" if text.startswith("wc_order_") else ""
        return start + self._opaque(text.removeprefix(start), _LOWER)

    def reference(self, text: str, *, asking: bool) -> str:
        """A payment's reference at its provider. A document has the beginning of it, or the order's number."""
        if text in self.numbers:
            return text
        known = self._references.get(text)
        if known is not None or asking:
            return known or self.text(text, cut=True)
        made = self.text(text) if " " in text else self.key(text)
        self._references[line(text, REFERENCE_CHARS, "", [])] = line(made, REFERENCE_CHARS, "", [])
        return made

    def vat_no(self, text: str) -> str:
        """The country stays, the number does not."""
        numbered = text[:2].isalpha() and any(char.isdecimal() for char in text)
        return text[:2] + self.number(text[2:]) if numbered else self.number(text)

    def ext_id(self, text: str) -> str:
        """A buyer's identity as `agent.decide.external` makes it, by the invented e-mail or organisation number."""
        shop, colon, rest = text.partition(":")
        if rest[:1] == "o":
            return f"{shop}:o{self.number(rest[1:])}"
        if rest[:1] == "g":
            return f"{shop}:g{self._digests.get(rest[1:]) or self._opaque(rest[1:], '0123456789abcdef')}"
        return text if colon else self.key(text)

    def card(self, code: str) -> str:
        """A gift card's code; documents show its last four characters."""
        made = self.text(code)
        self._cards[code[-4:]] = made[-4:]
        return made

    def description(self, text: str, kept: tuple[str, ...]) -> str:
        """A row's text in a document."""
        hidden = _HIDDEN_CARD.search(text)
        if hidden and hidden.group(1) in self._cards:
            return text[: hidden.start(1)] + self._cards[hidden.group(1)]
        return self.text(text, kept, cut=True)

    def _ip4(self, text: str) -> str:
        stream = self._stream("ip", text)
        return f"10.{next(stream) % 256}.{next(stream) % 256}.{1 + next(stream) % 254}"

    def _opaque(self, text: str, letters: str) -> str:
        stream = self._stream("opaque", text)
        made = []
        for char in text:
            if char.isdigit():
                made.append(str((int(char) + 1 + next(stream) % 9) % 10) if char.isascii() else "0")
            elif char.isalpha():
                picked = _pick(letters, next(stream))
                picked = picked if picked != char.lower() else letters[(letters.index(picked) + 1) % len(letters)]
                made.append(picked.upper() if char.isupper() else picked)
            else:
                made.append(char)
        return "".join(made)

    def _stream(self, purpose: str, text: str) -> _Stream:
        return _Stream(self._key, f"{purpose}/{text}")


class _Stream:
    """Bytes without end that follow from the key and a text."""

    def __init__(self, key: bytes, text: str) -> None:
        self._key = key
        self._text = text.encode("utf-8", "surrogatepass")
        self._block = 0
        self._bytes: Iterable[int] = iter(())

    def __next__(self) -> int:
        for byte in self._bytes:
            return byte
        salt = self._block.to_bytes(8, "big")
        self._block += 1
        self._bytes = iter(blake2b(self._text, key=self._key, salt=salt).digest())
        return next(self)


def _pick(alphabet: str, byte: int) -> str:
    return alphabet[byte % len(alphabet)]


def _as(word: str, made: str) -> str:
    """The invented word with the true one's capitals."""
    if word.isupper():
        return made.upper() if len(word) > 1 else made.capitalize()
    return made.capitalize() if word[:1].isupper() else made


def _beginning(part: str, known: dict[str, str]) -> str | None:
    """What the beginning of the newest known word that begins so has become."""
    for whole in reversed(known):
        if whole.startswith(part):
            return known[whole][: len(part)]
    return None


def _letter(entity: re.Match[str]) -> str:
    text = unescape(entity.group())
    return text if text.isalpha() else entity.group()


def _split_at(text: str, phrase: str) -> tuple[str, bool, str]:
    """Around a phrase that stands by itself."""
    found = re.search(rf"(?<![^\W_]){re.escape(phrase)}(?![^\W_])", text) if phrase else None
    return (text[: found.start()], True, text[found.end() :]) if found else (text, False, "")


def _luhn(digits: str) -> bool:
    """Swedish organisation and personal numbers."""
    if len(digits) != 10:
        return False
    doubled = (int(char) * (2 - at % 2) for at, char in enumerate(digits))
    return sum(number - 9 if number > 9 else number for number in doubled) % 10 == 0


def _norwegian(digits: str) -> bool:
    """Organisasjonsnummer: nine digits, modulo 11."""
    return len(digits) == 9 and _weighted(digits, (3, 2, 7, 6, 5, 4, 3, 2, 1))


def _danish(digits: str) -> bool:
    """CVR-nummer: eight digits, modulo 11."""
    return len(digits) == 8 and _weighted(digits, (2, 7, 6, 5, 4, 3, 2, 1))


def _weighted(digits: str, weights: tuple[int, ...]) -> bool:
    return sum(int(char) * weight for char, weight in zip(digits, weights, strict=True)) % 11 == 0


_CHECKS: tuple[Callable[[str], bool], ...] = (_luhn, _norwegian, _danish)
