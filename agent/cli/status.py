"""`brygga status`: whether the agent runs, how each part of it is, what lies before it and what needs a person."""

from __future__ import annotations

from datetime import date

import msgspec

from agent.actors.pace_keeper import paces
from agent.cli.context import Given
from agent.cli.desk import NO, AsJson, Desk, open_desk
from agent.cli.directions import Standing as DirectionStanding
from agent.cli.directions import directions_json, print_directions, standings
from agent.cli.figures import show_table, table
from agent.cli.output import say, say_json
from agent.cli.shops import frozen_lines, shop_json
from agent.cli.webhook_figures import WebhooksStanding, print_webhooks, webhooks_json, webhooks_standing
from agent.journal.records import MAMUT_COMPANY, value
from agent.journal.reports import ActorHealth, Backlog, ShopReport, backlogs, health, open_wish_count, shops
from agent.journal.reports_goods import stopped_count
from agent.model.catalogue import explain
from agent.model.order import Frozen
from agent.model.reasons import Fault, OrderState
from agent.remote.pace import PaceShown
from agent.remote.ports import MamutCompany
from agent.shown.attention import AREAS
from agent.shown.attention import counts as attention_counts
from agent.shown.figures import duration, iso_ms, moment_ms, number
from agent.shown.names import health_name, state_name

TROUBLED = ("paused", "parked")


class Standing(Frozen, frozen=True):
    """All that the command shows, read at one moment."""

    runs: bool
    actors: tuple[ActorHealth, ...]
    backlogs: tuple[Backlog, ...]
    shops: tuple[ShopReport, ...]
    open_wishes: int
    directions: tuple[DirectionStanding, ...] = ()
    paces: tuple[tuple[str, PaceShown], ...] = ()
    stopped_prices: int = 0
    webhooks: tuple[WebhooksStanding, ...] = ()
    company: MamutCompany | None = None
    attention: dict[str, int] = {}

    @property
    def is_well(self) -> bool:
        frozen = any(report.shop.frozen_fault for report in self.shops)
        return self.runs and not frozen and all(actor.state not in TROUBLED for actor in self.actors)


def status(*, json: AsJson = False, context: Given) -> int:
    """Show connections, queues and what needs a person. Ends with 1 when the agent is down or a part of it stands."""
    with open_desk(context) as desk:
        standing = Standing(
            runs=desk.agent_runs(),
            actors=tuple(health(desk.tx)),
            backlogs=tuple(backlogs(desk.tx)),
            shops=tuple(shops(desk.tx)),
            open_wishes=open_wish_count(desk.tx),
            directions=standings(desk),
            paces=paces(desk.tx),
            stopped_prices=stopped_count(desk.tx),
            webhooks=webhooks_standing(desk),
            company=_company(desk),
            attention=attention_counts(desk.tx, desk.settings, desk.now(), runs=desk.agent_runs()),
        )
        if json:
            say_json(status_json(desk, standing))
        else:
            _print(desk, standing)
        return 0 if standing.is_well else NO


def _print(desk: Desk, standing: Standing) -> None:
    if standing.runs:
        say(desk.text("Agenten körs.", "The agent is running."))
    else:
        say(desk.text("Agenten körs INTE. Så här var det senast:", "The agent is NOT running. It was last like this:"))
    if standing.company is not None:
        _print_company(desk, standing.company)
    if standing.actors:
        _print_actors(desk, standing.actors)
    _print_shops(desk, standing.shops)
    if standing.backlogs:
        _print_backlogs(desk, standing.backlogs)
    print_directions(desk, standing.directions)
    for shop, pace in standing.paces:
        say(_pace(desk, shop, pace))
    print_webhooks(desk, standing.webhooks)
    for report in standing.shops:
        for line in frozen_lines(desk, report.shop):
            say(line)
    if any(standing.attention.values()):
        say(_attention(desk, standing.attention))
    if standing.stopped_prices:
        count = number(standing.stopped_prices, desk.language)
        say(
            desk.text(
                f"Stoppade priser: {count}. Se brygga prices guards",
                f"Prices stopped: {count}. See brygga prices guards",
            )
        )
    if standing.open_wishes:
        count = number(standing.open_wishes, desk.language)
        say(desk.text(f"Önskemål som väntar på agenten: {count}", f"Wishes that wait for the agent: {count}"))


def _attention(desk: Desk, counts: dict[str, int]) -> str:
    """What `brygga attention` lists, by what it is about."""
    areas = ", ".join(
        f"{AREAS[area].in_(desk.language).lower()} {number(count, desk.language)}"
        for area, count in counts.items()
        if count
    )
    total = number(sum(counts.values()), desk.language)
    return desk.text(
        f"Väntar på en människa: {total} ({areas}). Se brygga attention",
        f"Wait for a person: {total} ({areas}). See brygga attention",
    )


def _company(desk: Desk) -> MamutCompany | None:
    """What Mamut told when a session was last opened; None before the first time."""
    text = value(desk.tx, MAMUT_COMPANY)
    return msgspec.json.decode(text, type=MamutCompany) if text else None


def _print_company(desk: Desk, company: MamutCompany) -> None:
    name = f"{company.name}, {company.edition}, version {company.version}"
    until = company.stop_date
    say(desk.text(f"Mamut: {name}, släpper in till {until}", f"Mamut: {name}, lets people in until {until}"))
    left = (date.fromisoformat(company.stop_date) - desk.now().date()).days
    if left <= desk.settings.mamut.stop_date_warning_days:
        fault = Fault.MAMUT_VERSION_EXPIRES_SOON
        entry = explain(fault, desk.language, {"stop_date": company.stop_date, "days": str(left)})
        say(f"{fault.value}  {entry.title}\n  {entry.cause}\n  {entry.remedy}")


def _print_actors(desk: Desk, actors: tuple[ActorHealth, ...]) -> None:
    shown = table(
        desk.text("Del", "Part"),
        desk.text("Läge", "State"),
        desk.text("Sedan", "Since"),
        desk.text("Senast bra", "Last good"),
        desk.text("Nästa försök", "Next try"),
        desk.text("Fel", "Trouble"),
    )
    for actor in actors:
        shown.add_row(
            actor.actor,
            health_name(actor.state, desk.language),
            moment_ms(actor.since_ms),
            moment_ms(actor.last_good_ms),
            moment_ms(actor.next_ms),
            _trouble(actor, desk),
        )
    show_table(shown)


def _trouble(actor: ActorHealth, desk: Desk) -> str:
    if not actor.fault:
        return actor.problem
    if actor.fault not in tuple(fault.value for fault in Fault):
        return f"{actor.fault} {actor.problem}".strip()
    text = explain(Fault(actor.fault), desk.language, {"problem": actor.problem, "direction": actor.actor})
    why = f" ({actor.problem})" if actor.problem else ""
    return f"{text.code} {text.title}{why}. {text.remedy}"


def _print_shops(desk: Desk, reports: tuple[ShopReport, ...]) -> None:
    heads = [state_name(state.value, desk.language) for state in OrderState]
    unread, oldest = desk.text("att läsa", "to read"), desk.text("Äldsta som väntar", "Oldest waiting")
    shown = table(desk.text("Butik", "Shop"), *heads, unread, oldest, numbers=(*heads, unread))
    for report in reports:
        counts = [*(report.states[state.value] for state in OrderState), report.to_read]
        shown.add_row(
            report.shop.shop, *(number(count, desk.language) for count in counts), _age(desk, report.oldest_waiting_ms)
        )
    show_table(shown)


def _print_backlogs(desk: Desk, found: tuple[Backlog, ...]) -> None:
    count, unsure = desk.text("Att göra", "To do"), desk.text("Ovisst utfall", "Outcome unsure")
    shown = table(
        desk.text("Kö till", "Queue to"), count, unsure, desk.text("Äldsta", "Oldest"), numbers=(count, unsure)
    )
    for backlog in found:
        shown.add_row(
            backlog.remote,
            number(backlog.commands, desk.language),
            number(backlog.unsure, desk.language),
            _age(desk, backlog.oldest_made_ms),
        )
    show_table(shown)


def _pace(desk: Desk, shop: str, pace: PaceShown) -> str:
    """How the shop was asked when the agent last said so."""
    asked, most = number(pace.asked_last_minute, desk.language), number(pace.requests_a_minute, desk.language)
    budget = desk.text(f" av {most}", f" of {most}") if pace.requests_a_minute else ""
    text = desk.text(
        f"Takt mot {shop}: {asked}{budget} anrop senaste minuten, högst {pace.limit} av {pace.most} på en gång",
        f"Pace towards {shop}: {asked}{budget} requests last minute, at most {pace.limit} of {pace.most} at once",
    )
    if pace.lowered and pace.limit < pace.most:
        text += desk.text(f"; sänkt: {pace.lowered}", f"; lowered: {pace.lowered}")
    if pace.closed_s:
        left = duration(pace.closed_s, desk.language)
        text += desk.text(f"; butiken vill vara i fred {left}", f"; the shop wants to be left alone for {left}")
    return text


def _age(desk: Desk, since_ms: int | None) -> str:
    if since_ms is None:
        return ""
    return f"{moment_ms(since_ms)} ({duration((desk.now_ms() - since_ms) / 1000, desk.language)})"


def status_json(desk: Desk, standing: Standing) -> dict[str, object]:
    """Keys are stable."""
    return {
        "runs": standing.runs,
        "is_well": standing.is_well,
        "actors": [
            {
                "actor": actor.actor,
                "state": actor.state,
                "fault": actor.fault or None,
                "problem": actor.problem or None,
                "since": iso_ms(actor.since_ms),
                "last_good": iso_ms(actor.last_good_ms),
                "next_try": iso_ms(actor.next_ms),
            }
            for actor in standing.actors
        ],
        "queues": [
            {
                "remote": backlog.remote,
                "commands": backlog.commands,
                "unsure": backlog.unsure,
                "oldest": iso_ms(backlog.oldest_made_ms),
            }
            for backlog in standing.backlogs
        ],
        "shops": [shop_json(desk, report) for report in standing.shops],
        "directions": directions_json(desk, standing.directions),
        "pace": {shop: msgspec.to_builtins(pace) for shop, pace in standing.paces},
        "stopped_prices": standing.stopped_prices,
        "attention": {"total": sum(standing.attention.values()), **standing.attention},
        "webhooks": {each.shop: webhooks_json(each) for each in standing.webhooks},
        "open_wishes": standing.open_wishes,
        "mamut": None if standing.company is None else msgspec.to_builtins(standing.company),
    }
