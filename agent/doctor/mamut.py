"""Mamut's examination: whether a session can be had, what the licence gives, whether the settings name what is there.

A session is never taken from whoever has it: a running agent would lose its own, with a call perhaps on its way.
"""

from __future__ import annotations

import platform
from datetime import date

import msgspec

from agent.decide.set_up import not_in_mamut
from agent.doctor.line import USER_AGENT, Watcher
from agent.doctor.result import Finding, Result, Test, found, good, not_tested
from agent.messages import Wanted
from agent.model.clock import Clock
from agent.model.mamut import Article, Registers
from agent.model.reasons import Fault
from agent.model.words import Words, words
from agent.remote.mamut.client import Mamut
from agent.remote.net import Net, TransportFactory
from agent.remote.ports import MamutCompany
from agent.remote.trouble import Trouble
from agent.settings.given import given
from agent.settings.secret import Secret
from agent.settings.tree import Settings, ShopSettings

MAMUT_TESTS = (
    Test.MAMUT_SESSION,
    Test.MAMUT_EDITION,
    Test.MAMUT_MODULE,
    Test.MAMUT_STOP_DATE,
    Test.MAMUT_REGISTERS,
    Test.MAMUT_ARTICLES,
)

EDITIONS = ("E3", "E4", "E5")
MODULE = "Mamut One API"

_NO_SESSION = words("Provas inte utan session.", "Not tested without a session.")
_HELD = words(
    "Den körande agenten har sessionen; stoppa den för att pröva allt.",
    "The running agent has the session; stop it to test everything.",
)
_BY_TEST = {
    Fault.MAMUT_EDITION_TOO_LOW: Test.MAMUT_EDITION,
    Fault.MAMUT_API_MODULE_MISSING: Test.MAMUT_MODULE,
    Fault.MAMUT_VERSION_EXPIRED: Test.MAMUT_STOP_DATE,
}
"""What a refusal at the door is about. Mamut judges in its own order and names one thing at a time."""


class _Data(msgspec.Struct, frozen=True):
    holder: str = ""
    computer: str = ""
    edition: str = ""
    stop_date: str = ""


class _Error(msgspec.Struct, frozen=True):
    data: _Data = _Data()


class _Refusal(msgspec.Struct, frozen=True):
    error: _Error = _Error()


class MamutDoctor:
    """Examines the company of the settings. Close it with `aclose`, which gives the session back.

    `company` is what the journal keeps of a running agent's session: with it none is opened.
    """

    def __init__(
        self,
        settings: Settings,
        password: Secret,
        transports: TransportFactory,
        clock: Clock,
        *,
        company: MamutCompany | None = None,
        registers: Registers | None = None,
    ) -> None:
        self.company = company
        self.registers = registers
        self._settings = settings
        self._clock = clock
        self._held = company is not None
        self._refused: tuple[Test, Finding] | None = None
        self._watcher = Watcher()
        mamut = settings.mamut
        net = Net(transports, connections=1, timeout_s=mamut.timeout_s, user_agent=USER_AGENT, watch=self._watcher)
        self._port = Mamut(
            mamut.address,
            mamut.client_no,
            mamut.user,
            password.reveal(),
            platform.node() or "server",
            net,
            replace=False,
        )

    async def aclose(self) -> None:
        await self._port.aclose()

    async def examine(self, test: Test) -> Result:
        """One test, made anew. Never raises for what Mamut does."""
        if test is Test.MAMUT_SESSION:
            return await self._session()
        if self.company is None and self._refused is None:
            await self._session()
        if self._refused is not None and self._refused[0] is test:
            return found(test, words("Mamut vägrade.", "Mamut refused."), self._refused[1])
        company = self.company
        if company is None:
            return not_tested(test, _NO_SESSION)
        try:
            return await self._of_company(test, company)
        except Trouble as trouble:
            return found(test, _said(trouble), self._finding(trouble))

    async def _of_company(self, test: Test, company: MamutCompany) -> Result:
        if test is Test.MAMUT_EDITION:
            return _edition(company)
        if test is Test.MAMUT_MODULE:
            return _module(company)
        if test is Test.MAMUT_STOP_DATE:
            return self._stop_date(company)
        if self._held and self.registers is None:
            return not_tested(test, _HELD)
        return await (self._registers() if test is Test.MAMUT_REGISTERS else self._articles())

    async def _session(self) -> Result:
        if self._held and self.company is not None:
            name = self.company.name
            return good(
                Test.MAMUT_SESSION,
                words(f"{name}: den körande agenten har sessionen.", f"{name}: the running agent has the session."),
            )
        self._refused = None
        try:
            self.company = await self._port.open()
        except Trouble as trouble:
            self.company = None
            finding = self._finding(trouble)
            about = _BY_TEST.get(finding.fault, Test.MAMUT_SESSION)
            self._refused = (about, finding)
            return found(Test.MAMUT_SESSION, _said(trouble), finding)
        told = f"{self.company.name} ({self.company.client_no})"
        return good(Test.MAMUT_SESSION, words(f"Session öppnad: {told}.", f"Session opened: {told}."))

    def _finding(self, trouble: Trouble) -> Finding:
        last = self._watcher.last
        data = _Data()
        if last is not None:
            try:
                data = msgspec.json.decode(last.body, type=_Refusal).error.data
            except msgspec.DecodeError:
                data = _Data()
        holder = f"{data.holder} ({data.computer})" if data.computer else data.holder
        params = {
            "problem": trouble.detail or trouble.problem,
            "holder": holder,
            "edition": data.edition,
            "stop_date": data.stop_date,
        }
        fault = trouble.fault or Fault.MAMUT_UNREACHABLE
        return Finding(fault=fault, params={name: value for name, value in params.items() if value})

    def _stop_date(self, company: MamutCompany) -> Result:
        until = company.stop_date
        said = words(f"Version {company.version}, till {until}.", f"Version {company.version}, until {until}.")
        left = (date.fromisoformat(until) - self._clock().date()).days if until else None
        if left is not None and left <= self._settings.mamut.stop_date_warning_days:
            fault = Fault.MAMUT_VERSION_EXPIRES_SOON if left >= 0 else Fault.MAMUT_VERSION_EXPIRED
            finding = Finding(fault=fault, params={"stop_date": until, "days": str(left)})
            return found(Test.MAMUT_STOP_DATE, said, finding, warning=left >= 0)
        return good(Test.MAMUT_STOP_DATE, said)

    async def _registers(self) -> Result:
        """Every number of a register that the settings name, of each shop that is in use."""
        if self.registers is None:
            self.registers = await self._port.registers()
        registers, findings = self.registers, []
        for shop in self._shops():
            missing = [each for name in given(self._settings, shop) for each in not_in_mamut(shop, name, registers)]
            values = [(each.register, each.value) for each in missing] + _of_orders(shop, registers)
            findings += [
                Finding(
                    fault=Fault.MAMUT_REGISTER_VALUE_MISSING,
                    params={"register": register, "value": value, "shop": shop.key},
                )
                for register, value in dict.fromkeys(values)
            ]
        said = words(
            f"{len(registers.vat_codes)} momskoder, {len(registers.warehouses)} lager.",
            f"{len(registers.vat_codes)} VAT codes, {len(registers.warehouses)} warehouses.",
        )
        return found(Test.MAMUT_REGISTERS, said, *findings) if findings else good(Test.MAMUT_REGISTERS, said)

    async def _articles(self) -> Result:
        """Those that stand in the settings; service articles that the agent may make itself need not be there."""
        if self._held:
            return not_tested(Test.MAMUT_ARTICLES, _HELD)
        wanted = {shop.key: _articles_of(shop) for shop in self._shops()}
        numbers = tuple(dict.fromkeys(number for each in wanted.values() for number in each))
        facts = await self._port.facts(Wanted(product_nos=numbers))
        findings = [
            Finding(fault=Fault.MAMUT_ARTICLE_MISSING, params={"shop": key, "article": number})
            for key, each in wanted.items()
            for number, may_be_made in each.items()
            if _is_lacking(facts.articles.get(number), may_be_made=may_be_made)
        ]
        shown = ", ".join(numbers) or "-"
        said = words(f"Inställningarna nämner {shown}.", f"The settings name {shown}.")
        return found(Test.MAMUT_ARTICLES, said, *findings) if findings else good(Test.MAMUT_ARTICLES, said)

    def _shops(self) -> list[ShopSettings]:
        return [shop for shop in self._settings.shop if shop.enabled]


def _said(trouble: Trouble) -> Words:
    problem = trouble.detail or trouble.problem
    return words(f"Svar: {problem}.", f"Answer: {problem}.")


def _edition(company: MamutCompany) -> Result:
    said = words(f"Utgåva {company.edition}.", f"Edition {company.edition}.")
    if company.edition not in EDITIONS:
        finding = Finding(fault=Fault.MAMUT_EDITION_TOO_LOW, params={"edition": company.edition})
        return found(Test.MAMUT_EDITION, said, finding)
    return good(Test.MAMUT_EDITION, said)


def _module(company: MamutCompany) -> Result:
    if MODULE not in company.modules:
        said = words("Licensen har inte modulen.", "The licence lacks the module.")
        return found(Test.MAMUT_MODULE, said, Finding(fault=Fault.MAMUT_API_MODULE_MISSING))
    return good(Test.MAMUT_MODULE, words(f"{MODULE} finns.", f"{MODULE} is there."))


def _of_orders(shop: ShopSettings, registers: Registers) -> list[tuple[str, str]]:
    """Numbers that orders are given, and that Mamut does not have. A register that is empty is not judged."""
    orders = shop.orders
    named: tuple[tuple[str, frozenset[int], list[int | None]], ...] = (
        ("departments", registers.departments, [shop.department]),
        (
            "payment_terms",
            registers.payment_terms,
            [method.payment_terms for method in orders.payment_methods.values()],
        ),
        (
            "delivery_forms",
            registers.delivery_forms,
            [method.delivery_form for method in orders.shipping_methods.values()],
        ),
        (
            "vat_codes",
            frozenset(code.id for code in registers.vat_codes),
            [*shop.vat.domestic.values(), *shop.vat.oss.values(), shop.vat.eu_company, shop.vat.export, shop.vat.zero],
        ),
    )
    return [
        (register, str(value))
        for register, there, values in named
        for value in values
        if there and value is not None and value not in there
    ]


def _articles_of(shop: ShopSettings) -> dict[str, bool]:
    """Article numbers of the settings; true for those that the agent makes where they are missing."""
    articles = shop.articles
    services = (articles.shipping, articles.fee, articles.discount, articles.rounding)
    by_method = (method.article for method in shop.orders.shipping_methods.values())
    must = (articles.general, articles.gift_card, *by_method)
    return {
        **{number: articles.create_service for number in services if number},
        **{number: False for number in must if number},
    }


def _is_lacking(article: Article | None, *, may_be_made: bool) -> bool:
    return not may_be_made if article is None else article.inactive
