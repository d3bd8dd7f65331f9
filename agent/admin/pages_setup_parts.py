"""What the pages of the guided set-up share: the steps, how each stands, and its tests as they are made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NamedTuple

from agent.admin.visit import Visit
from agent.doctor.result import TITLES, Result, Test, Verdict
from agent.doctor.shop import SHOP_TESTS
from agent.model.catalogue import explain
from agent.remote.trouble import Trouble
from agent.set_up import examine
from agent.set_up.draft import Draft, Step
from agent.set_up.work import Job, SetUp
from agent.settings.finding import Finding, inside

LONGEST = 500
"""Characters of a field; what is longer is cut, and then judged like anything else."""

BADGES = {Verdict.GOOD: "good", Verdict.WARNING: "warn", Verdict.ERROR: "bad", Verdict.NOT_TESTED: ""}


class Tests(NamedTuple):
    """What is tested at a step, and the task that does it."""

    tests: tuple[Test, ...]
    work: Callable[[SetUp, Job], Awaitable[None]]


TESTED = {
    Step.COMPANY: Tests(examine.COMPANY_TESTS, examine.company),
    Step.SHOP: Tests(SHOP_TESTS, examine.shop),
    Step.MAPPING: Tests(examine.MAPPING_TESTS, examine.mapping),
    Step.TRIAL: Tests((), examine.dry_run),
}

TRIAL_PARTS = 2
"""The dry run's progress: the orders read, and the orders decided."""


def standing(visit: Visit) -> tuple[SetUp, Draft] | None:
    """What a step's page works with; None where nothing has been begun."""
    set_up = visit.admin.set_up
    made = None if set_up is None else set_up.draft()
    return None if set_up is None or made is None else (set_up, made)


def findings_of(set_up: SetUp, made: Draft) -> dict[Step, list[Finding]]:
    """What the settings' own check finds, by the step that asks for it. A step that nobody has been at has none."""
    return {step: several if step in made.saved else [] for step, several in _found(set_up, made).items()}


def _found(set_up: SetUp, made: Draft) -> dict[Step, list[Finding]]:
    at, key = f"shop[{made.shop}]", made.shop_of(made.settings).key
    of_shop = (*(f"{at}.{name}" for name in ("key", "name", "address", "verify_tls")), f"shop.{key}")
    of_package = ("package", "premium_limit", f"{at}.flow")
    found: dict[Step, list[Finding]] = {step: [] for step in Step}
    found[Step.COMPANY] += set_up.secrets.findings()
    for each in set_up.judge(made, made.text).findings:
        if inside(each.path, "mamut"):
            found[Step.COMPANY].append(each)
        elif any(inside(each.path, place) for place in of_shop):
            found[Step.SHOP].append(each)
        elif each.path in (*of_package, "shop"):
            found[Step.PACKAGE].append(each)
        elif inside(each.path, at):
            found[Step.MAPPING].append(each)
    return found


def frame(set_up: SetUp, made: Draft, here: Step | None) -> dict[str, object]:
    """What every page of it shows: the steps, and how each stands."""
    settings, findings = made.settings, findings_of(set_up, made)
    shop = made.shop_of(settings)
    steps = [(step.value, _state(made, step, findings[step])) for step in Step]
    order = tuple(Step)
    after = None if here is None or here is Step.GO else order[order.index(here) + 1].value
    before = None if here is None or here is Step.COMPANY else order[order.index(here) - 1].value
    return {
        "steps": steps,
        "step": None if here is None else here.value,
        "place": 0 if here is None else order.index(here) + 1,
        "onward": next((name for name, state in steps if state != "good"), Step.GO.value),
        "after": after,
        "before": before,
        "shop_name": shop.name or shop.key,
        "is_new": not made.was,
    }


def _state(made: Draft, step: Step, findings: list[Finding]) -> str:
    """good, warn, bad, or empty for one that nobody has been at."""
    if any(each.is_error for each in findings):
        return "bad"
    if step is Step.TRIAL:
        return "good" if made.trial is not None else ""
    if step not in made.saved:
        return ""
    tests = TESTED[step].tests if step in TESTED else ()
    results = made.about(tests)
    if any(result.verdict is Verdict.ERROR for result in results):
        return "bad"
    return "good" if len(results) == len(tests) else "warn"


NEEDED = {
    Step.COMPANY: (Step.COMPANY,),
    Step.SHOP: (Step.SHOP,),
    Step.MAPPING: (Step.COMPANY, Step.SHOP, Step.MAPPING),
    Step.TRIAL: (Step.COMPANY, Step.SHOP, Step.PACKAGE, Step.MAPPING),
}
"""What must be filled in, and right, before a step can be tested."""


def start_tests(set_up: SetUp, made: Draft, step: Step) -> bool:
    """False where what they would work with is not there yet."""
    found = _found(set_up, made)
    if any(each.is_error for needed in NEEDED[step] for each in found[needed]):
        return False
    planned = len(TESTED[step].tests) or TRIAL_PARTS
    work = TESTED[step].work
    set_up.start(step, planned, lambda job: work(set_up, job))
    return True


def tested(visit: Visit, set_up: SetUp, made: Draft, step: Step) -> dict[str, object]:
    """The results of a step's tests, and how far those under way have come."""
    tests, job = TESTED[step].tests, set_up.jobs.get(step)
    results = made.about(tests)
    trouble = None if job is None or job.trouble is None else _troubled(visit, made, job.trouble)
    return {
        "results": [_result(visit, each) for each in results],
        "running": job is not None and not job.ended,
        "done": 0 if job is None else job.done,
        "planned": len(tests) or TRIAL_PARTS,
        "late": job is not None and job.late,
        "trouble": trouble,
        "well": len(results) == len(tests) and not made.has_errors(tests),
        "sure": not any(each.verdict is not Verdict.GOOD for each in results),
    }


def _troubled(visit: Visit, made: Draft, trouble: Trouble) -> dict[str, str]:
    """What kept a task from its work, as the catalogue tells it."""
    shop = made.shop_of(made.settings)
    problem = trouble.detail or trouble.problem
    if trouble.fault is None:
        return {"code": "", "title": problem, "cause": "", "remedy": ""}
    params = {"shop": shop.key, "address": shop.address, "problem": problem, **trouble.params}
    said = explain(trouble.fault, visit.language, params)
    return {"code": said.code, "title": said.title, "cause": said.cause, "remedy": said.remedy}


def _result(visit: Visit, result: Result) -> dict[str, object]:
    findings = [
        (finding, explain(finding.fault, visit.language, {"shop": result.shop, **finding.params}))
        for finding in result.findings
    ]
    return {
        "title": TITLES[result.test].in_(visit.language),
        "verdict": result.verdict.value,
        "badge": BADGES[result.verdict],
        "said": result.said.in_(visit.language),
        "findings": [
            {
                "code": said.code,
                "title": said.title,
                "cause": said.cause,
                "remedy": said.remedy,
                "culprit": finding.culprit if finding.culprit not in said.cause else "",
            }
            for finding, said in findings
        ],
    }


def field(visit: Visit, name: str) -> str:
    return visit.form.get(name)[:LONGEST].strip()
