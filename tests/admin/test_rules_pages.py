"""The pages of rules, field mappings and plugins: written in forms, judged by the settings' check, kept with who."""

from __future__ import annotations

import html
import re
import tomllib
from collections.abc import AsyncIterator
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any, NoReturn

import msgspec
import pytest

from agent.admin.rule_form import changed_by, form_of, table_of
from agent.journal import users
from agent.journal.users import Role
from agent.model.reasons import Reason
from agent.remote.dial import unconnected
from agent.remote.net import TransportFactory, transports_over
from agent.rules.tree import ProcessingRule
from tests.admin.admin_side import Browser, HandClock, journal_in
from tests.admin.test_settings_pages import AtWork, basis_of
from tests.cli.filled import GARN, Filled
from tests.plugins.installed import install
from tests.rules.test_documented_rules import EXAMPLES

NORWAY = {
    "name": "Norge",
    "object": "order",
    "side": "read",
    "enabled": "yes",
    "when.0.field": "billing.country",
    "when.0.test.0": "any_of",
    "when.0.value.0": "NO\r\nDK",
    "when.1.field": "total",
    "when.1.test.0": "above",
    "when.1.value.0": "1 000,50",
    "do.0.do": "set",
    "do.0.field": "customer_note",
    "do.0.value": "Tull",
}

REFERENCE = {
    "name": "Referens",
    "object": "order",
    "enabled": "yes",
    "pick": "meta_data[?key=='_ref'].value | [0]",
    "compute": "value|upper",
    "field": "reference",
    "when_long": "hold",
}


PLUGIN = """class Plugin:
    api = 1

    def __init__(self, options):
        pass

    def order_read(self, order, context):
        return order
"""


class Desk:
    """Somebody who configures, at the pages of one list."""

    def __init__(self, work: AtWork, browser: Browser, base: str) -> None:
        self.work = work
        self.browser = browser
        self.base = base

    async def post(self, what: str, fields: dict[str, str], place: str = "new", was: str = "") -> str:
        sent = {"basis": basis_of((await self.browser.get(f"{self.base}/edit")).text), **fields}
        answer = await self.browser.post(f"{self.base}/{what}", {"shop": "garn", "place": place, "was": was, **sent})
        return (await self.browser.follow(answer)).text if answer.status_code == 303 else answer.text

    def tables(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = tomllib.loads(self.work.text, parse_float=Decimal)["shop"][0].get(name, [])
        return found


def faults(page: str) -> dict[str, str]:
    """What stands beside the form's fields, by the field."""
    return {
        place: html.unescape(text) for place, text in re.findall(r'class="fault" id="fault-([^"]+)">(.*?)</p>', page)
    }


@pytest.fixture
async def work(tmp_path: Path, hand_clock: HandClock) -> AsyncIterator[AtWork]:
    journal = journal_in(tmp_path)
    try:
        made = AtWork(tmp_path, journal, hand_clock)
        async with made.side:
            yield made
    finally:
        journal.close()


@pytest.mark.parametrize("change", [change for _, change in EXAMPLES])
def test_every_documented_change_fits_the_form_and_comes_back_as_it_was(change: str) -> None:
    rule = (
        f'name = "x"\nobject = "order"\nside = "read"\nwhen = [{{ field = "total", at_most = 1.50 }}]\ndo = [{change}]'
    )
    table = tomllib.loads(rule, parse_float=Decimal)
    form = form_of(table)
    assert form is not None
    assert form_of(table_of(form)) == form
    assert msgspec.convert(table_of(form), ProcessingRule) == msgspec.convert(table, ProcessingRule)
    more = changed_by("add:do.0.where", changed_by("add:when.0.test", changed_by("add:do", form)))
    assert (len(more.do), len(more.do[0].where), len(more.when[0].tests)) == (2, len(form.do[0].where) + 1, 2)
    assert changed_by("drop:do.1", more).do == (more.do[0],)
    for nonsense in ("", "drop:do.9", "add:name", "drop:when", "add:do.x.where", "drop:do.0.where.7.test.1"):
        assert changed_by(nonsense, form) == form


async def test_a_rule_is_written_moved_rested_and_removed_and_each_is_an_act(work: AtWork) -> None:
    browser = await work.side.signed_in(name="kim")
    desk = Desk(work, browser, "/rules")
    wrong = {**NORWAY, "when.0.field": "billing.contry", "do.0.field": "total"}
    assert "Menade du" in faults(await desk.post("edit", wrong))["when-0-field"]
    assert list(faults(await desk.post("try", {**NORWAY, "do.0.field": "total"}))) == ["do-0-field"]
    assert desk.tables("processing") == []
    assert "billing.country är något av" in await desk.post("edit", NORWAY)
    (rule,) = desk.tables("processing")
    assert rule["when"] == [
        {"field": "billing.country", "any_of": ["NO", "DK"]},
        {"field": "total", "above": Decimal("1000.50")},
    ]
    await desk.post("edit", {**NORWAY, "name": "Sist"})
    await desk.post("act", {"act": "up"}, "1", "Sist")
    assert [each["name"] for each in desk.tables("processing")] == ["Sist", "Norge"]
    # Moved by somebody meanwhile: it is found by its name.
    await desk.post("act", {"act": "off"}, "0", "Norge")
    assert [each.get("enabled", True) for each in desk.tables("processing")] == [True, False]
    await desk.post("act", {"act": "remove"}, "0", "Sist")
    page = await desk.post("act", {"act": "remove"}, "0", "Borta")
    assert "på ett sätt som sidan inte ändrar" in page
    assert [each["name"] for each in desk.tables("processing")] == ["Norge"]
    shown = (await browser.get("/rules/edit?shop=garn&place=0")).text
    assert 'value="billing.country"' in shown
    acts = [
        (act.kind, act.subject, bool(act.before), bool(act.after))
        for act in work.side.journal.view(lambda tx: users.acts(tx, 9))
    ]
    assert acts == [
        ("rule_changed", "Sist", True, True),
        ("rule_changed", "Norge", True, True),
        ("rule_changed", "Sist", True, True),
        ("rule_changed", "Sist", False, True),
        ("rule_changed", "Norge", False, True),
    ]


async def test_what_is_typed_is_never_lost_and_what_is_beyond_reason_is_told_with_its_place(work: AtWork) -> None:
    browser = await work.side.signed_in()
    desk = Desk(work, browser, "/rules")
    much = {**NORWAY, "do.0.do": "build", "do.0.value": "x" * 1_000_000}
    page = await desk.post("edit", much)
    assert "längre än 2000 tecken" in faults(page)["do-0-value"]
    assert "x" * 1_000_000 in page
    text = await desk.post("form", {**NORWAY, "act": "as_text"})
    assert "any_of = [&#34;NO&#34;, &#34;DK&#34;]" in text
    broken = {"mode": "text", "text": 'name = "Norge\n<b>'}
    for what in ("form", "try", "edit"):
        page = await desk.post(what, {**broken, "act": "as_form"})
        assert "går inte att läsa som TOML (line 1" in page
        assert "&lt;b&gt;" in page
    page = await desk.post("edit", {"mode": "text", "text": 'name = "a"\nobject = "order"\nside = "reed"\ndo = []\n'})
    assert "shop[0].processing[0].side" in page
    # Somebody else has written meanwhile: nothing of theirs is lost, and a second press means it.
    first = await browser.post("/rules/edit", {**NORWAY, "shop": "garn", "place": "new", "basis": "0" * 64})
    assert "någon annan har ändrat filen" in first.text
    assert desk.tables("processing") == []
    assert (
        await browser.post("/rules/edit", {**NORWAY, "shop": "garn", "basis": basis_of(first.text)})
    ).status_code == 303


async def test_a_mapping_is_judged_with_its_place_and_a_package_without_it_is_told_kindly(work: AtWork) -> None:
    browser = await work.side.signed_in()
    desk = Desk(work, browser, "/mapping")
    assert "Fältmappning hör till paket 800" in (await browser.get("/mapping")).text
    for field, value, told in (
        ("compute", "value.__class__()", "kan inte"),
        ("pick", "meta[", "kan inte läsas"),
        ("field", "external_no", "får inte mappas"),
        ("compute", "x" * 1_000_000, "längre än 2000"),
    ):
        assert told in faults(await desk.post("edit", {**REFERENCE, field: value}))[field]
    # It can be tried, but not saved, before the package has been bought.
    assert "inte att prova härifrån" in await desk.post("try", REFERENCE)
    assert "BRY-S" in await desk.post("edit", REFERENCE)
    assert desk.tables("mapping") == []
    work.file.write_text(work.text.replace('package = "400"', 'package = "800"'), "utf-8")
    assert "reference" in await desk.post("edit", REFERENCE)
    assert desk.tables("mapping")[0]["when_long"] == "hold"
    assert "Fältmappning hör till" not in (await browser.get("/mapping")).text
    again = (await browser.get("/mapping/edit?shop=garn&place=0")).text
    assert "meta_data[?key==&#39;_ref&#39;].value | [0]" in again


async def test_plugins_are_shown_with_what_they_hold_and_checked_one_by_one(
    work: AtWork, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = PLUGIN
    install(monkeypatch, tmp_path, "brygga-whole", body, version="1.3")
    install(monkeypatch, tmp_path, "brygga-broken", body.replace("pass", "raise KeyError('x')"))
    params = {"plugin": "brygga-whole", "why": "ValueError"}
    Filled(work.side.journal._writer).order("17", 100, reason=Reason.PLUGIN_HELD, params=params)
    browser = await work.side.signed_in()
    page = (await browser.get("/plugins")).text
    for told in ("Plugin hör till paket 800", "1.3", "1 order", "ValueError"):
        assert told in page
    checked = (await browser.post("/plugins/check")).text
    assert "order_read" in checked
    assert "KeyError" in checked
    desk = Desk(work, browser, "/plugins")
    work.file.write_text(work.text.replace('package = "400"', 'package = "800"'), "utf-8")
    plugin = {"name": "brygga-whole", "enabled": "yes", "limit_s": "0,5", "options": "a = 1\nb = c = d"}
    assert "limit_s" in await desk.post("edit", plugin)
    assert desk.tables("plugins") == []
    await desk.post("edit", {**plugin, "limit_s": "2"})
    assert desk.tables("plugins") == [{"name": "brygga-whole", "limit_s": 2, "options": {"a": "1", "b": "c = d"}}]
    missing = faults(await desk.post("edit", {"name": "brygga-hole", "enabled": "yes"}))
    assert "Menade du" in missing["name"]


class Unreachable:
    """The way to a shop whose computer is off."""

    def transports(self, address: str, *, verify_tls: bool = True) -> TransportFactory:  # noqa: ARG002 - as the World
        async def dial(*_place: object) -> NoReturn:
            raise unconnected(ConnectionRefusedError())

        return transports_over(dial)

    def chance(self, purpose: str) -> Random:
        return Random(purpose)


async def test_a_shop_that_cannot_be_read_is_told_of_and_the_form_stays_as_it_was(work: AtWork) -> None:
    work.side.admin.outside = Unreachable()
    Filled(work.side.journal._writer).order("17", 100)
    browser = await work.side.signed_in()
    page = await Desk(work, browser, "/rules").post("try", NORWAY)
    assert "BRY-C" in page
    assert 'value="Tull"' in page
    assert "BRY-C" in await Desk(work, browser, "/mapping").post("fields", {})
    assert [act.kind for act in work.side.journal.view(lambda tx: users.acts(tx, 9))] == []


async def test_who_only_looks_sees_the_rules_and_no_way_to_change_them(work: AtWork) -> None:
    configuring = Desk(work, await work.side.signed_in(), "/rules")
    await configuring.post("edit", NORWAY)
    browser = await work.side.signed_in(Role.LOOK)
    page = (await browser.get("/rules")).text
    assert "Norge" in page
    assert "/rules/act" not in page
    assert (await browser.get("/rules/edit")).status_code == 403
    assert str(GARN) in page
