"""`brygga person`: what the journal holds of somebody, erased on demand; the accounts stay whole."""

from __future__ import annotations

import getpass
import random
from datetime import UTC, datetime
from typing import Annotated

import trio
from cyclopts import App, Parameter

from agent.cli.context import CommandContext, Given
from agent.cli.desk import BAD_CALL, NO, AsJson, Desk, Shop, open_desk
from agent.cli.errors import UserError
from agent.cli.output import complain, say, say_json
from agent.doctor.line import USER_AGENT
from agent.journal import orders
from agent.journal.erase import Erased, erase, of_same_contact, under_way
from agent.journal.orders import OrderRow
from agent.journal.reports import find
from agent.journal.schema import JournalError
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.remote.net import Net
from agent.remote.trouble import Trouble
from agent.remote.woocommerce.ask import Api
from agent.remote.woocommerce.auth import AuthWay, Signer
from agent.remote.woocommerce.persons import orders_of
from agent.settings.judge import judge
from agent.settings.secrets import Secrets
from agent.settings.tree import ShopSettings
from agent.world import World

app = App(name="person", help="Erase a person's data.", help_format="plaintext")


class _Found(Frozen, frozen=True):
    """Orders of one shop by e-mail, or `problem` where it could not be asked."""

    shop: str
    order_ids: tuple[ShopOrderId, ...] = ()
    problem: str = ""


@app.command(name="erase")
def erase_person(
    *,
    email: str = "",
    order: Annotated[tuple[str, ...], Parameter(help="An order's number; may be given several times.")] = (),
    shop: Shop = None,
    yes: Annotated[bool, Parameter(negative="", help="Do it. Without this it is only shown.")] = False,
    json: AsJson = False,
    context: Given,
) -> int:
    """Erase what the journal holds of a person. Numbers, dates, amounts and VAT stay, as the law of accounting wants.

    By e-mail address the shops are asked which orders are theirs; by order, all orders of the same customer in Mamut
    are taken too. Shops, Mamut and your copies of the journal hold data of their own: erase it there as well.
    """
    with open_desk(context) as desk:
        if not email and not order:
            desk.end("Ange --email eller --order.", "Give --email or --order.", BAD_CALL)
        key = desk.shop(shop)
        asked = _ask_shops(desk, context, email, key) if email else []
        rows = _rows(desk, order, key, asked)
        for each in asked:
            if each.problem:
                complain(
                    desk.text(
                        f"{each.shop} kunde inte frågas: {each.problem}.", f"{each.shop} not asked: {each.problem}."
                    )
                )
        if not rows:
            raise UserError(Fault.PERSON_NOT_FOUND)
        busy = [row for row in rows if under_way(desk.tx, row)]
        if busy or not yes:
            return _only_shown(desk, rows, busy, json=json)
        path = desk.path
    now_ms = int(datetime.now(UTC).timestamp() * 1000)
    emails = (email,) if email else ()
    try:
        erased = erase(path, rows, emails=emails, at_ms=now_ms, who=getpass.getuser())
    except JournalError as error:
        raise UserError(error.fault, {"order": error.detail, "file": str(path), "problem": error.detail}) from error
    incomplete = any(each.problem for each in asked)
    return _told(desk, erased, json=json, incomplete=incomplete)


def _rows(desk: Desk, numbers: tuple[str, ...], shop: ShopKey | None, asked: list[_Found]) -> list[OrderRow]:
    rows: list[OrderRow] = []
    for number in numbers:
        found = find(desk.tx, number, shop)
        if len(found) != 1:
            raise UserError(Fault.ORDER_NOT_FOUND, {"order": number})
        rows += found
    for each in asked:
        rows += orders.get_many(desk.tx, ShopKey(each.shop), list(each.order_ids)).values()
    named = (settings.customers.collective for settings in desk.settings.shop)
    return of_same_contact(desk.tx, rows, frozenset(number for number in named if number is not None))


def _only_shown(desk: Desk, rows: list[OrderRow], busy: list[OrderRow], *, json: bool) -> int:
    if json:
        say_json({"erased": False, "orders": [_json(row) for row in rows], "under_way": [_json(row) for row in busy]})
        return NO
    say(desk.text("Personens order:", "The person's orders:"))
    for row in rows:
        say(f"  {_name(row)}")
    if busy:
        names = ", ".join(map(_name, busy))
        raise UserError(Fault.PERSON_IN_WORK, {"order": names})
    say(desk.text("Inget är raderat. Lägg till --yes för att radera.", "Nothing was erased. Add --yes to erase."))
    return NO


def _told(desk: Desk, erased: Erased, *, json: bool, incomplete: bool) -> int:
    left = [str(path) for path in erased.left]
    if json:
        say_json({"erased": True, "orders": [{"shop": s, "order_id": o} for s, o in erased.orders], "left_in": left})
        return NO if left or incomplete else 0
    count = len(erased.orders)
    say(
        desk.text(
            f"Uppgifterna om personen är raderade ur journalen: {count} order. Belopp och nummer står kvar.",
            f"The person's data has been erased from the journal: {count} orders. Amounts and numbers stay.",
        )
    )
    for path in left:
        say(desk.text(f"Namn eller adress finns kvar i {path}", f"A name or address still stands in {path}"))
    say(
        desk.text(
            "Radera också i butiken (Verktyg > Radera personuppgifter), i Mamut och i säkerhetskopior.",
            "Erase in the shop too (Tools > Erase Personal Data), in Mamut and in backups.",
        )
    )
    return NO if left or incomplete else 0


def _ask_shops(desk: Desk, context: CommandContext, email: str, only: ShopKey | None) -> list[_Found]:
    judgement = judge(context.settings_file(), context.environ)
    if judgement.secrets is None:
        desk.end(
            "Butikerna kan inte frågas utan nycklar: kör brygga check, eller ange --order.",
            "The shops cannot be asked without keys: run brygga check, or give --order.",
            NO,
        )
    shops = [shop for shop in desk.settings.shop if shop.enabled and only in (None, shop.key)]
    return trio.run(_asked, shops, judgement.secrets, email)


async def _asked(shops: list[ShopSettings], secrets: Secrets, email: str) -> list[_Found]:
    world, found = World(), []
    nonces = random.SystemRandom()
    for shop in shops:
        pair = secrets.shops[ShopKey(shop.key)]
        ways = (AuthWay.BASIC, AuthWay.QUERY) if shop.address.startswith("https:") else (AuthWay.OAUTH1,)
        problem = ""
        for way in ways:  # Some hosts strip the header, as the agent finds out too.
            signer = Signer(
                pair.consumer_key.reveal(),
                pair.consumer_secret.reveal(),
                way,
                world.clock,
                lambda: f"{nonces.getrandbits(128):032x}",
            )
            transports = world.transports(shop.address, verify_tls=shop.verify_tls)
            net = Net(transports, connections=1, timeout_s=shop.reading.timeout_s, user_agent=USER_AGENT)
            api = Api(shop.address, net, signer, world.clock)
            try:
                found.append(_Found(shop=shop.key, order_ids=await orders_of(api, email)))
                break
            except Trouble as trouble:
                problem = trouble.detail or trouble.problem
            finally:
                await api.aclose()
        else:
            found.append(_Found(shop=shop.key, problem=problem))
    return found


def _name(row: OrderRow) -> str:
    return f"{row.shop} {row.number or row.order_id}"


def _json(row: OrderRow) -> dict[str, object]:
    return {"shop": row.shop, "order_id": row.order_id, "number": row.number, "state": row.state}
