"""What one test of the set-up came to."""

from __future__ import annotations

from enum import StrEnum

from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.model.words import Words, words


class Verdict(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    ERROR = "error"
    NOT_TESTED = "not_tested"


class Test(StrEnum):
    """Each can be made alone. Those of a shop are made for each shop."""

    __test__ = False  # pytest takes every class of this name for one of its own.

    JOURNAL = "journal"
    MAIL = "mail"
    MAMUT_SESSION = "mamut_session"
    MAMUT_EDITION = "mamut_edition"
    MAMUT_MODULE = "mamut_module"
    MAMUT_STOP_DATE = "mamut_stop_date"
    MAMUT_REGISTERS = "mamut_registers"
    MAMUT_ARTICLES = "mamut_articles"
    SHOP_ADDRESS = "shop_address"
    SHOP_KEYS = "shop_keys"
    SHOP_WRITING = "shop_writing"
    SHOP_CLONE = "shop_clone"
    SHOP_CLOCK = "shop_clock"
    SHOP_DATES = "shop_dates"
    SHOP_PAGING = "shop_paging"
    SHOP_STATUSES = "shop_statuses"
    SHOP_CURRENCY = "shop_currency"
    SHOP_TAX = "shop_tax"
    SHOP_SKUS = "shop_skus"
    SHOP_WEBHOOKS = "shop_webhooks"
    SHOP_ANSWERS = "shop_answers"


TITLES: dict[Test, Words] = {
    Test.JOURNAL: words("Journal och disk", "Journal and disk"),
    Test.MAIL: words("E-postserver", "Mail server"),
    Test.MAMUT_SESSION: words("Företag och session", "Company and session"),
    Test.MAMUT_EDITION: words("Utgåva", "Edition"),
    Test.MAMUT_MODULE: words("API-modul", "API module"),
    Test.MAMUT_STOP_DATE: words("Stoppdatum", "Stop date"),
    Test.MAMUT_REGISTERS: words("Nummer i registren", "Numbers in the registers"),
    Test.MAMUT_ARTICLES: words("Frakt- och avgiftsartiklar", "Articles for shipping and fees"),
    Test.SHOP_ADDRESS: words("Adress och WordPress", "Address and WordPress"),
    Test.SHOP_KEYS: words("Nyckel", "Key"),
    Test.SHOP_WRITING: words("Rätt att skriva", "The right to write"),
    Test.SHOP_CLONE: words("Rätt butik", "The right shop"),
    Test.SHOP_CLOCK: words("Klocka och tidszon", "Clock and time zone"),
    Test.SHOP_DATES: words("Urval på ändringstid", "Selection by time of change"),
    Test.SHOP_PAGING: words("Sidor", "Pages"),
    Test.SHOP_STATUSES: words("Orderstatusar", "Order statuses"),
    Test.SHOP_CURRENCY: words("Valuta", "Currency"),
    Test.SHOP_TAX: words("Moms", "VAT"),
    Test.SHOP_SKUS: words("Artikelnummer", "Article numbers"),
    Test.SHOP_WEBHOOKS: words("Webhooks", "Webhooks"),
    Test.SHOP_ANSWERS: words("Svarens kvalitet", "Quality of the answers"),
}
"""What people call each test."""


class Finding(Frozen, frozen=True):
    """One thing that is wrong. `params` fill the catalogue's text. `culprit` is the guilty plugin, file or rule, empty
    where nothing points at one."""

    fault: Fault
    params: dict[str, str] = {}
    culprit: str = ""


class Result(Frozen, frozen=True):
    """`shop` is empty for a test of Mamut or of this computer. `said` is what was found, in a line, for any verdict."""

    test: Test
    verdict: Verdict
    said: Words
    shop: str = ""
    findings: tuple[Finding, ...] = ()


def good(test: Test, said: Words, shop: str = "") -> Result:
    return Result(test=test, verdict=Verdict.GOOD, said=said, shop=shop)


def not_tested(test: Test, why: Words, shop: str = "") -> Result:
    return Result(test=test, verdict=Verdict.NOT_TESTED, said=why, shop=shop)


def found(test: Test, said: Words, *findings: Finding, shop: str = "", warning: bool = False) -> Result:
    """Something is wrong; `warning` where the agent works all the same."""
    verdict = Verdict.WARNING if warning else Verdict.ERROR
    return Result(test=test, verdict=verdict, said=said, shop=shop, findings=findings)
