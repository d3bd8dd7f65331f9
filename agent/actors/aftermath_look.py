"""What has to be known before an order's change after its transfer can be judged, and the questions that bring it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import msgspec

from agent.actors.desk import Question
from agent.decide import orders as decide_orders
from agent.decide import vat
from agent.decide.aftermath import DEAD, OVER, needs_rows, refund_no
from agent.decide.aftermath_case import Act, Cancel, Case, Credit, Update
from agent.decide.corrections import corrected
from agent.decide.lines import ONE, ROUNDING_TEXT
from agent.decide.processing import finish, prepare
from agent.decide.refunds import ANEW, as_new, refund_as_order
from agent.journal.aftermath import AftermathRow, CreditRow, unpack_booked
from agent.journal.orders import OrderRow
from agent.messages import Decision, MamutFacts, Send, Stop, Wanted
from agent.model.after import AfterReason
from agent.model.aftermath import Booked, OrderRefund
from agent.model.correction import Correction
from agent.model.goods import DocumentState
from agent.model.ids import ExternalNo, MamutOrderNo, ShopKey
from agent.model.mamut import Article, Document, DocumentLine
from agent.model.money import ZERO, to_ore
from agent.model.order import Frozen, ShopOrder
from agent.model.reasons import Fault
from agent.plugins.hooks import Hooks
from agent.remote.ports import MamutPort
from agent.remote.trouble import Trouble, TroubleKind
from agent.rules.chain import Chains
from agent.settings.tree import ShopSettings

if TYPE_CHECKING:
    from agent.rules.mapping import Mappers


CONFIRMED = ("updated", "cancelled")
"""Outcomes that are looked at again: a desktop user who had the document open may save it as it was."""


class Known(Frozen, frozen=True):
    """What the journal and the shop know of one order. `order` is None for one that the shop no longer has."""

    row: AftermathRow
    order_row: OrderRow
    order: ShopOrder | None
    booked: Booked | None
    credits: tuple[CreditRow, ...] = ()
    refunds: tuple[OrderRefund, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @property
    def pending(self) -> Booked | None:
        return unpack_booked(self.row.pending)

    @property
    def order_no(self) -> int:
        return int(self.order_row.mamut_order_no or 0)

    @property
    def is_quiet(self) -> bool:
        """Whether nothing can follow from it, so that Mamut need not be asked: the order has gone on in the shop, as
        most do, and all that its document is made of is as it was."""
        order, row = self.order, self.row
        if order is None or order.status in OVER or self.booked is None:
            return False
        if self.refunds or self.credits or row.unsure or self.confirms:
            return False
        return row.outcome in ("", "harmless", "updated") and not self.decides

    @property
    def confirms(self) -> bool:
        """Whether a document of ours is looked at once more, some time after it was changed, or still is somebody
        else's."""
        return self.row.outcome in CONFIRMED or self.row.code == AfterReason.DOCUMENT_CHANGED.value

    @property
    def decides(self) -> bool:
        """Whether the order has to be decided anew."""
        return self.order is not None and needs_rows(self.booked, self.order, self.refunds, self.pending)


class Looked(Frozen, frozen=True):
    """What Mamut showed: the order's documents with what was split off or made from them, its refunds' credit notes,
    and what deciding anew needs. `broken` are credit notes that lost their rows as they were saved."""

    family: tuple[DocumentState, ...]
    notes: dict[int, DocumentState]
    broken: tuple[int, ...] = ()
    facts: MamutFacts = MamutFacts()

    def total_ore(self, root: int) -> int | None:
        """What the order's document comes to with all that was split off it; None when Mamut does not show it."""
        if all(each.order_no != root for each in self.family):
            return None
        return sum(to_ore(each.total) for each in self.family if each.kind != "credit_note")


class Anew:
    """One shop's orders and refunds, decided as on the first day."""

    def __init__(self, settings: ShopSettings, mappers: Mappers | None, hooks: Hooks | None = None) -> None:
        self._shop = settings
        self._chains = Chains(settings.processing)
        self._mappers = mappers
        self._hooks = hooks

    def wanted(self, known: Known) -> Wanted:
        """What must be looked up in Mamut to decide the order and its refunds anew."""
        if known.order is None or not known.decides:
            return Wanted()
        articles = known.booked.articles if known.booked else {}
        found = decide_orders.wanted(*as_new(known.order, self._shop, articles)).product_nos
        for refund in known.refunds:
            back = refund_as_order(refund, known.order, self._shop, articles)
            if back is not None:
                found += decide_orders.wanted(*back).product_nos
        return Wanted(product_nos=tuple(dict.fromkeys(found)))

    def case(self, known: Known, looked: Looked) -> Case:
        settings = self._shop
        registers = looked.facts.registers
        rounding = DocumentLine(
            product_no=settings.articles.rounding,
            description=ROUNDING_TEXT,
            qty=ONE,
            line_sum=ZERO,
            vat_code=settings.vat.zero,
        )
        case = Case(
            shop=ShopKey(settings.key),
            order_id=known.order_row.order_id,
            settings=settings.aftermath,
            order=known.order,
            booked=known.booked,
            pending=known.pending,
            order_no=known.order_no,
            family=looked.family,
            refunds=known.refunds,
            notes=looked.notes,
            known={credit.refund_id: credit.way for credit in known.credits},
            percents=vat.percents_of(registers),
            services=_services(settings),
            rounding=rounding,
            rounding_limit=settings.orders.rounding_limit,
            makes=self._makes(looked.facts),
            department=settings.department,
            confirms=known.confirms,
        )
        if known.order is None or not known.decides:
            return case
        articles = known.booked.articles if known.booked else {}
        backs = {refund.refund_id: self._back(refund, known.order, articles, looked.facts) for refund in known.refunds}
        wanted = self._order(self._corrected(known), articles, looked.facts)
        return msgspec.structs.replace(case, wanted=wanted, backs=backs)

    def _corrected(self, known: Known) -> ShopOrder:
        """With what people put in before its transfer, where the shop has not said otherwise since."""
        if known.order is None:
            raise ValueError("an order that is gone cannot be decided anew")
        if not known.corrections:
            return known.order
        return corrected(known.order, known.corrections, self._shop.customers, lenient=True).order

    def _makes(self, facts: MamutFacts) -> tuple[Article, ...]:
        articles, zero = self._shop.articles, self._shop.vat.zero
        if not articles.create_service or articles.rounding in facts.articles:
            return ()
        return (Article(product_no=articles.rounding, description=ROUNDING_TEXT, vat_code=zero),)

    def _order(self, order: ShopOrder, articles: dict[int, str], facts: MamutFacts) -> Send | Stop | None:
        anew, settings = as_new(order, self._shop, articles)
        ready = prepare(anew, settings, self._chains, ANEW, self._hooks)
        if ready.stop is not None:
            return ready.stop
        decision = decide_orders.decide(ready.order, facts, ready.shop, ANEW)
        return _sent(finish(decision, ready, self._chains, facts.registers, ANEW, self._mappers, self._hooks))

    def _back(
        self, refund: OrderRefund, order: ShopOrder, articles: dict[int, str], facts: MamutFacts
    ) -> Send | Stop | None:
        back = refund_as_order(refund, order, self._shop, articles)
        return None if back is None else _sent(decide_orders.decide(back[0], facts, back[1], ANEW))


def _sent(decision: Decision) -> Send | Stop | None:
    """Nothing can be adopted: no document was looked up."""
    return decision if isinstance(decision, Send | Stop) else None


def _services(settings: ShopSettings) -> frozenset[str]:
    """The articles that are money and no goods."""
    articles = settings.articles
    named = [articles.shipping, articles.fee, articles.discount, articles.rounding, articles.gift_card]
    named += [settings.aftermath.article, *(method.article for method in settings.orders.shipping_methods.values())]
    return frozenset(article for article in named if article)


# -- questions to Mamut -----------------------------------------------------------------------------------------------


def look(known: Known, wanted: Wanted) -> Question[Looked]:
    """What Mamut holds of the order now. After an act whose answer was lost the session is replaced first, so that what
    is still on its way can no longer arrive."""

    async def ask(port: MamutPort) -> Looked:
        if known.row.unsure:
            await port.fence()
        looked = await _documents(port, known)
        if not wanted.product_nos:
            return looked
        facts = await port.facts(wanted)
        registers = await port.registers()
        return msgspec.structs.replace(looked, facts=msgspec.structs.replace(facts, registers=registers))

    return ask


def act(known: Known, seen: Looked, acts: Sequence[Act]) -> Question[tuple[Document | None, ...] | None]:
    """Does what was decided, in the session in which the documents were looked up. None, and nothing done, when they
    are not what they were when it was decided. Gives what Mamut then holds for each act."""

    async def ask(port: MamutPort) -> tuple[Document | None, ...] | None:
        session = port.sessions
        looked = await _documents(port, known)
        if (looked.family, looked.notes) != (seen.family, seen.notes):
            return None
        await _make_articles(
            port, (article for each in acts if not isinstance(each, Cancel) for article in each.articles)
        )
        if port.sessions != session:
            raise Trouble(TroubleKind.NOT_NOW, "session_replaced", fault=Fault.MAMUT_SESSION_TAKEN)
        for number in looked.broken:  # Mamut deletes nothing: what stands for no refund is cancelled.
            await port.cancel_document(MamutOrderNo(number))
        return tuple([await _do(port, each) for each in acts])

    return ask


async def _documents(port: MamutPort, known: Known) -> Looked:
    row = known.order_row
    numbers = {refund_no(row.shop, row.order_id, refund_id): refund_id for refund_id in _refund_ids(known)}
    given = await port.document_states((*([row.external_no] if row.external_no else []), *numbers))
    found = {each.order_no: each for each in given}
    tried: set[int] = set()
    while left := sorted(({known.order_no} | _children(found.values())) - found.keys() - tried):
        tried.update(left)
        for number in left:
            shown = await port.document_state(number)
            if shown is not None:
                found[shown.order_no] = shown
    made = [each for each in given if ExternalNo(each.external_no) in numbers]
    return Looked(
        family=_family(known.order_no, found),
        notes={numbers[ExternalNo(each.external_no)]: each for each in made if each.lines},
        broken=tuple(each.order_no for each in made if not each.lines and each.status not in DEAD),
    )


def _refund_ids(known: Known) -> list[int]:
    ids = {refund.refund_id for refund in known.refunds} | {credit.refund_id for credit in known.credits}
    return sorted(ids)


def _children(documents: Iterable[DocumentState]) -> set[int]:
    return {child for each in documents for child in each.children}


def _family(root: int, found: dict[int, DocumentState]) -> tuple[DocumentState, ...]:
    wanted, family = [root], {}
    while wanted:
        number = wanted.pop()
        if number in found and number not in family:
            family[number] = found[number]
            wanted.extend(found[number].children)
    return tuple(family[number] for number in sorted(family))


async def _make_articles(port: MamutPort, articles: Iterable[Article]) -> None:
    wanted = {article.product_no: article for article in articles}
    if not wanted:
        return
    facts = await port.facts(Wanted(product_nos=tuple(wanted)))
    for number, article in wanted.items():
        if number not in facts.articles:
            await port.create_article(article)


async def _do(port: MamutPort, each: Act) -> Document | None:
    if isinstance(each, Update):
        return await port.change_document(each.order_no, each.changes)
    if isinstance(each, Credit):
        return await port.credit_document(each.draft)
    await port.cancel_document(MamutOrderNo(each.order_no))
    return None


def unmade(acts: Sequence[Act], facts: MamutFacts) -> str:
    """An article that a row needs and that Mamut has not, nor will: it would silently be booked on another."""
    for each in acts:
        if isinstance(each, Cancel):
            continue
        lines = each.draft.lines if isinstance(each, Credit) else each.changes.lines or ()
        made = {article.product_no for article in each.articles}
        for line in lines:
            article = facts.articles.get(line.product_no)
            if line.product_no not in made and (article is None or article.inactive):
                return line.product_no
    return ""
