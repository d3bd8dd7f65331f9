"""One table of a list is changed in the file's text, and nothing else of it."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from random import Random

import pytest

from agent.settings.tables import NotEditable, TableList
from agent.settings.toml_text import assignment

FILE = '''# Överst.
package = "800"   # köpt i juni
note = """
[[shop.processing]]
ingen rubrik"""

[[shop]]
key = "garn"

# Om Norge: fråga Kim.
[[shop.processing]]
name = "Norge"
object = "order"   # läst
side = "read"
when = [
    { field = "billing.country", any_of = ["NO"] },   # bara Norge
]
do = [{ do = "set", field = "customer_note", value = "Tull" }]

[[shop.processing]]
name = "Pris"
object = "price"
side = "written"
[[shop.processing.do]]
do = "add_amount"
field = "regular"
amount = 10

[shop.vat]   # momsen
zero = 1

[[shop]]
key = "tyg"
[mamut]
address = "https://mamut.example"
'''

NEW = {"name": "Ny", "object": "order", "side": "read", "do": [{"do": "hold", "value": 'a "b" \\ å\n'}]}


def rules(text: str, shop: int = 0) -> list[dict[str, object]]:
    return tomllib.loads(text)["shop"][shop].get("processing", [])  # type: ignore[no-any-return]


def names(text: str, shop: int = 0) -> list[object]:
    return [each["name"] for each in rules(text, shop)]


def lines_apart(before: str, after: str) -> tuple[set[str], set[str]]:
    old, new = before.splitlines(), after.splitlines()
    return set(old) - set(new), set(new) - set(old)


def test_one_key_is_changed_and_every_other_line_stays() -> None:
    tables = TableList(FILE, 0, "processing")
    text = tables.changed(0, {**tables.tables[0], "enabled": False, "name": "Norden"})
    assert lines_apart(FILE, text) == ({'name = "Norge"'}, {'name = "Norden"', "enabled = false"})
    back = TableList(text, 0, "processing")
    assert back.changed(0, tables.tables[0]) == FILE
    # What stands in tables within it is written anew.
    priced = tables.changed(1, {**tables.tables[1], "enabled": False})
    assert rules(priced)[1] == {**rules(FILE)[1], "enabled": False}
    assert "[shop.vat]   # momsen" in priced


def test_tables_are_added_removed_and_moved_with_the_comments_above_them() -> None:
    tables = TableList(FILE, 0, "processing")
    assert names(tables.added(NEW)) == ["Norge", "Pris", "Ny"]
    assert lines_apart(FILE, tables.added(NEW))[0] == set()
    assert names(tables.added(NEW, 1)) == ["Norge", "Ny", "Pris"]
    assert rules(tables.added(NEW))[2] == NEW
    moved = tables.moved(0, 1)
    assert names(moved) == ["Pris", "Norge"]
    assert moved.index("# Om Norge") > moved.index('name = "Pris"')
    assert TableList(moved, 0, "processing").moved(1, 0) == FILE
    gone = tables.removed(0)
    assert names(gone) == ["Pris"]
    assert "Om Norge" not in gone
    assert '# Överst.\npackage = "800"   # köpt i juni' in gone
    # The first one of a shop that has none, with Windows' line endings, in a file without a last one.
    crlf = FILE.replace("\n", "\r\n").rstrip()
    first = TableList(crlf, 1, "processing").added(NEW)
    assert (names(first, 1), names(first, 0)) == (["Ny"], ["Norge", "Pris"])
    assert first.count("\n") == first.count("\r\n")
    assert rules(TableList(first, 1, "processing").removed(0), 1) == []


def test_what_is_written_otherwise_is_refused_and_not_guessed_at() -> None:
    inline = FILE.replace('key = "tyg"', 'key = "tyg"\nprocessing = [{ name = "x" }]')
    for text, shop in ((inline, 1), (FILE, 7), (FILE + "[", 0), ("shop = [{ key = 'a' }]\nx = 1", 9)):
        with pytest.raises(NotEditable):
            TableList(text, shop, "processing")
    assert len(TableList(inline, 0, "processing")) == 2


def test_any_order_of_changes_says_what_it_should() -> None:
    chance = Random(7)
    text, wanted = FILE, rules(FILE)
    for number in range(60):
        tables = TableList(text, 0, "processing")
        place = chance.randrange(len(wanted)) if wanted else 0
        match chance.choice(("add", "remove", "move", "change") if wanted else ("add",)):
            case "add":
                new = {**NEW, "name": f"Ny {number}"}
                text = tables.added(new, place)
                wanted.insert(place, new)
            case "remove":
                text = tables.removed(place)
                del wanted[place]
            case "move":
                other = chance.randrange(len(wanted))
                text = tables.moved(place, other)
                wanted[place], wanted[other] = wanted[other], wanted[place]
            case _:
                wanted[place] = {**wanted[place], "name": f"Annan {number}", "enabled": chance.random() < 0.5}
                text = tables.changed(place, wanted[place])
        assert rules(text) == wanted
    assert "# Överst." in text
    assert "[shop.vat]   # momsen" in text


@pytest.mark.parametrize(
    "value",
    ["", 'a"b\\c\t\n\x00\x7f\u2028', 7, True, Decimal("1.50"), Decimal(10), [], ["a", "b"], {"å ä": "x"}, {}],
)
def test_what_is_written_is_read_again(value: object) -> None:
    assert tomllib.loads(assignment("k", value), parse_float=Decimal)["k"] == value
    assert tomllib.loads(assignment("k", [value] * 30), parse_float=Decimal)["k"] == [value] * 30
