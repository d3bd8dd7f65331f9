"""`brygga orders find|correct|customer|relink|matches` at a terminal: what is asked for, and what is wrongly asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.cli.desk import JOURNAL_NAME
from agent.journal import by_hand, order_keys, records
from agent.journal.by_hand import Asked
from agent.journal.journal import look_into
from agent.model.ids import ShopOrderId
from agent.model.reasons import Reason
from tests.cli.filled import GARN, filling
from tests.cli.test_orders import answer, call

PROBABLE = {"customer": "10007", "matched_by": "email"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with filling(tmp_path, language="en") as journal:
        journal.order("1041", 10_000, reason=Reason.CUSTOMER_PROBABLE, params=PROBABLE)
        journal.transferred("1042", 123_450)
        by_hand.note_match(journal.tx, GARN, ShopOrderId(1041), "garn:g1")
    return tmp_path


def test_corrections_are_asked_for_beside_the_wish_and_shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes = ("article.A=1=B=2", "billing.country= se ", "vat_no=")
    assert call(folder, "orders", "correct", "1041", *changes, "--remove", "billing.city") == 0
    tx = look_into(folder / JOURNAL_NAME)
    (wish,) = records.open_wishes(tx, GARN)
    assert (wish.kind, wish.args) == ("correct", "{}"), "values stand elsewhere"
    assert by_hand.asked_of(tx, wish.wish_id) == [
        Asked(field="article.A=1=B", value="2"),
        Asked(field="billing.city", value=None),
        Asked(field="billing.country", value="SE"),
        Asked(field="vat_no", value=""),
    ]
    by_hand.correct(tx, GARN, ShopOrderId(1041), [Asked(field="billing.postcode", value="111 22")], 7, "kim")
    tx.close()
    capsys.readouterr()
    assert call(folder, "orders", "correct", "1041") == 0
    assert "billing.postcode  postcode (invoice): 111 22 · kim" in capsys.readouterr().out
    (shown,) = answer(folder, capsys, "orders", "correct", "1041")["corrections"]
    assert (shown["field"], shown["value"]) == ("billing.postcode", "111 22")


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("correct", "1041", "billing.country=Sverige"), 2, "billing.country cannot be corrected"),
        (("correct", "1041", "total=1"), 2, "total cannot be corrected"),
        (("correct", "1041", "line.1.quantity=2"), 2, "cannot be corrected"),
        (("correct", "1041", "billing.email"), 2, "FIELD=VALUE"),
        (("correct", "1042", "billing.city=Umeå"), 1, "stands in Mamut already"),
        (("correct", "4711", "billing.city=Umeå"), 1, "BRY-J06"),
        (("customer", "1041"), 2, "--customer-no"),
        (("customer", "1041", "--new", "--forget"), 2, "--customer-no"),
        (("customer", "1041", "--customer-no", "0"), 2, "--customer-no"),
        (("customer", "1042", "--new"), 1, "stands in Mamut already"),
        (("relink", "1041", "--mamut-no", "5"), 1, "brygga orders adopt"),
    ],
)
def test_what_cannot_be_is_said_and_not_asked_for(
    folder: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, says: str
) -> None:
    assert call(folder, "orders", *arguments) == code
    assert says in capsys.readouterr().err
    tx = look_into(folder / JOURNAL_NAME)
    assert records.open_wishes(tx, GARN) == []
    tx.close()


def test_buyers_in_doubt_are_listed_chosen_and_an_order_is_tied_anew(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert call(folder, "orders", "matches") == 1
    assert "garn 1041" in (out := capsys.readouterr().out)
    assert "10007" in out
    assert call(folder, "orders", "customer", "1041", "--customer-no", "10007") == 0
    assert call(folder, "orders", "relink", "1042", "--mamut-no", "5", "--anyway") == 0
    tx = look_into(folder / JOURNAL_NAME)
    asked = [(wish.kind, wish.arg("custid"), wish.arg("anyway")) for wish in records.open_wishes(tx, GARN)]
    assert asked == [("choose_customer", "10007", ""), ("relink", "", "yes")]
    tx.close()


def test_orders_are_found_by_whatever_is_in_hand(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(folder, capsys, "orders", "find", "1042")["by"] == "number"
    assert call(folder, "orders", "find", "kim@post.example") == 1
    assert "No order has that" in capsys.readouterr().out
    tx = look_into(folder / JOURNAL_NAME)
    order_keys.gone_through(tx, GARN, 5)
    tx.close()
    assert call(folder, "orders", "find", "kim@post.example") == 1
    assert "still being gone through" in capsys.readouterr().out
