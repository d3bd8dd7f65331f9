"""`brygga sync products`: the first synchronisation of products, as a plan that is read before it is applied."""

from __future__ import annotations

import signal
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, TypeVar

import trio
from cyclopts import App, Parameter

from agent.cli.context import CommandContext, Given
from agent.cli.desk import BAD_CALL, NO, AsJson, journal_path
from agent.cli.errors import UserError
from agent.cli.output import complain, say, say_json
from agent.cli.plan_file import keep_plan, read_plan
from agent.cli.run import set_up_log
from agent.cli.settings import check_lines
from agent.cli.sync_text import Words, census_json, counts_json, say_applied, say_census, say_plan, say_undone
from agent.journal import plans
from agent.journal.journal import Journal, open_journal
from agent.journal.schema import JournalError
from agent.model.owners import System
from agent.model.plan import Plan, PlanState, RowState
from agent.model.reasons import Fault
from agent.remote.trouble import Trouble
from agent.settings.judge import judge
from agent.settings.secrets import Secrets
from agent.settings.tree import Settings, ShopSettings

if TYPE_CHECKING:
    from agent.actors.sync_table import Tell
    from agent.app_sync import FirstSync

STOPPED = 130

app = App(name="sync", help="The first synchronisation of products.", help_format="plaintext")

Do = Callable[["FirstSync"], Awaitable[int]]

E = TypeVar("E", bound=Exception)


class Call:
    """What a call of the command works with."""

    def __init__(
        self, settings: Settings, secrets: Secrets, shop: ShopSettings, words: Words, *, json: bool, now: bool
    ) -> None:
        self.settings = settings
        self.secrets = secrets
        self.shop = shop
        self.words = words
        self.json = json
        self.now = now


@app.command
def products(
    *,
    source: Annotated[Literal["shop", "mamut"] | None, Parameter(name="--from")] = None,
    plan: Annotated[bool, Parameter(negative="")] = False,
    apply: Path | None = None,
    undo: Path | None = None,
    census: Annotated[bool, Parameter(negative="")] = False,
    out: Path = Path(),
    shop: str | None = None,
    now: Annotated[bool, Parameter(negative="")] = False,
    json: AsJson = False,
    context: Given,
) -> int:
    """Plan, apply, undo or count the first synchronisation of products. The agent must not be running.

    Parameters
    ----------
    source
        Whose products go over to the other side: shop or mamut. Given with --plan.
    plan
        Read both sides and write down what would be done. Nothing is changed.
    apply
        Do exactly what this plan says. Ctrl-C stops it; the same command goes on with it.
    undo
        Take back what this plan has made and nobody has touched since.
    census
        Read both sides and count whether the article numbers are equal.
    out
        The folder for the plan's files.
    shop
        Which shop, by its key, when there are several.
    now
        Also in the shop's quiet hours, which are waited out otherwise.
    """
    call = _call(context, shop, json=json, now=now)
    words = call.words
    if [plan, apply is not None, undo is not None, census].count(True) != 1 or plan != (source is not None):
        complain(
            words(
                "Ange en av --plan (med --from shop eller mamut), --apply, --undo och --census.",
                "Give one of --plan (with --from shop or mamut), --apply, --undo and --census.",
            )
        )
        return BAD_CALL
    if plan:
        return _run(call, lambda sync: _plan(call, sync, System(source or ""), out))
    if census:
        return _run(call, lambda sync: _census(call, sync))
    path = apply or undo or Path()
    return _run(call, lambda sync: _with_plan(call, sync, path, undo=undo is not None))


# -- what is done -----------------------------------------------------------------------------------------------------


async def _plan(call: Call, sync: FirstSync, source: System, out: Path) -> int:
    number, unreadable = await sync.plan(source)
    try:
        as_json, as_csv, digest = await keep_plan(sync.journal, number, out, call.words.language)
    except OSError as error:
        complain(call.words(f"Planen kunde inte skrivas: {error.strerror}", f"Cannot write the plan: {error.strerror}"))
        return NO
    counts = sync.journal.view(lambda tx: plans.counts(tx, number))
    if call.json:
        files = {"json": str(as_json), "csv": str(as_csv), "digest": digest}
        say_json({"plan": number, **files, "unreadable": unreadable, **counts_json(counts)})
    else:
        sync.journal.view(lambda tx: say_plan(call.words, tx, number, counts, unreadable))
        say(call.words(f"Hela planen: {as_csv}", f"The whole plan: {as_csv}"))
        say(
            call.words(
                f"Verkställ: brygga sync products --apply {as_json}", f"Apply: brygga sync products --apply {as_json}"
            )
        )
    return 0


async def _with_plan(call: Call, sync: FirstSync, path: Path, *, undo: bool) -> int:
    words = call.words
    try:
        header, digest = read_plan(path)
    except OSError as error:
        complain(words(f"{path} kan inte läsas: {error.strerror}", f"Cannot read {path}: {error.strerror}"))
        return NO
    except ValueError:
        complain(
            words(f"{path} är ingen plan. Ange planens JSON-fil.", f"{path} is no plan. Give the plan's JSON file.")
        )
        return NO
    plan = sync.journal.view(lambda tx: plans.get(tx, header.plan))
    if (problem := _problem(call, sync, plan, digest, undo=undo)) or plan is None:
        complain(problem)
        return NO
    if undo:
        counts = await sync.undo(plan)
        said = RowState.LEFT
    else:
        counts = await sync.apply(plan)
        said = RowState.SKIPPED
    if call.json:
        say_json({"plan": plan.number, **counts_json(counts)})
    elif undo:
        sync.journal.view(lambda tx: say_undone(words, tx, plan.number, counts))
    else:
        sync.journal.view(lambda tx: say_applied(words, tx, plan.number, counts))
    unfinished = counts.left if not undo else 0
    return NO if unfinished or counts.in_state(said) or (not undo and counts.in_state(RowState.REFUSED)) else 0


def _problem(call: Call, sync: FirstSync, plan: Plan | None, digest: str, *, undo: bool) -> str:
    """Why the plan cannot be worked with; empty when it can."""
    words = call.words
    again = words(" Gör en ny med --plan.", " Make a new one with --plan.")
    if plan is None:
        return words("Den här journalen känner inte till planen.", "This journal does not know the plan.") + again
    if plan.shop != sync.key:
        return words(f"Planen gäller butiken {plan.shop}.", f"The plan is for the shop {plan.shop}.")
    if plan.digest != digest:
        return words("Planens fil har ändrats sedan den skrevs.", "The plan's file has been changed.") + again
    if undo:
        never = plan.state in (PlanState.READING, PlanState.PLANNED)
        return words("Planen har aldrig verkställts.", "The plan was never applied.") if never else ""
    if plan.state in (PlanState.UNDOING, PlanState.UNDONE):
        return words("Planen har tagits tillbaka.", "The plan has been taken back.") + again
    if plan.settings != sync.settings_digest(plan.source):
        return words("Inställningarna har ändrats sedan planen gjordes.", "The settings have changed since.") + again
    return ""


async def _census(call: Call, sync: FirstSync) -> int:
    found = await sync.census()
    if call.json:
        say_json(census_json(found))
    else:
        say_census(call.words, found)
    return 0 if found.is_equal else NO


# -- around it --------------------------------------------------------------------------------------------------------


def _call(context: CommandContext, key: str | None, *, json: bool, now: bool) -> Call:
    """Ends the command when the settings, or the shop, will not do."""
    judgement = judge(context.settings_file(), context.environ)
    language = context.speak(judgement.language)
    if judgement.settings is None or judgement.secrets is None:
        for line in check_lines(judgement, language):
            complain(line)
        raise SystemExit(NO)
    enabled = [shop for shop in judgement.settings.shop if shop.enabled]
    chosen = [shop for shop in enabled if key in (None, shop.key)]
    words = Words(language)
    if len(chosen) != 1:
        names = ", ".join(shop.key for shop in enabled)
        complain(words(f"Ange butik med --shop: {names}.", f"Name a shop with --shop: {names}."))
        raise SystemExit(BAD_CALL)
    return Call(judgement.settings, judgement.secrets, chosen[0], words, json=json, now=now)


def _run(call: Call, do: Do) -> int:
    """Works while no agent does, until done or told to stop."""
    set_up_log("auto", "warning")
    path = journal_path(call.settings)
    try:
        journal: Journal = open_journal(path)
    except JournalError as error:
        if error.fault is Fault.JOURNAL_IN_USE:
            complain(
                call.words(
                    "Kommandot arbetar när agenten står still: det behöver journalen och Mamuts enda session för sig. "
                    "Medan agenten arbetar görs det i admin, under Första synkning.",
                    "The command works while the agent rests: it needs the journal and Mamut's only session. While the "
                    "agent works it is done in the admin, under First synchronisation.",
                )
            )
        raise UserError(error.fault, {"file": str(path), "problem": error.detail}) from error
    troubles: list[Trouble] = []
    broken: list[JournalError] = []
    code = STOPPED
    try:
        with _shown(call) as tell:
            code = trio.run(_worked, call, journal, tell, do)
    except* Trouble as group:
        troubles += _leaves(group)
    except* JournalError as group:
        broken += _leaves(group)
    except* KeyboardInterrupt:
        pass
    finally:
        journal.close()
    if broken:
        raise UserError(broken[0].fault, {"file": str(path), "problem": broken[0].detail}) from broken[0]
    if troubles:
        return _trouble(call, troubles[0])
    if code == STOPPED:
        complain(call.words("Stoppad. Samma kommando går vidare.", "Stopped. The same command goes on where it was."))
    return code


async def _worked(call: Call, journal: Journal, tell: Tell, do: Do) -> int:
    from agent.app_sync import first_sync
    from agent.world import World

    code = STOPPED
    async with trio.open_nursery() as nursery:
        nursery.start_soon(_stop_on_signal, nursery.cancel_scope)
        async with first_sync(call.settings, call.secrets, call.shop, journal, World(), tell, now=call.now) as sync:
            code = await do(sync)
        nursery.cancel_scope.cancel()
    return code


async def _stop_on_signal(scope: trio.CancelScope) -> None:
    with trio.open_signal_receiver(signal.SIGINT, signal.SIGTERM) as signals:
        async for _ in signals:
            scope.cancel()


def _trouble(call: Call, trouble: Trouble) -> int:
    if trouble.problem == "direction_paused":
        complain(
            call.words(
                f"{trouble.detail} är pausad för butiken. Släpp den först: brygga resume.",
                f"{trouble.detail} is paused for the shop. Let it go on first: brygga resume.",
            )
        )
        return NO
    if trouble.fault is None:
        complain(f"{trouble.problem} {trouble.detail}".strip())
        return NO
    params = {"shop": call.shop.key, "problem": f"{trouble.problem} {trouble.detail}".strip(), **trouble.params}
    raise UserError(
        trouble.fault, {**params, "direction": trouble.detail, "direction_name": trouble.detail}
    ) from trouble


def _leaves(group: BaseExceptionGroup[E]) -> list[E]:
    found: list[E] = []
    for each in group.exceptions:
        found += _leaves(each) if isinstance(each, BaseExceptionGroup) else [each]
    return found


@contextmanager
def _shown(call: Call) -> Iterator[Tell]:
    """A bar for each phase, on standard error; nothing where nobody watches."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=not sys.stderr.isatty(),
    )
    phases: dict[str, TaskID] = {}

    def tell(phase: str, done: int, total: int) -> None:
        if phase not in phases:
            phases[phase] = bars.add_task(call.words.phase(phase), total=None)
        bars.update(phases[phase], completed=done, total=total or None)

    with bars:
        yield tell
