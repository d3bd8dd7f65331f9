"""What was proved before sending is what the simulated Mamut totals and keeps, text for text."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.decide.orders import decide, wanted
from agent.messages import MamutFacts, Send, UnreadableOrder
from agent.model.ids import ContactNo, ShopKey
from agent.model.mamut import Article, Contact, Registers
from agent.model.order import ShopOrder
from agent.remote.mamut import shapes, translate
from agent.remote.woocommerce.translate import read_order
from agent.settings.tree import ShopSettings
from simulators.http import Request
from simulators.mamut.options import MamutOptions
from simulators.mamut.system import Mamut
from tests.decide.build import BUYER, fee, goods, order, shipping, shop
from tests.decide.recorded import HELD, Recorded, recorded_orders

START = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


class Company:
    """A simulated company and what the agent needs to know of it."""

    def __init__(self) -> None:
        self._now = START
        self._token = ""
        self._mamut = Mamut(MamutOptions(), self._clock)
        login = {"client_no": "001", "user": "brygga", "password": "simulerad", "computer": "SRV", "replace": False}
        self._token = self.ask("POST", "session", login)["token"]
        told = msgspec.convert(self.ask("GET", "registers"), shapes.RegistersShape, strict=False)
        self.registers: Registers = translate.registers(told)
        contact = self.ask("POST", "contacts", {"name": "Kontantkund", "kinds": ["customer"]})
        self.collective = Contact(contid=contact["contid"], custid=ContactNo(contact["custid"]), name="Kontantkund")
        self._made: set[str] = set()

    def _clock(self) -> datetime:
        self._now += timedelta(milliseconds=5)
        return self._now

    def ask(self, method: str, path: str, body: object = None) -> Any:
        content = b"" if body is None else msgspec.json.encode(body)
        headers = {"authorization": f"Bearer {self._token}"}
        answer = self._mamut.handle(
            Request(method=method, path=f"/api/v1/{path}", query="", headers=headers, body=content)
        )
        told = msgspec.json.decode(answer.body)
        assert answer.status in (200, 201), told
        return told

    def settings(self) -> ShopSettings:
        """A merchant's choices with the codes that this company's register has."""
        codes = self.registers.vat_codes
        domestic = {str(code.percent.normalize()): code.id for code in codes if code.kind == "domestic"}
        by_kind = {code.kind: code.id for code in codes}
        return shop(
            orders={"trigger": ["pending", "on-hold", "processing", "completed", "cancelled", "refunded"]},
            customers={"new": "collective", "guests": "collective", "collective": self.collective.custid},
            vat={"domestic": domestic, "eu_company": by_kind["eu"], "export": by_kind["export"]},
        )

    def facts(self, of: ShopOrder) -> MamutFacts:
        numbers = wanted(of, self.settings()).product_nos
        for number in numbers:
            self.make(Article(product_no=number, description=number, vat_code=1))
        articles = {number: Article(product_no=number, description=number) for number in numbers}
        return MamutFacts(contacts=(self.collective,), articles=articles, registers=self.registers)

    def make(self, article: Article) -> None:
        if article.product_no not in self._made:
            self._made.add(article.product_no)
            self.ask("POST", "products", translate.article_body(article))

    def keep(self, send: Send) -> Any:
        return self.ask("POST", "orders", translate.document_body(send.draft, self.collective.contid))


SENT = [recorded for recorded in recorded_orders() if recorded.place not in HELD]


@pytest.fixture(scope="module")
def company() -> Company:
    return Company()


@pytest.mark.parametrize("recorded", SENT, ids=[recorded.name for recorded in SENT])
def test_a_recorded_order_is_totalled_by_mamut_as_it_was_paid(company: Company, recorded: Recorded) -> None:
    bought = read_order(recorded.body, ShopKey("butik"))
    assert not isinstance(bought, UnreadableOrder)
    decision = decide(bought, company.facts(bought), company.settings())
    assert isinstance(decision, Send), decision
    kept = company.keep(decision)
    assert Decimal(kept["total"]) == bought.total
    _is_kept_whole(decision, kept)


amounts = st.integers(0, 2_000_000).map(lambda ore: str(Decimal(ore) / 100))
percents = st.sampled_from([25, 12, 6, None])
texts = st.text(max_size=90)


@given(
    st.lists(st.tuples(amounts, percents, texts), min_size=1, max_size=5),
    st.tuples(amounts, percents),
    st.integers(-5_000, 5_000),
    st.booleans(),
    texts,
    texts,
)
@settings(deadline=None)
def test_any_order_is_totalled_as_it_was_paid_and_kept_without_a_cut(
    company: Company,
    rows: list[tuple[str, int | None, str]],
    freight: tuple[str, int | None],
    extra_ore: int,
    with_vat: bool,
    name: str,
    note: str,
) -> None:
    bought = order(
        *(goods(total, percent, name=text) for total, percent, text in rows),
        shipping(*freight),
        fee(str(Decimal(extra_ore) / 100)),
        prices_include_tax=with_vat,
        billing=msgspec.structs.replace(BUYER, company=name, street=note, first_name=name),
        customer_note=note,
    )
    decision = decide(bought, company.facts(bought), company.settings())
    assert isinstance(decision, Send), decision
    kept = company.keep(decision)
    assert Decimal(kept["total"]) == bought.total
    _is_kept_whole(decision, kept)


def _is_kept_whole(send: Send, kept: Any) -> None:
    """Mamut cuts and replaces silently; nothing may be left for it to do."""
    for field in ("external_no", "reference", "your_ref", "fixed_text", "packing_text", "invoice_address", "name"):
        if getattr(send.draft, field):
            assert kept[field] == getattr(send.draft, field), field
    assert [line["product_no"] for line in kept["lines"]] == [line.product_no for line in send.draft.lines]
    assert [line["description"] for line in kept["lines"]] == [line.description for line in send.draft.lines]
    assert [Decimal(line["qty"]) for line in kept["lines"]] == [line.qty for line in send.draft.lines]
    assert [Decimal(line["line_sum"]) for line in kept["lines"]] == [line.line_sum for line in send.draft.lines]
