"""Settings saved from a page: judged first, written whole or not at all, kept with who, and shown with each fault."""

from __future__ import annotations

import trio

from agent.actors.reloader import CHANGED_MEANWHILE, DONE, ELSEWHERE, NOT_WRITTEN, Reloader, Saved
from agent.admin.visit import Visit
from agent.settings.conceal import conceal
from agent.settings.finding import Finding
from agent.settings.secrets import Secrets
from agent.shown.taken_up import outdated_lines, taken_up_lines

_REFUSED = {ELSEWHERE: "elsewhere", CHANGED_MEANWHILE: "changed_meanwhile", NOT_WRITTEN: "not_written"}


async def save_text(
    visit: Visit,
    reloader: Reloader,
    text: str,
    basis: str,
    *,
    undoes: int | None = None,
    kind: str = "",
    shop: str = "",
    subject: str = "",
    before: str = "",
    after: str = "",
) -> Saved:
    """The whole file. The act is called `kind`, and tells of one place what stood there and what stands there now."""
    # Begun is done: a browser that goes away leaves no file that the agent does not know of.
    with trio.CancelScope(shield=True):
        secrets = reloader.read().secrets
        saved = await reloader.save_settings(text, visit.user.name, basis=basis, undoes=undoes)
        if saved.good and saved.number is not None:
            kind = kind or ("settings_saved" if undoes is None else "settings_undone")
            await visit.act(
                kind,
                lambda _tx: True,
                shop=shop,
                subject=subject or f"brygga.toml, {undoes or saved.number}",
                before=_told(before, secrets),
                after=_told(after, secrets),
            )
    return saved


def _told(text: str, secrets: Secrets | None) -> dict[str, object] | None:
    """Nothing that somebody may have put a secret into is kept as it is."""
    return {"text": conceal(text, secrets)} if text and secrets is not None else None


def judged(visit: Visit, saved: Saved | None) -> dict[str, object]:
    """What templates show of a judgement: the reason in one sentence, each fault with place, cause and remedy, and of
    what would do who would begin anew by it."""
    findings = () if saved is None else saved.findings
    reason = ""
    if saved is not None and not saved.good:
        key = _REFUSED.get(saved.result, "wrong")
        reason = visit.text(f"settings.{key}", problem=saved.problem, count=sum(each.is_error for each in findings))
    return {
        "reason": reason,
        "good": saved is not None and saved.good,
        "at_work": _at_work(visit, saved),
        "findings": [told(visit, each) for each in sorted(findings, key=lambda each: not each.is_error)],
    }


def _at_work(visit: Visit, saved: Saved | None) -> list[str]:
    if saved is None or saved.taken_up is None:
        return []
    changed = taken_up_lines(saved.taken_up, visit.language) if saved.result == DONE else []
    return [*changed, *outdated_lines(saved.taken_up, visit.language)]


def told(visit: Visit, found: Finding) -> dict[str, object]:
    """One fault, as the template of findings shows it."""
    return {
        "code": found.fault.value,
        "path": found.path,
        "problem": found.problem.in_(visit.language),
        "remedy": found.remedy.in_(visit.language),
        "error": found.is_error,
    }
