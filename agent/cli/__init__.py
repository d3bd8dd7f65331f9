"""The command `brygga`: parse, call, print. Each command's module is imported when it is used, not before."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Group, Parameter

from agent.cli.context import CommandContext, context_of
from agent.cli.errors import UserError
from agent.model.words import Language

if TYPE_CHECKING:
    from agent.journal.schema import JournalError

_SET_UP = Group("Setting up", sort_key=1)
_RUN = Group("Running", sort_key=2)
_LOOK = Group("Orders and how things stand", sort_key=3)
_GOODS = Group("What Mamut governs in the shops", sort_key=4)
_EVERYWHERE = Group("With every command", sort_key=9)

# Name, where it is, group, one line of help. An app of several commands is called `app` in its module.
_COMMANDS: tuple[tuple[str, str, Group, str], ...] = (
    ("init", "agent.cli.settings:init", _SET_UP, "Write a commented start file and a file for the secrets."),
    ("check", "agent.cli.settings:check", _SET_UP, "Judge the settings without starting anything."),
    ("settings", "agent.cli.settings_history:app", _SET_UP, "Show what was changed in the settings; take it back."),
    ("packages", "agent.cli.settings:packages", _SET_UP, "Show the package table and what the set-up costs a month."),
    ("explain", "agent.cli.settings:explain", _SET_UP, "Explain a code such as BRY-H06."),
    ("doctor", "agent.cli.doctor:doctor", _SET_UP, "Test Mamut and the shops; name what is guilty and what helps."),
    ("rules", "agent.cli.rules:app", _SET_UP, "List the processing rules; try them on real orders."),
    ("map", "agent.cli.rules:mapping", _SET_UP, "Try the field mappings on real orders."),
    ("plugin", "agent.cli.plugin:app", _SET_UP, "Begin a plugin; list and check those that are installed."),
    ("admin", "agent.cli.admin:app", _SET_UP, "Give a way into the admin, the pages in a browser."),
    ("run", "agent.cli.run:run", _RUN, "Run the agent until it is told to stop."),
    ("reload", "agent.cli.reload:reload", _RUN, "Let the running agent read its settings anew."),
    ("service", "agent.cli.service:app", _RUN, "Let the computer run the agent: systemd, or Windows' scheduler."),
    ("record", "agent.cli.record:record", _RUN, "Run the agent and keep a tape of its traffic, without names."),
    ("demo", "scenarios.demo:demo", _RUN, "Start both simulators and the agent, and show what happens."),
    ("simulate", "simulators.cli:app", _RUN, "Run a simulator: woocommerce, mamut or conform."),
    ("bench", "benchmarks.command:bench", _RUN, "Measure how fast and how frugal the agent is."),
    ("replay", "scenarios.replay:replay", _RUN, "Play stories in virtual time and check what must always hold."),
    ("status", "agent.cli.status:status", _LOOK, "Show connections, queues and what needs a person."),
    ("attention", "agent.cli.attention:attention", _LOOK, "Show what needs a person, by its cause."),
    ("mail", "agent.cli.mail:app", _LOOK, "Try whether letters come; show what is told by mail."),
    ("orders", "agent.cli.orders_by_hand:app", _LOOK, "List and find orders; show, retry, correct or adopt one."),
    ("account", "agent.cli.account:account", _LOOK, "Prove that every order is accounted for."),
    ("usage", "agent.cli.usage:usage", _LOOK, "Show the month's orders against the package's limit."),
    ("articles", "agent.cli.articles:app", _GOODS, "List articles that are held or wait; show or retry one."),
    ("prices", "agent.cli.prices:app", _GOODS, "Show the prices that were stopped; let them through."),
    ("stock", "agent.cli.stock:app", _GOODS, "Show how a shop's stock figure comes about."),
    ("sync", "agent.cli.sync:app", _GOODS, "Plan and apply the first synchronisation of products."),
    ("register", "agent.cli.register:register", _GOODS, "Show how far Mamut's register has been read; read it now."),
    ("pause", "agent.cli.directions:pause", _GOODS, "Pause a direction of a shop, such as prices."),
    ("resume", "agent.cli.directions:resume", _GOODS, "Let a paused direction go on."),
    ("run-now", "agent.cli.directions:run_now", _GOODS, "Let a direction run at once, whatever its schedule says."),
    ("schedule", "agent.cli.schedule:schedule", _LOOK, "Show when each direction of each shop works next."),
    ("webhooks", "agent.cli.webhooks:app", _SET_UP, "Make, show or remove the webhooks with which shops ring."),
    ("journal", "agent.cli.journal:app", _RUN, "Back up, restore or check what the agent remembers."),
    ("person", "agent.cli.person:app", _LOOK, "Erase what is kept of a person; the accounts stay whole."),
    ("shops", "agent.cli.shops:app", _LOOK, "List shops; accept one that has changed."),
)

_NAMES = tuple(name for name, *_ in _COMMANDS)

BAD_CALL = 2
INTERRUPTED = 130
"""As shells tell that a command was ended by Ctrl-C."""


def build() -> App:
    """The whole command line. Costs no more than its own table: no command has been imported."""
    app = App(
        name="brygga",
        help="Orders from WooCommerce into Mamut One Enterprise, once and to the öre.",
        help_format="plaintext",
        version=_version,
        result_action="return_value",
    )
    for name, where, group, line in _COMMANDS:
        app.command(where, name=name, group=group, help=line)
    app.meta.group_parameters = _EVERYWHERE

    @app.meta.default
    def launch(
        *tokens: Annotated[str, Parameter(show=False, allow_leading_hyphen=True)],
        config: Annotated[
            Path | None, Parameter(env_var="BRYGGA_CONFIG", help="The settings file; else brygga.toml in this folder.")
        ] = None,
        language: Annotated[
            Literal["sv", "en"] | None,
            Parameter(env_var="BRYGGA_LANGUAGE", help="Swedish or English; else as the file says."),
        ] = None,
    ) -> object:
        context = context_of(config, Language(language) if language else None)
        if tokens and not tokens[0].startswith("-") and tokens[0] not in _NAMES:
            return _no_such_command(tokens[0], context)
        command, bound, left_out = app.parse_args(tokens)
        try:
            return command(*bound.args, **bound.kwargs, **dict.fromkeys(left_out, context))
        except UserError as error:
            return _show(error, context)
        except _journal_error() as error:
            return _show(UserError(error.fault, {"file": error.detail, "problem": error.detail}), context)

    return app


def execute(arguments: Sequence[str]) -> int:
    """Runs one command and gives its exit code: 0 when all is well, 1 when something is wrong, 2 for a bad call."""
    try:
        result = build().meta(list(arguments), result_action="return_value")
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read our output has stopped: that is no error. What is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return result if isinstance(result, int) else 0


def main() -> None:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without å should show something all the same
    try:
        code = execute(sys.argv[1:])
    except KeyboardInterrupt:
        code = INTERRUPTED
    sys.exit(code)


def _show(error: UserError, context: CommandContext) -> int:
    from agent.cli.output import complain
    from agent.model.catalogue import explain

    told = explain(error.fault, context.speak(), error.params)
    complain(f"{told.code}  {told.title}\n  {told.cause}\n  {told.remedy}")
    return 1


def _no_such_command(name: str, context: CommandContext) -> int:
    """Said here, for to list what there is the parser would import every command."""
    from agent.cli.output import complain
    from agent.model.words import words
    from agent.settings.kinds import did_you_mean, shown

    there_is = words("Alla kommandon: brygga --help", "All commands: brygga --help")
    problem = words(f"Kommandot {shown(name)} finns inte.", f"There is no command {shown(name)}.")
    remedy = did_you_mean(name, _NAMES, there_is)
    complain(f"{problem.in_(context.speak())} {remedy.in_(context.speak())}")
    return BAD_CALL


def _journal_error() -> type[JournalError]:
    """Asked for only once something has been raised, so that a command without a journal never imports it."""
    from agent.journal.schema import JournalError

    return JournalError


def _version() -> str:
    from importlib.metadata import version

    return version("brygga")
