"""The tests of each step, made live, and the dry run. Each result is kept as it comes, so that the page shows how far
it has come; nothing is written to a shop or to Mamut."""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable

import msgspec
import trio

from agent.doctor.examine import topics
from agent.doctor.mamut import MamutDoctor
from agent.doctor.result import Result, Test, not_tested
from agent.doctor.shop import SHOP_TESTS, Known, ShopDoctor
from agent.journal import records
from agent.messages import MamutFacts, Wanted
from agent.model.ids import ShopKey
from agent.model.mamut import Registers
from agent.model.reasons import Fault
from agent.model.words import words
from agent.remote.ports import MamutCompany, MamutPort
from agent.remote.trouble import Trouble, TroubleKind
from agent.set_up import trial
from agent.set_up.draft import Draft, Step
from agent.set_up.draft import Known as KnownOfMamut
from agent.set_up.lists import read_shop_lists, with_seen
from agent.set_up.work import Job, MamutSide, SetUp, closed
from agent.settings.secret import Secret
from agent.settings.secrets_file import PASSWORD
from agent.settings.tree import Settings, ShopSettings

TEST_S = 60.0
"""The longest that one test takes; a large shop's article numbers are the slowest to read."""

COMPANY_TESTS = (Test.MAMUT_SESSION, Test.MAMUT_EDITION, Test.MAMUT_MODULE, Test.MAMUT_STOP_DATE)
OF_MAMUT = (Test.MAMUT_REGISTERS, Test.MAMUT_ARTICLES)
OF_SHOP = (Test.SHOP_STATUSES, Test.SHOP_TAX)
MAPPING_TESTS = (*OF_MAMUT, *OF_SHOP)
"""What is chosen for the shop held against both sides."""

_LATE = words(f"Inget svar inom {TEST_S:.0f} s.", f"No answer within {TEST_S:.0f} s.")


async def company(set_up: SetUp, job: Job) -> None:
    """Company and session, and Mamut's own lists for the steps that follow. Raises Trouble."""
    made = _draft(set_up)
    settings = made.settings
    doctor = await _mamut_doctor(set_up, settings)
    try:
        for test in COMPANY_TESTS:
            await _one(set_up, job, test, doctor.examine)
        if doctor.company is not None:
            if doctor.registers is None:
                await doctor.examine(Test.MAMUT_REGISTERS)
            if doctor.registers is not None:
                known = KnownOfMamut(company=doctor.company, registers=doctor.registers)
                await set_up.change(lambda draft: msgspec.structs.replace(draft, mamut=known))
    finally:
        await closed(doctor.aclose)


async def mapping(set_up: SetUp, job: Job) -> None:
    """Whether Mamut has every number and article that the settings name, and the shop every status; and whether the VAT
    codes are those of the shop's rates. Raises Trouble."""
    made = _draft(set_up)
    settings = made.settings
    doctor = await _mamut_doctor(set_up, settings)
    try:
        await doctor.examine(Test.MAMUT_SESSION)
        for test in OF_MAMUT:
            await _one(set_up, job, test, doctor.examine)
    finally:
        await closed(doctor.aclose)
    of_shop = _shop_doctor(set_up, made, settings)
    try:
        for test in OF_SHOP:
            await _one(set_up, job, test, of_shop.examine)
    finally:
        await closed(of_shop.aclose)


async def shop(set_up: SetUp, job: Job) -> None:
    """Everything about the shop, and its own lists. Raises Trouble."""
    made = _draft(set_up)
    settings = made.settings
    doctor = _shop_doctor(set_up, made, settings)
    try:
        for test in SHOP_TESTS:
            await _one(set_up, job, test, doctor.examine)
        opened = await doctor.opened()
        if opened is None:
            return
        api, port = opened
        lists = await read_shop_lists(api, port)
        newest = await trial.read_newest(port)
        if newest is not None:
            lists = with_seen(lists, newest.orders)
        await set_up.change(lambda draft: msgspec.structs.replace(draft, shop_lists=lists))
    finally:
        await closed(doctor.aclose)


async def dry_run(set_up: SetUp, job: Job) -> None:
    """The newest orders, decided by what Mamut holds now. Raises Trouble."""
    made = _draft(set_up)
    settings = made.settings
    doctor = _shop_doctor(set_up, made, settings)
    try:
        opened = await doctor.opened()
        if opened is None:
            made_now = (doctor.result_of(test) for test in (Test.SHOP_ADDRESS, Test.SHOP_KEYS))
            problems = tuple(result for result in made_now if result is not None)
            await set_up.change(lambda draft: _with(draft, *problems))
            raise Trouble(TroubleKind.NOT_NOW, "shop_not_opened", fault=_fault(problems))
        seen = await trial.read_newest(opened[1])
        job.done = 1
        found = trial.Trial(orders=())
        if seen is not None:
            async with set_up.mamut(settings) as mamut:
                found = await trial.try_orders(seen, made.shop_of(settings), _facts(mamut))
        job.done = job.planned
        await set_up.change(lambda draft: msgspec.structs.replace(draft, trial=found))
    finally:
        await closed(doctor.aclose)


def _fault(results: tuple[Result, ...]) -> Fault:
    return next((each.fault for result in results for each in result.findings), Fault.SHOP_UNREACHABLE)


def _facts(mamut: MamutSide) -> Callable[[Wanted], Awaitable[MamutFacts]]:
    async def facts(wanted: Wanted) -> MamutFacts:
        async def question(port: MamutPort) -> tuple[MamutFacts, Registers]:
            return await port.facts(wanted), await port.registers()

        held, registers = await mamut.ask(question, background=True)
        return msgspec.structs.replace(held, registers=registers)

    return facts


def _draft(set_up: SetUp) -> Draft:
    made = set_up.draft()
    if made is None:
        raise Trouble(TroubleKind.REFUSED, "nothing_begun")
    return made


async def _one(set_up: SetUp, job: Job, test: Test, examine: Callable[[Test], Awaitable[Result]]) -> None:
    result = not_tested(test, _LATE)
    with trio.move_on_after(TEST_S):
        result = await examine(test)
    job.done += 1
    await set_up.change(lambda draft: _with(draft, result))


def _with(draft: Draft, *results: Result) -> Draft:
    tests = {result.test for result in results}
    others = tuple(each for each in draft.results if each.test not in tests)
    return msgspec.structs.replace(draft, results=(*others, *results))


async def _mamut_doctor(set_up: SetUp, settings: Settings) -> MamutDoctor:
    """Over the running agent's session where there is one, which then is what is examined. Raises Trouble."""
    company: MamutCompany | None = None
    registers: Registers | None = None
    if not set_up.is_first:
        async with set_up.mamut(settings) as mamut:
            company = mamut.company
            if company is not None:
                registers = await mamut.ask(lambda port: port.registers(), background=True)
    password = set_up.secrets.tried(PASSWORD) or Secret("")
    transports = set_up.transports(settings.mamut.address)
    return MamutDoctor(settings, password, transports, set_up.clock, company=company, registers=registers)


def _shop_doctor(set_up: SetUp, made: Draft, settings: Settings) -> ShopDoctor:
    """Raises Trouble where there are no keys."""
    chosen = _with_codes(made, made.shop_of(settings))
    pair = set_up.secrets.tried_pair(chosen.key)
    if pair is None:
        raise Trouble(TroubleKind.NOT_NOW, "keys_missing", fault=Fault.SECRET_MISSING)
    known = Known(
        row=_row(set_up, made, chosen),
        others=_others(set_up, settings, chosen),
        registers=None if made.mamut is None else made.mamut.registers,
        company_currency="" if made.mamut is None else made.mamut.company.currency,
        topics=topics(settings, chosen),
    )
    transports = set_up.transports(chosen.address, verify_tls=chosen.verify_tls)
    return ShopDoctor(chosen, pair, transports, set_up.clock, random.SystemRandom(), known)


def _with_codes(made: Draft, chosen: ShopSettings) -> ShopSettings:
    """VAT codes are chosen at a later step: until then the shop is judged by those that will be proposed there."""
    if made.was or Step.MAPPING in made.saved or made.mamut is None:
        return chosen
    codes = {f"{code.percent.normalize():f}": code.id for code in made.mamut.registers.vat_codes if code.percent}
    return msgspec.structs.replace(chosen, vat=msgspec.structs.replace(chosen.vat, domestic=codes))


def _row(set_up: SetUp, made: Draft, chosen: ShopSettings) -> records.ShopRow | None:
    """What the journal knows of a shop that was set up before; a new one has no past, whatever its key."""
    if not made.was:
        return None
    row = set_up.journal.view(lambda tx: records.shop(tx, ShopKey(chosen.key)))
    return row if row.url else None


def _others(set_up: SetUp, settings: Settings, chosen: ShopSettings) -> tuple[tuple[str, str], ...]:
    keys = [ShopKey(shop.key) for shop in settings.shop if shop.key and shop.key != chosen.key]
    rows = set_up.journal.view(lambda tx: [records.shop(tx, key) for key in keys])
    return tuple((row.shop, row.store_id) for row in rows if row.store_id)
