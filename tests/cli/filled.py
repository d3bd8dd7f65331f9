"""A journal filled by the journal's own functions, beside a settings file that names it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import apsw

from agent.cli.desk import JOURNAL_NAME
from agent.journal import orders, records
from agent.journal.journal import look_into, open_journal
from agent.model.clock import package_month
from agent.model.ids import ShopKey, ShopOrderId
from agent.model.proof import MoneyProof, ProofLine, ProofVat
from agent.model.reasons import Reason

GARN = ShopKey("garn")
TYG = ShopKey("tyg")
START = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)

SETTINGS = """
package = "{package}"
language = "{language}"
data_dir = "{data_dir}"

[mamut]
address = "http://127.0.0.1:8300"

[[shop]]
key = "garn"
address = "https://garn.example"

[[shop]]
key = "tyg"
address = "https://tyg.example"
"""


class Filled:
    """Adds orders to a journal as the agent would."""

    def __init__(self, tx: apsw.Connection) -> None:
        self.tx = tx
        self.next_mamut_no = 100_000_001

    def order(
        self,
        number: str,
        total_ore: int,
        *,
        shop: ShopKey = GARN,
        order_id: int | None = None,
        reason: Reason = Reason.NOT_READ,
        created: datetime = START,
        currency: str = "SEK",
        params: dict[str, str] | None = None,
    ) -> ShopOrderId:
        key = ShopOrderId(int(number) if order_id is None else order_id)
        at_ms = int(created.timestamp() * 1000)
        orders.insert(
            self.tx,
            shop=shop,
            order_id=key,
            number=number,
            order_key=f"wc_order_{key}",
            status="processing",
            created_at=int(created.timestamp()),
            modified_at=int(created.timestamp()),
            currency=currency,
            total_ore=total_ore,
            reason=Reason.NOT_READ,
            now_ms=at_ms,
            to_read=True,
        )
        records.tell(self.tx, shop, key, at_ms, "seen", status="processing", reason=Reason.NOT_READ.value)
        if reason is not Reason.NOT_READ:
            orders.set_reason(self.tx, shop, key, reason, at_ms + 1000, params=params)
            records.tell(self.tx, shop, key, at_ms + 1000, reason.state.value, reason=reason.value, **(params or {}))
        return key

    def transferred(
        self,
        number: str,
        total_ore: int,
        *,
        mamut_ore: int | None = None,
        mamut_no: int | None = None,
        shop: ShopKey = GARN,
        order_id: int | None = None,
        created: datetime = START,
        currency: str = "SEK",
    ) -> ShopOrderId:
        key = self.order(number, total_ore, shop=shop, order_id=order_id, created=created, currency=currency)
        at = created + timedelta(minutes=2)
        if mamut_no is None:
            mamut_no, self.next_mamut_no = self.next_mamut_no, self.next_mamut_no + 1
        orders.set_transferred(
            self.tx,
            shop,
            key,
            external_no=f"{shop}:{key}",
            mamut_order_no=mamut_no,
            mamut_total_ore=total_ore if mamut_ore is None else mamut_ore,
            custid=10_007,
            adopted=False,
            counted_month=package_month(at),
            now_ms=int(at.timestamp() * 1000),
        )
        records.count_order(self.tx, package_month(at))
        records.tell(self.tx, shop, key, int(at.timestamp() * 1000), "transferred", mamut_order_no=mamut_no)
        return key


@contextmanager
def filling(folder: Path, *, package: str = "400", language: str = "sv") -> Iterator[Filled]:
    """Makes the settings file and the journal, which is closed again afterwards."""
    text = SETTINGS.format(package=package, language=language, data_dir=folder.as_posix())
    (folder / "brygga.toml").write_text(text, encoding="utf-8")
    if not (folder / JOURNAL_NAME).exists():
        open_journal(folder / JOURNAL_NAME, threaded=False).close()
    tx = look_into(folder / JOURNAL_NAME)
    try:
        yield Filled(tx)
    finally:
        tx.close()


def proof(paid: str = "174.01") -> MoneyProof:
    """Goods for 100 and shipping for 39.20 without VAT, 174.00 in Mamut, and a rounding row up to what was paid."""
    return MoneyProof(
        currency="SEK",
        lines=(
            ProofLine(text="Tröja Fjäll", line_sum=Decimal("100.000"), vat_code=3, vat_percent=Decimal(25)),
            ProofLine(text="Frakt", line_sum=Decimal("39.200"), vat_code=3, vat_percent=Decimal(25)),
        ),
        vats=(
            ProofVat(
                vat_code=3,
                percent=Decimal(25),
                base=Decimal("139.200"),
                mamut_vat=Decimal("34.80"),
                shop_vat=Decimal("34.81"),
            ),
        ),
        net_total=Decimal("139.20"),
        mamut_total=Decimal("174.00"),
        paid=Decimal(paid),
        rounding=Decimal(paid) - Decimal("174.00"),
        limit=Decimal("1.00"),
    )
