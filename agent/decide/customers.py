"""Who the buyer is in Mamut, in Mamut's own three words.

Mamut's web shop import calls a customer Existing when the company name or organisation number is the same, Probable
when e-mail, postcode, contact person or phone is, New otherwise (CV/Brukertips-i-Mamut-One, "Hent nettsted data"). The
merchant chooses which of these count and in which order; a customer number and our own earlier card always mean
Existing. Nothing on an existing card is changed unless the merchant allows it.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from agent.decide import company, external, texts
from agent.messages import CreateContact, Customer, MamutFacts, Note, Stop, UseContact, Wanted
from agent.model.ids import ContactNo
from agent.model.mamut import Contact, ContactAddress, ContactChanges, ContactDraft, ContactPerson
from agent.model.order import Address, Frozen, ShopOrder
from agent.model.reasons import Reason
from agent.settings.tree import CustomerSettings, GuestChoice, MatchBy, NewChoice, ProbableChoice, ShopSettings

IN_DOUBT = frozenset(
    {Reason.CUSTOMER_PROBABLE, Reason.CUSTOMER_AMBIGUOUS, Reason.CUSTOMER_NEW, Reason.CUSTOMER_INACTIVE}
)
"""What holds an order until somebody says who its buyer is."""

BY_HAND = "by_hand"
"""What a contact is recognised by that a person has named."""


class Buyer(Frozen, frozen=True):
    """What an order tells of its buyer. `name` is the company's where there is one, as Mamut would keep it, and may be
    empty; `full_name` is the same unshortened."""

    ext_id: str
    name: str
    full_name: str
    is_company: bool
    has_company_name: bool = False
    org_no: str = ""
    vat_no: str = ""
    org_no_wrong: bool = False
    email: str = ""
    postcode: str = ""
    custid: ContactNo | None = None
    collective: bool = False


def buyer(order: ShopOrder, settings: CustomerSettings) -> Buyer:
    org_no, vat_no, wrong = company.numbers(order, settings)
    billing = order.billing
    number = next((order.meta[key] for key in settings.customer_number_meta if order.meta.get(key)), "")
    name = billing.company or billing.person or order.shipping.company or order.shipping.person or billing.email
    return Buyer(
        ext_id=external.buyer_id(order, org_no),
        name=texts.line(name, texts.NAME_CHARS, "name", []),
        full_name=name,
        is_company=bool(billing.company or org_no or vat_no),
        has_company_name=bool(billing.company),
        org_no=org_no,
        vat_no=vat_no,
        org_no_wrong=wrong,
        email=billing.email.lower(),
        postcode=_bare(billing.postcode),
        custid=ContactNo(int(number)) if number.isascii() and number.isdigit() else None,
        collective=not order.customer_id and settings.guests is GuestChoice.COLLECTIVE,
    )


def wanted(of: Buyer, settings: CustomerSettings, chosen: int | None = None) -> Wanted:
    """Only what the merchant's keys need, so that a look-up stays within Mamut's hundred keys for many orders.
    `chosen` as for `judge`."""
    if chosen:
        return Wanted(custids=(ContactNo(chosen),))
    collective = (ContactNo(settings.collective),) if settings.collective is not None else ()
    if of.collective:
        return Wanted(custids=collective)
    keys = settings.match
    by_number = MatchBy.CUSTOMER_NUMBER in keys and of.custid is not None
    return Wanted(
        custids=(collective if settings.new is NewChoice.COLLECTIVE or not of.name else ())
        + ((of.custid,) if by_number and of.custid is not None else ()),
        emails=(of.email,) if MatchBy.EMAIL in keys and of.email else (),
        org_nos=(of.org_no,) if MatchBy.ORG_NO in keys and of.org_no else (),
        names=(of.name,) if MatchBy.NAME in keys and of.name else (),
        ext_ids=(of.ext_id,),
    )


def judge(
    order: ShopOrder,
    of: Buyer,
    facts: MamutFacts,
    shop: ShopSettings,
    notes: list[Note],
    chosen: int | None = None,
) -> Customer | Stop:
    """The contact to use, with what is new on its card where that may be changed, or to make; or why the order must
    wait for a person. A Probable one may be somebody else, so its card stays, and so does a collective one. `chosen` is
    the customer number that a person has named for this buyer, 0 for one who is new."""
    use = _choose(order, of, facts, shop, notes) if chosen is None else _by_hand(order, of, facts, shop, notes, chosen)
    if not isinstance(use, UseContact) or use.word != "existing" or not shop.customers.update_existing:
        return use
    card = next(contact for contact in facts.contacts if contact.contid == use.contid)
    about_card: list[Note] = []
    changes = _changes(card, _draft(order, of, shop, facts.registers.countries, about_card))
    if changes == ContactChanges():
        return use
    notes.extend(about_card)
    return msgspec.structs.replace(use, changes=changes)


def as_new(order: ShopOrder, shop: ShopSettings, countries: frozenset[str], notes: list[Note]) -> Customer | Stop:
    """The buyer whom a plugin would not have taken for somebody whom Mamut knows."""
    of = buyer(order, shop.customers)
    if shop.customers.new is not NewChoice.CREATE or not of.name:
        return Stop(reason=Reason.CUSTOMER_NEW)
    return CreateContact(draft=_draft(order, of, shop, countries, notes))


def _changes(card: Contact, draft: ContactDraft) -> ContactChanges:
    """What the order tells and the card does not say already. What it does not tell, and addresses of other kinds than
    its own, stay; persons are never touched, since Mamut would replace them all."""

    def new(said: str, told: str) -> str:
        return told if told and told != said else ""

    told = {row.type: row for row in draft.addresses}
    addresses = tuple(told.pop(row.type, row) for row in card.addresses)
    addresses += tuple(told.values())
    return ContactChanges(
        name=new(card.name, draft.name),
        org_no=new(company.org_no(card.org_no, _country_of(draft.org_no)) or card.org_no, draft.org_no),
        vat_no=new(card.vat_no, draft.vat_no),
        email=new(card.email.lower(), draft.email.lower()) and draft.email,
        phone=new(card.phone, draft.phone),
        addresses=addresses if addresses != card.addresses else (),
    )


def _choose(order: ShopOrder, of: Buyer, facts: MamutFacts, shop: ShopSettings, notes: list[Note]) -> Customer | Stop:
    settings = shop.customers
    if of.org_no_wrong:
        notes.append(Note(code="org_no_not_valid", field="org_no"))
    if of.collective:
        return _collective(facts, settings)
    own = [contact for contact in facts.contacts if contact.ext_id == of.ext_id]
    if own:
        return _settled(own, of, "existing", "ext_id", settings)
    for key in settings.match:
        found, word = _matching(key, of, facts.contacts)
        word = "existing" if key in settings.sure else word
        if found and word == "probable" and settings.probable is not ProbableChoice.HOLD:
            same = [one for one in found if settings.probable is ProbableChoice.USE and _same_kind(one, of)]
            if not same:
                notes.append(Note(code="probable_customer_not_used", field=key.value))
            found = same
        if found:
            return _settled(found, of, word, key.value, settings)
    if settings.new is NewChoice.COLLECTIVE or (not of.name and settings.collective is not None):
        return _collective(facts, settings)
    if settings.new is NewChoice.HOLD or not of.name:
        return Stop(reason=Reason.CUSTOMER_NEW)
    return CreateContact(draft=_draft(order, of, shop, facts.registers.countries, notes))


def _by_hand(
    order: ShopOrder, of: Buyer, facts: MamutFacts, shop: ShopSettings, notes: list[Note], chosen: int
) -> Customer | Stop:
    """What a person has said outranks every key and what is usual for new ones. A contact that was made for the new one
    is theirs."""
    settings = shop.customers
    if chosen:
        found = [contact for contact in facts.contacts if contact.custid == chosen]
        if not found:
            return Stop(reason=Reason.REGISTER_VALUE_MISSING, params={"register": "customers", "value": str(chosen)})
        return _settled(found, of, "existing", BY_HAND, settings)
    own = [contact for contact in facts.contacts if contact.ext_id == of.ext_id]
    if own:
        return _settled(own, of, "existing", "ext_id", settings)
    if not of.name:
        return Stop(reason=Reason.CUSTOMER_NEW)
    return CreateContact(draft=_draft(order, of, shop, facts.registers.countries, notes))


def _matching(key: MatchBy, of: Buyer, contacts: tuple[Contact, ...]) -> tuple[list[Contact], str]:
    """Those that the key finds, and the word for what they are."""
    if key is MatchBy.CUSTOMER_NUMBER:
        return [one for one in contacts if of.custid is not None and one.custid == of.custid], "existing"
    if key is MatchBy.ORG_NO:
        return [one for one in contacts if of.org_no and _same_org_no(one, of)], "existing"
    if key is MatchBy.EMAIL:
        found = [one for one in contacts if of.email and _has_email(one, of.email)]
    else:
        name = _folded(of.name)
        found = [one for one in contacts if name and _folded(one.name) == name]
    found = [one for one in found if one.customer and not _other_company(one, of)]
    if key is MatchBy.EMAIL:
        return found, "probable"
    if of.has_company_name:
        return found, "existing"
    # Two people may share a name, so a private person's counts only together with the postcode.
    return [one for one in found if of.postcode and of.postcode in map(_bare, one.postcodes)], "probable"


def _settled(found: list[Contact], of: Buyer, word: str, key: str, settings: CustomerSettings) -> Customer | Stop:
    active = [one for one in found if not one.inactive]
    if not active:
        return Stop(reason=Reason.CUSTOMER_INACTIVE, params={"customer": str(found[0].custid)})
    if len(active) > 1:
        active = _narrowed(active, of)
    if len(active) > 1:
        numbers = ", ".join(str(one.custid) for one in sorted(active, key=lambda one: one.custid)[:5])
        return Stop(
            reason=Reason.CUSTOMER_AMBIGUOUS,
            params={"count": str(len(active)), "customers": numbers, "matched_by": key},
        )
    contact = active[0]
    params = {"customer": str(contact.custid), "matched_by": key}
    if word == "probable" and settings.probable is ProbableChoice.HOLD:
        return Stop(reason=Reason.CUSTOMER_PROBABLE, params=params)
    if contact.credit_stop and settings.hold_on_credit_stop:
        return Stop(reason=Reason.CREDIT_STOP, params=params)
    return UseContact(contid=contact.contid, custid=contact.custid, word=word, matched_by=key)


def _narrowed(found: list[Contact], of: Buyer) -> list[Contact]:
    """What else the order tells may single one out; what singles out none is no reason to drop all."""
    tests: tuple[Callable[[Contact], bool], ...] = (
        lambda one: bool(of.org_no) and _same_org_no(one, of),
        lambda one: _folded(one.name) == _folded(of.name),
        lambda one: bool(of.email) and _has_email(one, of.email),
        lambda one: bool(of.postcode) and of.postcode in map(_bare, one.postcodes),
    )
    for test in tests:
        fewer = [one for one in found if test(one)]
        if len(fewer) == 1:
            return fewer
        found = fewer or found
    return found


def _collective(facts: MamutFacts, settings: CustomerSettings) -> Customer | Stop:
    for contact in facts.contacts:
        if settings.collective is not None and contact.custid == settings.collective:
            if contact.inactive:
                return Stop(reason=Reason.CUSTOMER_INACTIVE, params={"customer": str(contact.custid)})
            return UseContact(contid=contact.contid, custid=contact.custid, word="collective")
    value = "" if settings.collective is None else str(settings.collective)
    return Stop(reason=Reason.REGISTER_VALUE_MISSING, params={"register": "customers", "value": value})


def _draft(
    order: ShopOrder, of: Buyer, shop: ShopSettings, countries: frozenset[str], notes: list[Note]
) -> ContactDraft:
    billing = order.billing
    addresses: tuple[ContactAddress, ...] = ()
    if not billing.is_empty:
        main = _address("main", billing, countries, notes)
        addresses = (main, msgspec.structs.replace(main, type="invoice"))
    if not order.shipping.is_empty and _place(order.shipping) != _place(billing):
        addresses += (_address("delivery", order.shipping, countries, notes),)
    persons: tuple[ContactPerson, ...] = ()
    if of.is_company and billing.person:
        persons = (
            ContactPerson(
                first_name=texts.line(billing.first_name, texts.NAME_CHARS, "person", notes),
                last_name=texts.line(billing.last_name, texts.NAME_CHARS, "person", notes),
                email=texts.line(billing.email, texts.EMAIL_CHARS, "email", []),
                phone=texts.line(billing.phone, texts.PHONE_CHARS, "phone", []),
            ),
        )
    return ContactDraft(
        name=texts.line(of.full_name, texts.NAME_CHARS, "name", notes),
        ext_id=of.ext_id,
        private=not of.is_company,
        org_no=of.org_no,
        vat_no=of.vat_no,
        email=texts.line(billing.email, texts.EMAIL_CHARS, "email", notes),
        phone=texts.line(billing.phone, texts.PHONE_CHARS, "phone", notes),
        addresses=addresses,
        persons=persons,
        currency=order.currency,
        department=shop.department,
    )


def _address(kind: str, address: Address, countries: frozenset[str], notes: list[Note]) -> ContactAddress:
    street = texts.rows([address.street, address.street_2], texts.ADDRESS_CHARS, "street", notes)
    return ContactAddress(
        type=kind,
        street=street,
        zip=texts.line(address.postcode, texts.PLACE_CHARS, "zip", notes),
        city=texts.line(address.city, texts.PLACE_CHARS, "city", notes),
        country=texts.country(address.country, countries, "country", notes),
    )


def _place(address: Address) -> tuple[str, ...]:
    return (address.street, address.street_2, address.postcode, address.city, address.country)


def _same_org_no(contact: Contact, of: Buyer) -> bool:
    """Mamut keeps what a person typed, so both are compared in the one form."""
    if not contact.org_no:
        return False
    return contact.org_no == of.org_no or company.org_no(contact.org_no, _country_of(of.org_no)) == of.org_no


def _country_of(org_no: str) -> str:
    return "SE" if len(org_no) == 10 and org_no.isdigit() else "?"


def _other_company(contact: Contact, of: Buyer) -> bool:
    return bool(contact.org_no and of.org_no) and not _same_org_no(contact, of)


def _same_kind(contact: Contact, of: Buyer) -> bool:
    """A person may order for a company or for themselves with one e-mail address, and the debt must not change hands:
    such a card is used only when the order itself speaks of the same kind of customer, or of the same name."""
    if of.org_no:
        return bool(contact.org_no) or _folded(contact.name) == _folded(of.name)
    return of.is_company or not contact.org_no


def _has_email(contact: Contact, email: str) -> bool:
    if contact.email.strip().lower() == email:
        return True
    return bool(contact.persons) and any(person.email.strip().lower() == email for person in contact.persons)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


def _bare(postcode: str) -> str:
    return postcode.replace(" ", "").upper()
