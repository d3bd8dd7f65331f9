"""Buyers who may be somebody whom Mamut knows: who they are is said by a person, once for each."""

from __future__ import annotations

from starlette.responses import Response

from agent.admin.door import get, post
from agent.admin.house import MenuEntry
from agent.admin.lookup import ask, note_shown, order_of
from agent.admin.pages_orders import path_of
from agent.admin.visit import Visit
from agent.decide import customers
from agent.decide.corrections import corrected
from agent.journal import by_hand, matches
from agent.journal.orders import OrderRow, params_of
from agent.journal.users import Role
from agent.model.ids import ShopKey
from agent.model.mamut import Contact
from agent.model.order import Frozen, ShopOrder
from agent.model.reasons import OrderState
from agent.settings.tree import ShopSettings
from agent.shown.names import explained

SHOWN = 50

FIELDS = ("name", "org_no", "vat_no", "email", "phone", "street", "postcode", "city", "country")


class Waiting(Frozen, frozen=True):
    """An order in the list, with why it waits in words and the customers whom it may be of."""

    order: OrderRow
    title: str
    why: str
    candidates: tuple[int, ...]


class Side(Frozen, frozen=True):
    """One field of a customer beside the order's. `same` is None where one of them says nothing; `value` is None while
    it is veiled."""

    value: str | None
    same: bool | None


async def show(visit: Visit) -> Response:
    configured = [ShopKey(shop.key) for shop in visit.admin.settings().shop]
    found = visit.view(lambda tx: matches.waiting(tx, configured, SHOWN))
    return visit.page("matches/matches.html", waiting=[_waiting(visit, row) for row in found[:SHOWN]])


def _waiting(visit: Visit, row: OrderRow) -> Waiting:
    params = params_of(row)
    text = explained(row.reason, visit.language, params)
    return Waiting(
        order=row,
        title="" if text is None else text.title,
        why="" if text is None else text.cause,
        candidates=matches.candidates(params),
    )


async def compare(visit: Visit) -> Response:
    return await _page(visit, shown=False)


async def unveil(visit: Visit) -> Response:
    row = order_of(visit)
    if row is not None:
        await note_shown(visit, row)
    return await _page(visit, shown=True)


async def choose(visit: Visit) -> Response:
    """An empty number takes back what was said; 0 is somebody new."""
    row = order_of(visit)
    if row is None:
        return visit.problem(404, "order.unknown")
    text = visit.form.get("custid").strip()
    if row.state == OrderState.TRANSFERRED.value:
        return visit.problem(422, "order.stands")
    if text and not (text.isascii() and text.isdigit() and len(text) < 10):
        return await _page(visit, shown=False, wrong=visit.text("matches.number_wrong"))
    before: dict[str, object] = {"state": row.state, "reason": row.reason}
    await visit.wish("choose_customer", row.shop, row.order_id, {"custid": text}, before=before)
    to_list = visit.form.get("back") == "list"
    return visit.back("/matches" if to_list else path_of(row.shop, row.order_id), "asked")


async def _page(visit: Visit, *, shown: bool, wrong: str = "") -> Response:
    row = order_of(visit)
    if row is None:
        return visit.problem(404, "order.unknown")
    waiting = _waiting(visit, row)
    choice = visit.view(lambda tx: by_hand.choice_at(tx, row.shop, row.order_id))
    asked = dict.fromkeys((*waiting.candidates, *([choice.custid] if choice is not None and choice.custid else [])))
    order, shop_trouble = await ask(visit, lambda lookups: lookups.order(row.shop, row.order_id))
    contacts: tuple[Contact, ...] = ()
    mamut_trouble = ""
    if asked:
        found, mamut_trouble = await ask(visit, lambda lookups: lookups.contacts(tuple(asked)))
        contacts = found or ()
    buyer = _buyer(visit, row, order)
    return visit.page(
        "matches/compare.html",
        422 if wrong else 200,
        waiting=waiting,
        order=row,
        path=f"/matches/{row.shop}/{row.order_id}",
        order_path=path_of(row.shop, row.order_id),
        fields=FIELDS,
        buyer={field: value if shown or not value else None for field, value in buyer.items()},
        contacts=[(contact, _beside(buyer, contact, shown=shown)) for contact in contacts],
        choice=choice,
        shown=shown,
        is_movable=row.state != OrderState.TRANSFERRED.value,
        troubles=list(dict.fromkeys(filter(None, (shop_trouble, mamut_trouble)))),
        wrong=wrong,
    )


def _buyer(visit: Visit, row: OrderRow, order: ShopOrder | None) -> dict[str, str]:
    """What the order says of its buyer, as people have corrected it."""
    if order is None:
        return dict.fromkeys(FIELDS, "")
    settings = next((each for each in visit.admin.settings().shop if each.key == row.shop), None)
    settings = settings or ShopSettings(key=row.shop, address="")
    given = visit.view(lambda tx: by_hand.corrections_of(tx, row.shop, row.order_id))
    if given:
        order = corrected(order, given, settings.customers, lenient=True).order
    buyer, billing = customers.buyer(order, settings.customers), order.billing
    return {
        "name": buyer.full_name,
        "org_no": buyer.org_no,
        "vat_no": buyer.vat_no,
        "email": billing.email,
        "phone": billing.phone,
        "street": f"{billing.street} {billing.street_2}".strip(),
        "postcode": billing.postcode,
        "city": billing.city,
        "country": billing.country,
    }


def _beside(buyer: dict[str, str], contact: Contact, *, shown: bool) -> dict[str, Side]:
    first = contact.addresses[0] if contact.addresses else None
    theirs = {
        "name": contact.name,
        "org_no": contact.org_no,
        "vat_no": contact.vat_no,
        "email": contact.email,
        "phone": contact.phone,
        "street": "" if first is None else first.street,
        "postcode": ", ".join(contact.postcodes) if first is None else first.zip,
        "city": "" if first is None else first.city,
        "country": "" if first is None else first.country,
    }
    return {
        field: Side(
            value=value if shown or not value else None,
            same=_bare(value) == _bare(buyer[field]) if value and buyer[field] else None,
        )
        for field, value in theirs.items()
    }


def _bare(text: str) -> str:
    """As people compare: blanks, dashes and capitals do not count."""
    return "".join(char for char in text.casefold() if char.isalnum() or char in "@.")


_ONE = "/matches/{shop}/{order_id:int}"

ROUTES = (
    get("/matches", show),
    get(_ONE, compare, Role.OPERATE),
    post(f"{_ONE}/show", unveil),
    post(f"{_ONE}/choose", choose),
)
MENU = (MenuEntry(17, "/matches", "matches.title"),)
