"""`brygga webhooks`: makes, shows and removes the webhooks with which shops ring the agent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import SystemRandom
from typing import Annotated, TypeVar

import apsw
import trio
from cyclopts import App, Parameter

from agent.actors.webhook_keeper import states_of
from agent.actors.webhook_set_up import Installed, install, look, remove
from agent.app_ports import shop_port
from agent.app_webhooks import topics
from agent.cli.context import Given
from agent.cli.desk import BAD_CALL, NO, AsJson, journal_path
from agent.cli.output import complain, say, say_json
from agent.cli.settings import check_lines
from agent.cli.webhook_figures import tally_json
from agent.decide.webhooks import ACTIVE
from agent.journal.journal import look_into
from agent.journal.schema import JournalError
from agent.journal.webhooks import Tally
from agent.model.catalogue import explain
from agent.model.clock import wall_clock
from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.model.words import Language, Words, words
from agent.remote.ports import WebhookPort
from agent.remote.trouble import Trouble
from agent.settings.judge import judge
from agent.settings.secrets import Secrets
from agent.settings.tree import Settings, ShopSettings
from agent.shown.figures import number
from agent.shown.webhooks import of_shop, status_name, tally_lines
from agent.world import World

app = App(name="webhooks", help="Make, show or remove the webhooks with which shops ring.", help_format="plaintext")

T = TypeVar("T")
OneShop = Annotated[str | None, Parameter(help="The shop's key; else all shops whose webhooks are enabled.")]


class Called(Frozen, frozen=True):
    """What a command works with."""

    settings: Settings
    secrets: Secrets
    shops: tuple[ShopSettings, ...]
    language: Language

    def text(self, sv: str, en: str) -> str:
        return words(sv, en).in_(self.language)


@app.command(name="install")
def install_webhooks(shop: OneShop = None, /, *, json: AsJson = False, context: Given) -> int:
    """Make the webhooks in the shop, or give those that are there the secret again and switch them on."""
    called = _called(shop, context)

    async def work(port: WebhookPort, each: ShopSettings) -> Installed:
        secret = called.secrets.shops[ShopKey(each.key)].webhook_secret
        if secret is None:
            raise RuntimeError("a shop with webhooks has passed the check without its secret")
        return await install(port, topics(called.settings, each), each.webhooks.delivery_url, secret)

    done, failed = _for_each(called, work)
    if json:
        say_json({"shops": {key: _installed_json(one) for key, one in done.items()}, "failed": sorted(failed)})
        return NO if failed else 0
    for key, one in done.items():
        made, renewed, gone = (number(len(each), called.language) for each in (one.made, one.renewed, one.removed))
        say(
            called.text(
                f"{key}: {made} gjorda, {renewed} fanns och fick hemligheten igen, {gone} dubbletter borttagna",
                f"{key}: {made} made, {renewed} were there and got the secret again, {gone} doubles removed",
            )
        )
    return NO if failed else 0


@app.command(name="remove")
def remove_webhooks(shop: OneShop = None, /, *, json: AsJson = False, context: Given) -> int:
    """Remove the webhooks of ours from the shop; others stay. Also from a shop whose webhooks are switched off in the
    settings: those in the shop may still ring."""
    called = _called(shop, context, also_off=True)

    async def work(port: WebhookPort, each: ShopSettings) -> tuple[str, ...]:
        return await remove(port, each.webhooks.delivery_url)

    done, failed = _for_each(called, work)
    if json:
        say_json({"shops": {key: {"removed": sorted(gone)} for key, gone in done.items()}, "failed": sorted(failed)})
        return NO if failed else 0
    for key, gone in done.items():
        count = number(len(gone), called.language)
        say(called.text(f"{key}: {count} borttagna", f"{key}: {count} removed"))
    if any(each.webhooks.enabled for each in called.shops if each.key in done):
        say(
            called.text(
                "Sätt enabled = false under [shop.webhooks], annars saknar agenten dem.",
                "Set enabled = false in [shop.webhooks], else the agent misses them.",
            )
        )
    return NO if failed else 0


@app.default
@app.command(name="status")
def show_webhooks(shop: OneShop = None, /, *, json: AsJson = False, context: Given) -> int:
    """Show the webhooks as the shop has them now, and how many changes only polling found. Ends with 1 when one is not
    active."""
    called = _called(shop, context)

    async def work(port: WebhookPort, each: ShopSettings) -> dict[str, tuple[int, str]]:
        return states_of(await look(port, topics(called.settings, each), each.webhooks.delivery_url))

    done, failed = _for_each(called, work)
    kept = _kept(called)
    well = not failed and all(status == ACTIVE for states in done.values() for _, status in states.values())
    if json:
        shops = {key: _status_json(states, *kept.get(key, (Tally(), 0))) for key, states in done.items()}
        say_json({"is_well": well, "shops": shops, "failed": sorted(failed)})
        return 0 if well else NO
    for key, states in done.items():
        say(key)
        for topic, (hook_id, status) in states.items():
            told = status_name(status, called.language)
            say(f"  {topic:<18}{told}  {hook_id or ''}".rstrip())
        tally, mended = kept.get(key, (Tally(), 0))
        for line in tally_lines(tally, mended, called.language):
            say(f"  {line}")
    return 0 if well else NO


def _installed_json(one: Installed) -> dict[str, object]:
    return {"made": list(one.made), "renewed": list(one.renewed), "doubles_removed": list(one.removed)}


def _status_json(states: dict[str, tuple[int, str]], tally: Tally, mended: int) -> dict[str, object]:
    hooks = {topic: {"id": hook_id or None, "status": status} for topic, (hook_id, status) in states.items()}
    return {"webhooks": hooks, **tally_json(tally, mended)}


def _kept(called: Called) -> dict[str, tuple[Tally, int]]:
    """What the journal knows of each shop; nothing before the agent has run."""
    try:
        tx = look_into(journal_path(called.settings))
    except (JournalError, apsw.Error):
        return {}
    try:
        return {shop.key: of_shop(tx, ShopKey(shop.key)) for shop in called.shops}
    finally:
        tx.close()


def _called(key: str | None, context: Given, *, also_off: bool = False) -> Called:
    """The shops that are asked for. Ends the command when the settings have errors or no shop fits."""
    judgement = judge(context.settings_file(), context.environ)
    language = context.speak(judgement.language)
    if judgement.settings is None or judgement.secrets is None:
        for line in check_lines(judgement, language):
            complain(line)
        raise SystemExit(NO)
    enabled = [shop for shop in judgement.settings.shop if shop.enabled]
    if key is not None and key not in {shop.key for shop in enabled}:
        _end(words(f"Ingen påslagen butik heter {key}.", f"No shop that is switched on is called {key}."), language)
    wanted = [shop for shop in enabled if key in (None, shop.key)]
    shops = tuple(shop for shop in wanted if shop.webhooks.enabled or (also_off and shop.webhooks.delivery_url))
    if not shops and also_off and wanted:
        _end(
            words(
                "Utan delivery_url under [shop.webhooks] vet ingen vilka webhooks som är våra: ta bort dem i"
                " WooCommerce > Inställningar > Avancerat > Webhooks.",
                "Without delivery_url in [shop.webhooks] nobody knows which webhooks are ours: remove them in"
                " WooCommerce > Settings > Advanced > Webhooks.",
            ),
            language,
        )
    if not shops:
        _end(
            words(
                "Ingen butik har enabled = true under [shop.webhooks].",
                "No shop has enabled = true in [shop.webhooks].",
            ),
            language,
        )
    return Called(settings=judgement.settings, secrets=judgement.secrets, shops=shops, language=language)


def _end(problem: Words, language: Language) -> None:
    complain(problem.in_(language))
    raise SystemExit(BAD_CALL)


def _for_each(
    called: Called, work: Callable[[WebhookPort, ShopSettings], Awaitable[T]]
) -> tuple[dict[str, T], set[str]]:
    """Asks one shop after the other; one that does not answer is said and keeps no other from its turn."""
    done: dict[str, T] = {}
    failed: set[str] = set()

    async def ask() -> None:
        world = World()
        for shop in called.shops:
            pair = called.secrets.shops[ShopKey(shop.key)]
            transports = world.transports(shop.address, verify_tls=shop.verify_tls)
            port, _ = shop_port(shop, pair, transports, wall_clock, SystemRandom())
            try:
                done[shop.key] = await work(port, shop)
            except Trouble as trouble:
                failed.add(shop.key)
                _complain(shop.key, trouble, called.language)
            finally:
                await port.aclose()

    trio.run(ask)
    return done, failed


def _complain(key: str, trouble: Trouble, language: Language) -> None:
    problem = f"{trouble.problem}: {trouble.detail}" if trouble.detail else trouble.problem
    told = explain(trouble.fault or Fault.SHOP_UNREACHABLE, language, {"shop": key, "problem": problem})
    complain(f"{told.code}  {told.title}\n  {told.cause}\n  {told.remedy}")
