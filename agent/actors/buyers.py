"""The buyers' contacts on the way to Mamut: made once however many orders come at once, brought up to date where that
was decided."""

from __future__ import annotations

from agent.actors.times import to_ms
from agent.journal.commands import CommandRow
from agent.messages import CreateContact, Customer, UseContact
from agent.model.clock import Clock
from agent.model.mamut import Contact, ContactChanges, ContactDraft
from agent.remote.ports import MamutPort

REMEMBERED_MAX = 2_000
"""So many identities of contacts made lately are remembered, for orders that were decided before those were made."""


class Buyers:
    """One Mamut writer's. What it remembers spares calls and decides nothing: which contact stands, Mamut says."""

    def __init__(self, port: MamutPort, clock: Clock) -> None:
        self._port = port
        self._clock = clock
        self._made: dict[str, tuple[str, int]] = {}
        self._decided_again: set[str] = set()
        self._cards: dict[int, ContactChanges] = {}

    def has_twin(self, row: CommandRow, customer: Customer) -> bool:
        """Whether a contact has been made since the order was decided, for what may be the same buyer: a guest who has
        become a customer, or who buys in two shops at once. True once: then the order is decided again, knowing it."""
        if not isinstance(customer, CreateContact):
            return False
        if row.key in self._decided_again:
            self._decided_again.discard(row.key)
            return False
        twins = [self._made[key] for key in _identities(customer.draft) if key in self._made]
        if not any(ext_id != customer.draft.ext_id and row.made_ms <= at_ms for ext_id, at_ms in twins):
            return False
        self._decided_again.add(row.key)
        return True

    async def contact(self, customer: Customer, found: dict[str, Contact]) -> tuple[UseContact, bool]:
        """The buyer's contact and whether it was made now. `found` are those that Mamut holds, by `ext_id`."""
        if isinstance(customer, UseContact):
            return customer, False
        ext_id = customer.draft.ext_id
        contact = found.get(ext_id)
        created = contact is None
        if contact is None:
            contact = await self._port.create_contact(customer.draft)
            found[ext_id] = contact
            self._remember(customer.draft)
        return UseContact(contid=contact.contid, custid=contact.custid, word="new", matched_by="ext_id"), created

    async def update(self, contact: UseContact) -> bool:
        """Brings the card up to date, where that was decided; once for orders of one batch that want the same."""
        if contact.changes is None:
            return False
        if self._cards.get(contact.contid) != contact.changes:
            await self._port.change_contact(contact.contid, contact.changes)
            self._cards[contact.contid] = contact.changes
        return True

    def forget_cards(self) -> None:
        """Before a new batch: since it was decided, people may have changed the cards."""
        self._cards.clear()

    def _remember(self, draft: ContactDraft) -> None:
        for key in _identities(draft):
            self._made.pop(key, None)
            self._made[key] = (draft.ext_id, to_ms(self._clock()))
        while len(self._made) > REMEMBERED_MAX:
            del self._made[next(iter(self._made))]


def _identities(draft: ContactDraft) -> list[str]:
    """By what another order may mean the same buyer."""
    named = (("e-mail", draft.email.lower()), ("org_no", draft.org_no), ("name", "" if draft.private else draft.name))
    return [f"{kind} {value}" for kind, value in named if value]
