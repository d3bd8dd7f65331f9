"""One shop's examination: each test can be made alone, and finds out for itself what it needs from the ones before.

Nothing is written to the shop: the right to write is tried with an empty batch, which changes nothing (auth[16]).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import Random

from agent.actors.order_reader import difference
from agent.decide.webhooks import ACTIVE, plan
from agent.doctor import access, goods, time_and_pages
from agent.doctor.access import Index, finding_of
from agent.doctor.line import Line, suspicion
from agent.doctor.result import Finding, Result, Test, Verdict, found, good, not_tested
from agent.doctor.tax import currency_result, rounds_the_sum, tax_result
from agent.journal.records import ShopRow
from agent.model.clock import Clock
from agent.model.goods import ShopTerms
from agent.model.mamut import Registers
from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.model.words import words
from agent.remote.net import TransportFactory
from agent.remote.ports import ShopIdentity
from agent.remote.trouble import Trouble
from agent.remote.woocommerce.ask import Api
from agent.remote.woocommerce.auth import AuthWay
from agent.remote.woocommerce.client import WooCommerce
from agent.settings.secrets import ShopSecrets
from agent.settings.tree import ShopSettings

SHOP_TESTS = (
    Test.SHOP_ADDRESS,
    Test.SHOP_KEYS,
    Test.SHOP_WRITING,
    Test.SHOP_CLONE,
    Test.SHOP_CLOCK,
    Test.SHOP_DATES,
    Test.SHOP_PAGING,
    Test.SHOP_STATUSES,
    Test.SHOP_CURRENCY,
    Test.SHOP_TAX,
    Test.SHOP_SKUS,
    Test.SHOP_WEBHOOKS,
    Test.SHOP_ANSWERS,
)
"""In the order in which one explains the next."""

_NOWHERE = (Fault.SHOP_UNREACHABLE, Fault.CERTIFICATE_REFUSED, Fault.SHOP_REDIRECTS, Fault.SHOP_NOT_WOOCOMMERCE)

WHY_NOT = words("Provas inte förrän adress och nyckel fungerar.", "Not tested before address and key work.")


class Known(Frozen, frozen=True):
    """What is known of this shop and its neighbours from elsewhere, all of it optional.

    `row` is the journal's. `others` are the other shops' keys with the store ids that the journal keeps. `registers`
    and `company_currency` are Mamut's, `topics` what webhooks are wanted for.
    """

    row: ShopRow | None = None
    others: tuple[tuple[str, str], ...] = ()
    registers: Registers | None = None
    company_currency: str = ""
    topics: tuple[str, ...] = ()


class ShopDoctor:
    """Examines one shop. Close it with `aclose`."""

    def __init__(
        self,
        shop: ShopSettings,
        pair: ShopSecrets,
        transports: TransportFactory,
        clock: Clock,
        nonces: Random,
        known: Known | None = None,
    ) -> None:
        self.key = shop.key
        self.known = known or Known()
        self._shop = shop
        self._line = Line(shop, pair, transports, clock, nonces)
        self._index: Index | None = None
        self._way: AuthWay | None = None
        self._results: dict[Test, Result] = {}
        self._identity: ShopIdentity | None = None
        self._terms: ShopTerms | None = None

    async def examine(self, test: Test) -> Result:
        """One test of this shop, made anew. Never raises for what the shop does."""
        result = await self._made(test)
        self._results[test] = result
        return result

    async def opened(self) -> tuple[Api, WooCommerce] | None:
        """The way that the key opens the shop, for whoever reads it meanwhile; None where it does not."""
        if not await self._opened():
            return None
        way = self._way or AuthWay.BASIC
        return self._line.api(way), self._line.port(way)

    def result_of(self, test: Test) -> Result | None:
        """What a test made before came to."""
        return self._results.get(test)

    async def aclose(self) -> None:
        await self._line.aclose()

    async def _made(self, test: Test) -> Result:
        if test is Test.SHOP_ADDRESS:
            result, self._index = await access.address(self._line, self.key)
            return result
        if test is Test.SHOP_KEYS:
            if self._is_away():
                self._way = None
                return not_tested(test, WHY_NOT, self.key)
            result, self._way = await access.keys(self._line, self.key)
            return result
        if test is Test.SHOP_ANSWERS:
            return self._answers()
        if not await self._opened():
            return not_tested(test, WHY_NOT, self.key)
        tests: dict[Test, Callable[[WooCommerce], Awaitable[Result]]] = {
            Test.SHOP_WRITING: self._writing,
            Test.SHOP_CLONE: self._clone,
            Test.SHOP_CLOCK: self._clock,
            Test.SHOP_DATES: self._dates,
            Test.SHOP_PAGING: self._paging,
            Test.SHOP_STATUSES: self._statuses,
            Test.SHOP_CURRENCY: self._currency,
            Test.SHOP_TAX: self._tax,
            Test.SHOP_SKUS: self._skus,
            Test.SHOP_WEBHOOKS: self._webhooks,
        }
        try:
            return await tests[test](self._line.port(self._way or AuthWay.BASIC))
        except Trouble as trouble:
            return self._troubled(test, trouble)

    def _is_away(self) -> bool:
        """Whether the address has led nowhere: a key would fare no better, and might be shown to a stranger."""
        before = self._results.get(Test.SHOP_ADDRESS)
        return before is not None and any(finding.fault in _NOWHERE for finding in before.findings)

    async def _opened(self) -> bool:
        for test in (Test.SHOP_ADDRESS, Test.SHOP_KEYS):
            if test not in self._results:
                await self.examine(test)
        return self._way is not None

    def _troubled(self, test: Test, trouble: Trouble) -> Result:
        """What the port raised, with whoever is guilty of the answer before it."""
        last = self._line.watcher.last
        seen = None if last is None else suspicion(last)
        problem = trouble.detail or trouble.problem
        said = words(f"Gick inte att pröva: {problem}.", f"Could not be tested: {problem}.")
        if seen is not None:
            return found(test, said, finding_of(seen.fault, str(seen.guilty), self._line, self.key), shop=self.key)
        fault = trouble.fault or Fault.SHOP_ANSWER_BROKEN
        if fault is Fault.SHOP_UNREACHABLE and last is not None and last.status < 500:
            fault = Fault.SHOP_ANSWER_BROKEN
        return found(test, said, finding_of(fault, "", self._line, self.key, problem), shop=self.key)

    # -- the tests ---------------------------------------------------------------------------------------------------

    async def _who(self, port: WooCommerce) -> ShopIdentity:
        if self._identity is None:
            self._identity = await port.identity()
        return self._identity

    async def _kept(self, port: WooCommerce) -> ShopTerms:
        if self._terms is None:
            self._terms = await port.terms()
        return self._terms

    async def _writing(self, _port: WooCommerce) -> Result:
        """An empty batch changes nothing and is refused to a key that may only read (auth[16])."""
        try:
            await self._line.api(self._way or AuthWay.BASIC).post("/wc/v3/orders/batch", {"update": []})
        except Trouble as trouble:
            refused = trouble.fault in (Fault.SHOP_KEY_REFUSED, Fault.SHOP_KEY_WITHOUT_RIGHTS)
            last = self._line.watcher.last
            if not refused or last is None or suspicion(last) is not None:
                raise
            problem = trouble.problem
            said = words(f"Butiken vägrade: {problem}.", f"The shop refused: {problem}.")
            finding = finding_of(Fault.SHOP_KEY_READ_ONLY, "", self._line, self.key, problem)
            return found(Test.SHOP_WRITING, said, finding, shop=self.key)
        said = words("Nyckeln får läsa och skriva. Inget skrevs.", "The key may read and write. Nothing was written.")
        return good(Test.SHOP_WRITING, said, self.key)

    async def _clone(self, port: WooCommerce) -> Result:
        """The shop's own address against ours, its id against the journal's and against the other shops'."""
        identity = await self._who(port)
        version = identity.version or "?"
        said = words(f"{identity.url}, WooCommerce {version}.", f"{identity.url}, WooCommerce {version}.")
        row = self.known.row
        if row is not None and row.url and (other := difference(row, identity)):
            params = {"shop": self.key, "problem": other}
            return found(Test.SHOP_CLONE, said, Finding(fault=Fault.SHOP_CHANGED, params=params), shop=self.key)
        problem = _copied(identity, self._line.address, self.known.others)
        if problem:
            params = {"shop": self.key, "problem": problem}
            return found(
                Test.SHOP_CLONE,
                said,
                Finding(fault=Fault.SHOP_LOOKS_CLONED, params=params),
                shop=self.key,
                warning=True,
            )
        return good(Test.SHOP_CLONE, said, self.key)

    async def _clock(self, port: WooCommerce) -> Result:
        self._identity = None
        return time_and_pages.clock(self.key, await self._who(port), await self._kept(port))

    async def _dates(self, port: WooCommerce) -> Result:
        return await time_and_pages.dates(self.key, port, await self._kept(port))

    async def _paging(self, port: WooCommerce) -> Result:
        return await time_and_pages.paging(self.key, port, self._line.clock)

    async def _statuses(self, port: WooCommerce) -> Result:
        identity = await self._who(port)
        wanted = self._shop.orders.trigger
        unknown = [slug for slug in wanted if identity.statuses and slug not in identity.statuses]
        names = ", ".join(identity.statuses)
        said = words(f"Butiken har: {names}.", f"The shop has: {names}.")
        findings = [
            Finding(fault=Fault.SHOP_STATUS_UNKNOWN, params={"shop": self.key, "status": slug}) for slug in unknown
        ]
        if findings:
            return found(Test.SHOP_STATUSES, said, *findings, shop=self.key)
        return good(Test.SHOP_STATUSES, said, self.key)

    async def _currency(self, port: WooCommerce) -> Result:
        return currency_result(self._shop, await self._kept(port), self.known.registers, self.known.company_currency)

    async def _tax(self, port: WooCommerce) -> Result:
        rounds = await rounds_the_sum(self._line.api(self._way or AuthWay.BASIC))
        return tax_result(self._shop, await self._kept(port), self.known.registers, rounds_the_sum=rounds)

    async def _skus(self, port: WooCommerce) -> Result:
        return await goods.skus(self.key, port)

    async def _webhooks(self, port: WooCommerce) -> Result:
        settings = self._shop.webhooks
        if not settings.enabled:
            said = words("Används inte; butiken läses ändå.", "Not used; the shop is read all the same.")
            return good(Test.SHOP_WEBHOOKS, said, self.key)
        planned = plan(self.known.topics, settings.delivery_url, await port.list_webhooks())
        disabled = ", ".join(hook.topic for hook in planned.disabled)
        paused = [hook.topic for hook in planned.kept if hook.status != ACTIVE and hook not in planned.disabled]
        missing = ", ".join((*planned.missing, *paused))
        findings = [
            Finding(fault=fault, params={"shop": self.key, "problem": topics})
            for fault, topics in ((Fault.WEBHOOK_MISSING, missing), (Fault.WEBHOOK_DISABLED, disabled))
            if topics
        ]
        count = len(planned.kept)
        said = words(f"{count} av {len(self.known.topics)} finns.", f"{count} of {len(self.known.topics)} are there.")
        if findings:
            return found(Test.SHOP_WEBHOOKS, said, *findings, shop=self.key, warning=True)
        return good(Test.SHOP_WEBHOOKS, said, self.key)

    def _answers(self) -> Result:
        """What all answers of the examination looked like: some trouble comes and goes."""
        watcher = self._line.watcher
        said = words(
            f"{watcher.answers} svar, {sum(watcher.suspicions.values())} med något fel på.",
            f"{watcher.answers} answers, {sum(watcher.suspicions.values())} with something wrong.",
        )
        findings = [finding_of(seen.fault, str(seen.guilty), self._line, self.key) for seen in watcher.suspicions]
        if findings:
            return found(Test.SHOP_ANSWERS, said, *findings, shop=self.key, warning=True)
        verdict = Verdict.GOOD if watcher.answers else Verdict.NOT_TESTED
        return Result(test=Test.SHOP_ANSWERS, verdict=verdict, said=said, shop=self.key)


def _copied(identity: ShopIdentity, address: str, others: tuple[tuple[str, str], ...]) -> str:
    twin = next((key for key, store_id in others if store_id and store_id == identity.store_id), "")
    if twin:
        return f"store id = {twin}"
    return f"{identity.url} ≠ {address}" if _host(identity.url) != _host(address) else ""


def _host(url: str) -> str:
    return url.split("://", 1)[-1].rstrip("/").removeprefix("www.").lower()
