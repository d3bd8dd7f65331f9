"""The guided set-up: where it stands, beginning it, and the way through its steps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import msgspec
from starlette.responses import Response

from agent.admin.door import get, post
from agent.admin.house import MenuEntry
from agent.admin.pages_setup_choices import mapping_page, package_page, save_mapping, save_package
from agent.admin.pages_setup_go import go_page, save_go, trial_page
from agent.admin.pages_setup_parts import LONGEST, TESTED, frame, standing, start_tests, tested
from agent.admin.pages_setup_systems import company_page, save_company, save_shop, shop_page
from agent.admin.visit import Visit
from agent.journal.users import Role
from agent.set_up.draft import Draft, Step
from agent.set_up.work import SetUp

PAGES: dict[Step, Callable[[Visit, SetUp, Draft], Response]] = {
    Step.COMPANY: company_page,
    Step.SHOP: shop_page,
    Step.PACKAGE: package_page,
    Step.MAPPING: mapping_page,
    Step.TRIAL: trial_page,
    Step.GO: go_page,
}

SAVES: dict[Step, Callable[[Visit, SetUp, Draft], Awaitable[Response]]] = {
    Step.COMPANY: save_company,
    Step.SHOP: save_shop,
    Step.PACKAGE: save_package,
    Step.MAPPING: save_mapping,
    Step.GO: save_go,
}


async def show(visit: Visit) -> Response:
    set_up = visit.admin.set_up
    if set_up is None:
        return visit.page("setup/none.html")
    made = set_up.draft()
    return visit.page(
        "setup/start.html",
        first=set_up.is_first,
        begun=made is not None,
        shops=[(shop.key, shop.name or shop.key) for shop in visit.admin.settings().shop],
        frame={} if made is None else frame(set_up, made, None),
    )


async def begin(visit: Visit) -> Response:
    set_up = visit.admin.set_up
    if set_up is None:
        return visit.page("setup/none.html", 422)
    try:
        await set_up.begin(visit.form.get("shop")[:LONGEST])
    except OSError as error:
        return _unwritten(visit, error)
    return visit.back("/setup/company")


async def forget(visit: Visit) -> Response:
    set_up = visit.admin.set_up
    if set_up is not None:
        try:
            await set_up.forget()
        except OSError as error:
            return _unwritten(visit, error)
    return visit.back("/setup")


def _unwritten(visit: Visit, error: OSError) -> Response:
    problem = visit.text("setup.unwritten", problem=error.strerror or type(error).__name__)
    return visit.page("setup/none.html", 422, problem=problem)


async def step_page(visit: Visit) -> Response:
    begun, step = standing(visit), _step(visit)
    if step is None:
        return visit.problem(404, "access.not_found")
    return visit.back("/setup") if begun is None else PAGES[step](visit, *begun)


async def save_step(visit: Visit) -> Response:
    begun, step = standing(visit), _step(visit)
    if begun is None or step not in SAVES:
        return visit.back("/setup")
    return await SAVES[step](visit, *begun)


async def test(visit: Visit) -> Response:
    """The tests of a step once more, or the dry run."""
    begun, step = standing(visit), _step(visit)
    if begun is None or step is None or step not in TESTED:
        return visit.back("/setup")
    set_up, made = begun
    tests = TESTED[step].tests

    def without(draft: Draft) -> Draft:
        kept = tuple(each for each in draft.results if each.test not in tests)
        trial = None if step is Step.TRIAL else draft.trial
        return msgspec.structs.replace(draft, results=kept, trial=trial)

    await set_up.change(without)
    started = start_tests(set_up, made, step)
    return visit.back(f"/setup/{step.value}", "" if started else "setup_first")


async def tests_piece(visit: Visit) -> Response:
    """What the page asks for while tests are made; when they are through it is the last time."""
    begun, step = standing(visit), _step(visit)
    if begun is None or step is None or step not in TESTED:
        return visit.problem(404, "access.not_found")
    set_up, made = begun
    job = set_up.jobs.get(step)
    if job is None or job.ended:
        # The whole page tells it: how the steps stand, and what was read beside the tests.
        return Response(status_code=204, headers={"HX-Refresh": "true"})
    return visit.page("setup/tests.html", step=step.value, tests=tested(visit, set_up, made, step))


def _step(visit: Visit) -> Step | None:
    name = visit.path("step")
    return Step(name) if name in tuple(Step) else None


ROUTES = (
    get("/setup", show, Role.CONFIGURE),
    post("/setup/begin", begin, Role.CONFIGURE),
    post("/setup/forget", forget, Role.CONFIGURE),
    get("/setup/{step}", step_page, Role.CONFIGURE),
    post("/setup/{step}", save_step, Role.CONFIGURE),
    post("/setup/{step}/test", test, Role.CONFIGURE),
    get("/setup/{step}/tests", tests_piece, Role.CONFIGURE),
)
MENU = (MenuEntry(72, "/setup", "setup.title", Role.CONFIGURE),)
