"""Who the buyer is: New, Probable, Existing, and never a wrong one."""

from __future__ import annotations

from itertools import product
from typing import Any

import msgspec
import pytest

from agent.decide import customers
from agent.messages import CreateContact, Customer, Note, Stop, UseContact
from agent.model.mamut import Contact, ContactPerson
from agent.model.order import Address, ShopOrder
from agent.model.reasons import Reason
from tests.decide.build import BUYER, contact, facts, order, shop

COMPANY = msgspec.structs.replace(BUYER, company="Ek Bygg AB")
ORG_META = {"_billing_org_nr": "556036-0793"}


def judged(bought: ShopOrder, *contacts: Contact, **settings: Any) -> Customer | Stop:
    chosen = shop(customers=settings)
    buyer = customers.buyer(bought, chosen.customers)
    return customers.judge(bought, buyer, facts(bought, chosen, contacts=contacts), chosen, [])


def used(bought: ShopOrder, *contacts: Contact, **settings: Any) -> UseContact:
    made = judged(bought, *contacts, **settings)
    assert isinstance(made, UseContact), made
    return made


def created(bought: ShopOrder, *contacts: Contact, **settings: Any) -> CreateContact:
    made = judged(bought, *contacts, **settings)
    assert isinstance(made, CreateContact), made
    return made


def held(bought: ShopOrder, *contacts: Contact, **settings: Any) -> Reason:
    made = judged(bought, *contacts, **settings)
    assert isinstance(made, Stop), made
    return made.reason


def test_a_buyer_nobody_knows_is_new() -> None:
    draft = created(order(), contact(email="bo@kund.example")).draft
    assert (draft.name, draft.private, draft.email) == ("Åsa Öberg", True, "asa@kund.example")
    assert [address.type for address in draft.addresses] == ["main", "invoice"]


def test_another_delivery_address_is_kept_too() -> None:
    bought = order(shipping=msgspec.structs.replace(BUYER, street="Lagergatan 9"))
    draft = created(bought).draft
    assert [(one.type, one.street) for one in draft.addresses][2:] == [("delivery", "Lagergatan 9")]


def test_a_company_gets_its_numbers_and_its_person() -> None:
    draft = created(order(billing=COMPANY, meta=ORG_META | {"vat_number": "SE556036079301"})).draft
    assert (draft.name, draft.private) == ("Ek Bygg AB", False)
    assert (draft.org_no, draft.vat_no) == ("5560360793", "SE556036079301")
    assert [(person.first_name, person.last_name) for person in draft.persons] == [("Åsa", "Öberg")]


def test_a_card_we_made_before_is_found_again_whatever_its_owner_changed_on_it() -> None:
    known = contact(ext_id=customers.buyer(order(customer_id=7), shop().customers).ext_id, name="Ändrad")
    assert used(order(customer_id=7), known).matched_by == "ext_id"


def test_a_card_has_only_what_mamut_can_keep() -> None:
    long = dict.fromkeys(("first_name", "last_name", "company", "street", "postcode", "city", "phone"), "Ł" * 120)
    draft = created(order(billing=msgspec.structs.replace(BUYER, email="a" * 120 + "@kund.example", **long))).draft
    (address, _), (person,) = draft.addresses, draft.persons
    assert (len(draft.name), len(draft.email), len(draft.phone)) == (50, 100, 30)
    assert (len(address.street), len(address.zip), len(address.city)) == (120, 30, 30)
    assert (len(person.first_name), len(person.last_name), len(person.phone)) == (50, 50, 30)
    assert "Ł" not in str(draft)


def test_the_same_email_is_probable_in_any_case_and_on_a_contact_person_too() -> None:
    assert used(order(), contact(email=" ASA@Kund.Example")).word == "probable"
    person = ContactPerson(email="asa@kund.example")
    assert used(order(), contact(persons=(person,))).matched_by == "email"


def test_the_organisation_number_is_existing_however_mamut_has_it_written() -> None:
    for written in ("556036-0793", "5560360793", "SE556036079301", "16556036-0793"):
        made = used(order(billing=COMPANY, meta=ORG_META), contact(org_no=written))
        assert (made.word, made.matched_by) == ("existing", "org_no")


def test_a_customer_number_is_existing() -> None:
    made = used(order(meta={"mamut_customer_no": "10007"}), contact(10_007))
    assert (made.word, made.custid) == ("existing", 10_007)


def test_a_customer_number_that_nobody_has_leaves_it_to_the_next_key() -> None:
    assert used(order(meta={"mamut_customer_no": "99"}), contact(email=BUYER.email)).matched_by == "email"


def test_a_companys_name_is_existing_and_a_private_persons_needs_the_postcode_too() -> None:
    by_name = {"match": ["name"]}
    assert used(order(billing=COMPANY), contact(name="ek bygg  ab"), **by_name).word == "existing"
    assert isinstance(judged(order(), contact(name="Åsa Öberg"), **by_name), CreateContact)
    same_place = contact(name="Åsa Öberg", postcodes=("90326",))
    assert used(order(), same_place, **by_name).word == "probable"


def test_the_keys_are_tried_in_the_merchants_order() -> None:
    by_email = contact(10_001, email=BUYER.email, name="Ek Bygg AB")
    by_number = contact(10_002, org_no="5560360793")
    bought = order(billing=COMPANY, meta=ORG_META)
    for keys in (["email", "org_no"], ["org_no", "email"]):
        expected = 10_001 if keys[0] == "email" else 10_002
        assert used(bought, by_email, by_number, match=keys).custid == expected


def test_a_key_the_merchant_did_not_choose_does_not_count() -> None:
    assert isinstance(judged(order(), contact(email=BUYER.email), match=["org_no"]), CreateContact)


def test_an_email_never_leads_to_another_companys_card() -> None:
    other = contact(org_no="5566778899", email=BUYER.email)
    assert isinstance(judged(order(billing=COMPANY, meta=ORG_META), other), CreateContact)


def test_a_private_purchase_is_never_put_on_a_companys_card_by_email() -> None:
    works_at = contact(org_no="556036-0793", email=BUYER.email)
    made = created(order(), works_at)
    assert made.draft.private
    assert held(order(), works_at, probable="hold") is Reason.CUSTOMER_PROBABLE


def test_a_companys_purchase_is_never_put_on_a_persons_card_by_email() -> None:
    bought = order(billing=COMPANY, meta=ORG_META)
    assert not created(bought, contact(name="Åsa Öberg", email=BUYER.email)).draft.private
    without_number = contact(name="Ek Bygg AB", email=BUYER.email)
    assert used(bought, without_number).word == "probable"


def test_a_company_that_gives_no_number_is_found_by_its_email() -> None:
    assert used(order(billing=COMPANY), contact(org_no="556036-0793", email=BUYER.email)).word == "probable"


def test_a_probable_card_that_was_not_used_is_told_of() -> None:
    chosen = shop()
    bought = order()
    known = facts(bought, contacts=(contact(org_no="556036-0793", email=BUYER.email),))
    notes: list[Note] = []
    customers.judge(bought, customers.buyer(bought, chosen.customers), known, chosen, notes)
    assert [note.code for note in notes] == ["probable_customer_not_used"]


def test_a_supplier_is_not_taken_for_a_customer_by_email() -> None:
    assert isinstance(judged(order(), contact(email=BUYER.email, customer=False)), CreateContact)


@pytest.mark.parametrize(("probable", "reason"), [("use", None), ("hold", Reason.CUSTOMER_PROBABLE), ("new", None)])
def test_what_a_probable_customer_means_is_the_merchants_choice(probable: str, reason: Reason | None) -> None:
    made = judged(order(), contact(email=BUYER.email), probable=probable)
    if reason is not None:
        assert isinstance(made, Stop)
        assert made.reason is reason
    else:
        assert isinstance(made, UseContact if probable == "use" else CreateContact)


def test_an_existing_customer_is_used_even_where_probable_ones_are_held() -> None:
    made = judged(order(billing=COMPANY, meta=ORG_META), contact(org_no="5560360793"), probable="hold")
    assert isinstance(made, UseContact)


def test_what_a_new_customer_means_is_the_merchants_choice() -> None:
    assert held(order(), new="hold") is Reason.CUSTOMER_NEW
    assert used(order(), contact(10_000), new="collective", collective=10_000).word == "collective"


def test_guests_may_all_go_to_the_collective_customer_and_registered_ones_not() -> None:
    both = (contact(10_000), contact(10_001, email=BUYER.email))
    settings = {"guests": "collective", "collective": 10_000}
    assert used(order(), *both, **settings).word == "collective"
    assert used(order(customer_id=7), *both, **settings).word == "probable"


def test_a_collective_customer_that_is_not_in_mamut_is_told_of() -> None:
    assert held(order(), guests="collective", collective=10_000) is Reason.REGISTER_VALUE_MISSING
    assert held(order(), guests="collective") is Reason.REGISTER_VALUE_MISSING


def test_a_buyer_without_a_name_goes_to_the_collective_customer_or_is_held() -> None:
    nobody = order(billing=Address())
    assert held(nobody) is Reason.CUSTOMER_NEW
    assert used(nobody, contact(10_000), collective=10_000).word == "collective"


def test_two_that_fit_equally_hold_the_order_and_both_are_named() -> None:
    made = judged(order(), contact(10_001, email=BUYER.email), contact(10_002, email=BUYER.email))
    assert isinstance(made, Stop)
    assert made.reason is Reason.CUSTOMER_AMBIGUOUS
    assert (made.params["count"], made.params["customers"]) == ("2", "10001, 10002")


@pytest.mark.parametrize(
    ("meta", "changes"),
    [({}, {"name": "Åsa Öberg"}), ({}, {"postcodes": ("903 26",)}), (ORG_META, {"org_no": "556036-0793"})],
    ids=["name", "postcode", "org_no"],
)
def test_what_else_is_known_singles_out_one_of_two(meta: dict[str, str], changes: dict[str, Any]) -> None:
    right = contact(10_002, email=BUYER.email, **changes)
    other = contact(10_001, email=BUYER.email, name="Åsa Öberg" if meta else "Någon Annan")
    assert used(order(meta=meta), other, right, match=["email"]).custid == 10_002


@pytest.mark.parametrize(
    "changes", [{"email": BUYER.email}, {"name": "Ek Bygg AB"}, {"postcodes": ("90326",)}], ids=str
)
def test_of_two_cards_with_one_number_the_rest_of_the_order_singles_out_one(changes: dict[str, Any]) -> None:
    two = (contact(10_001, org_no="5560360793"), contact(10_002, org_no="5560360793", **changes))
    assert used(order(billing=COMPANY, meta=ORG_META), *two).custid == 10_002
    assert held(order(billing=COMPANY, meta=ORG_META), two[0], contact(10_003, org_no="556036-0793")) is (
        Reason.CUSTOMER_AMBIGUOUS
    )


def test_an_inactive_double_does_not_count_but_an_inactive_customer_alone_holds() -> None:
    inactive = contact(10_001, email=BUYER.email, inactive=True)
    assert used(order(), inactive, contact(10_002, email=BUYER.email)).custid == 10_002
    assert held(order(), inactive) is Reason.CUSTOMER_INACTIVE


def test_a_credit_stop_holds_unless_the_merchant_lets_it_pass() -> None:
    stopped = contact(email=BUYER.email, credit_stop=True)
    assert held(order(), stopped) is Reason.CREDIT_STOP
    assert isinstance(judged(order(), stopped, hold_on_credit_stop=False), UseContact)


def test_a_reason_names_customers_by_number_only() -> None:
    for settings in ({"probable": "hold"}, {}):
        for contacts in ([contact(email=BUYER.email, inactive=True)], [contact(email=BUYER.email, credit_stop=True)]):
            made = judged(order(), *contacts, **settings)
            assert isinstance(made, Stop)
            assert "asa" not in str(made.params).lower()


def test_every_choice_with_every_contact_ends_in_exactly_one_answer() -> None:
    """Nothing falls through: each combination is a contact in use, a new one, or a reason."""
    known = [
        (),
        (contact(email=BUYER.email),),
        (contact(email=BUYER.email, inactive=True),),
        (contact(email=BUYER.email, credit_stop=True),),
        (contact(10_001, email=BUYER.email), contact(10_002, email=BUYER.email)),
    ]
    choices = product(("use", "hold", "new"), ("create", "hold", "collective"), ("match", "collective"), known)
    seen = set()
    for probable, new, guests, contacts in choices:
        made = judged(order(), *contacts, probable=probable, new=new, guests=guests, collective=10_000)
        seen.add(made.reason if isinstance(made, Stop) else type(made))
        if isinstance(made, UseContact):
            assert made.custid in {one.custid for one in contacts}
    assert {UseContact, CreateContact, Reason.CUSTOMER_NEW, Reason.CUSTOMER_AMBIGUOUS, Reason.CREDIT_STOP} <= seen


def test_only_what_the_keys_need_is_looked_up() -> None:
    bought = order(billing=COMPANY, meta=ORG_META | {"mamut_customer_no": "10007"})

    def wanted(**settings: Any) -> Any:
        chosen = shop(customers=settings).customers
        return customers.wanted(customers.buyer(bought, chosen), chosen)

    by_default = wanted()
    assert (by_default.custids, by_default.emails, by_default.names) == ((10_007,), (BUYER.email,), ())
    assert (by_default.org_nos, by_default.ext_ids) == (("5560360793",), ("butik:o5560360793",))
    by_name = wanted(match=["name"])
    assert (by_name.names, by_name.emails, by_name.org_nos, by_name.custids) == (("Ek Bygg AB",), (), (), ())
    collective = wanted(guests="collective", collective=10_000)
    assert (collective.custids, collective.emails, collective.ext_ids) == ((10_000,), (), ())
