"""Invented Swedish people and companies, from a seed: names, addresses, organisation numbers, mail under .example.

No one here exists. Telephone numbers come from the series that PTS keeps for fiction (070-1740605 to 070-1740699), mail
domains end in .example, organisation numbers have the right check digit in one series (559900-0000 and up).
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Sequence

import msgspec
from faker import Faker

_POOL = 400
"""How many names of each kind are drawn from Faker, which is slow; people are put together from them."""

_PLAIN = str.maketrans({"ø": "o", "æ": "ae", "ß": "ss"})


class Company(msgspec.Struct, frozen=True):
    name: str
    org_number: str
    """Ten digits with a hyphen: 559900-1231."""

    @property
    def vat_number(self) -> str:
        return f"SE{self.org_number.replace('-', '')}01"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One shopper; `company` is None for a private person. `country` is an ISO code of two letters."""

    first_name: str
    last_name: str
    email: str
    phone: str
    street: str
    flat: str = ""
    postcode: str
    city: str
    country: str = "SE"
    company: Company | None = None

    def address(self) -> dict[str, str]:
        """The person's address as shops write it in orders, mail address and telephone included."""
        return {
            "first_name": self.first_name,
            "last_name": self.last_name,
            "company": self.company.name if self.company is not None else "",
            "address_1": self.street,
            "address_2": self.flat,
            "city": self.city,
            "state": "",
            "postcode": self.postcode,
            "country": self.country,
            "email": self.email,
            "phone": self.phone,
        }


def check_digit(digits: str) -> int:
    """The last digit of a Swedish personal or organisation number, from the nine before it (Luhn's rule)."""
    total = 0
    for place, digit in enumerate(digits):
        value = int(digit) * (2 - place % 2)
        total += value - 9 if value > 9 else value
    return -total % 10


def org_number(serial: int) -> str:
    """The serial-th organisation number of the invented series."""
    digits = f"5599{serial % 100_000:05d}"
    return f"{digits[:6]}-{digits[6:]}{check_digit(digits)}"


def plain(text: str) -> str:
    """Letters a to z and digits only, for mail addresses: Åsa Öberg becomes asaoberg."""
    folded = unicodedata.normalize("NFKD", text.lower().translate(_PLAIN))
    return "".join(letter for letter in folded if letter.isascii() and letter.isalnum())


class People:
    """An endless supply of people; the same seed gives the same ones in the same order."""

    def __init__(self, seed: int = 0) -> None:
        fake = Faker("sv_SE")
        fake.seed_instance(seed)
        self._random = random.Random(f"people {seed}")
        self._first = _drawn(fake.first_name)
        self._last = _drawn(fake.last_name)
        self._streets = _drawn(fake.street_name)
        self._cities = _drawn(fake.city)
        self._count = 0

    def person(self) -> Person:
        """A private person."""
        chance = self._random
        self._count += 1
        first, last = chance.choice(self._first), chance.choice(self._last)
        flat = f"lgh {chance.randint(10, 16)}{chance.randint(1, 9):02d}" if chance.random() < 0.3 else ""
        return Person(
            first_name=first,
            last_name=last,
            email=f"{plain(first)}.{plain(last)}{self._count}@post.example",
            phone=f"070-17406{chance.randint(5, 99):02d}",
            street=f"{chance.choice(self._streets)} {chance.randint(1, 120)}",
            flat=flat,
            postcode=f"{chance.randint(100, 984)} {chance.randint(10, 99)}",
            city=chance.choice(self._cities),
        )

    def buyer(self) -> Person:
        """Somebody who buys for a company."""
        person = self.person()
        kinds: Sequence[str] = (
            "Bygg AB",
            "Konsult AB",
            "Handel AB",
            "Städ HB",
            "Måleri AB",
            "Restaurang AB",
            "& Co KB",
        )
        name = f"{person.last_name} {self._random.choice(kinds)}"
        company = Company(name, org_number(self._count))
        mail = f"{plain(person.first_name)}@{plain(person.last_name)}{self._count}.example"
        return msgspec.structs.replace(person, company=company, email=mail)

    def shopper(self, company_share: float = 0.15) -> Person:
        """Either, companies as often as `company_share` says."""
        return self.buyer() if self._random.random() < company_share else self.person()


def _drawn(draw: Callable[[], str]) -> list[str]:
    return sorted({draw() for _ in range(_POOL)})
