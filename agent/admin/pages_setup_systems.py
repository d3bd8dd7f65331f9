"""Steps of the guided set-up about the two systems: the company with its session, and the shop with its keys."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from starlette.responses import Response

from agent.admin.pages_setup_parts import LONGEST, TESTED, field, findings_of, frame, start_tests, tested
from agent.admin.saving import told
from agent.admin.visit import Visit
from agent.set_up import compose
from agent.set_up.draft import Draft, Step
from agent.set_up.work import SetUp
from agent.settings.secret import Secret
from agent.settings.secrets_file import PASSWORD, of_shop

# -- the company ------------------------------------------------------------------------------------------------------


async def save_company(visit: Visit, set_up: SetUp, made: Draft) -> Response:
    address, client_no, user = (field(visit, name) for name in ("address", "client_no", "user"))
    text = compose.company(made.text, address, client_no, user)
    password = visit.form.get("password")[:LONGEST]
    typed: dict[tuple[str, ...], Secret] = {}
    if password.strip() and not set_up.secrets.is_elsewhere(PASSWORD):
        typed[PASSWORD] = Secret(password)
    return await _saved(visit, set_up, text, typed, Step.COMPANY, company_page)


def company_page(visit: Visit, set_up: SetUp, made: Draft, status: int = 200, problem: str = "") -> Response:
    return visit.page(
        "setup/company.html",
        status,
        mamut=made.settings.mamut,
        has_password=set_up.secrets.tried(PASSWORD) is not None,
        elsewhere=set_up.secrets.is_elsewhere(PASSWORD),
        findings=[told(visit, each) for each in findings_of(set_up, made)[Step.COMPANY]],
        problem=problem,
        known=made.mamut,
        frame=frame(set_up, made, Step.COMPANY),
        tests=tested(visit, set_up, made, Step.COMPANY),
    )


# -- the shop ---------------------------------------------------------------------------------------------------------


async def save_shop(visit: Visit, set_up: SetUp, made: Draft) -> Response:
    key = made.was or field(visit, "key").casefold()
    text = compose.shop(made.text, made.shop, key, field(visit, "name"), field(visit, "address"))
    typed: dict[tuple[str, ...], Secret] = {
        name: Secret(given)
        for name in of_shop(key)
        if (given := visit.form.get(name[-1])[:LONGEST].strip()) and not set_up.secrets.is_elsewhere(name)
    }
    return await _saved(visit, set_up, text, typed, Step.SHOP, shop_page)


def shop_page(visit: Visit, set_up: SetUp, made: Draft, status: int = 200, problem: str = "") -> Response:
    chosen = made.shop_of(made.settings)
    names = of_shop(chosen.key)
    return visit.page(
        "setup/shop.html",
        status,
        shop=chosen,
        has_keys=[set_up.secrets.tried(name) is not None for name in names],
        elsewhere=[set_up.secrets.is_elsewhere(name) for name in names],
        findings=[told(visit, each) for each in findings_of(set_up, made)[Step.SHOP]],
        problem=problem,
        lists=made.shop_lists,
        frame=frame(set_up, made, Step.SHOP),
        tests=tested(visit, set_up, made, Step.SHOP),
    )


# -- both -------------------------------------------------------------------------------------------------------------


async def _saved(
    visit: Visit,
    set_up: SetUp,
    text: str,
    typed: dict[tuple[str, ...], Secret],
    step: Step,
    page: Callable[[Visit, SetUp, Draft, int, str], Response],
) -> Response:
    """Keeps what was typed, right or wrong; tests it when the settings' own check finds no error in it."""
    problem = ""
    if typed and set_up.secrets.findings():
        problem = visit.text("setup.secrets_closed")
    elif typed:
        try:
            set_up.secrets.try_out(typed)
        except OSError as error:
            problem = visit.text("setup.unwritten", problem=error.strerror or type(error).__name__)
    tests = TESTED[step].tests

    def changed(draft: Draft) -> Draft:
        others = tuple(each for each in draft.results if each.test not in tests)
        saved = draft.saved_too(step)
        draft = msgspec.structs.replace(draft, text=text, saved=saved, results=others, trial=None)
        lists = {"mamut": None} if step is Step.COMPANY else {"shop_lists": None}
        return msgspec.structs.replace(draft, **lists)

    set_up.stop(step)
    await set_up.change(changed)
    made = set_up.draft()
    if made is None:
        return visit.back("/setup")
    if problem or any(each.is_error for each in findings_of(set_up, made)[step]):
        return page(visit, set_up, made, 422, problem)
    start_tests(set_up, made, step)
    return visit.back(f"/setup/{step.value}")
