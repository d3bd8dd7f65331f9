"""What changed in the settings is kept: when, by whom, what, and never a secret; and a change can be taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import trio
from trio.testing import MockClock

from agent.actors.reloader import EVERYWHERE, Reloader
from agent.app import Agent
from agent.journal import records, settings_history
from agent.journal.settings_history import Entry, How, text_digest
from agent.settings.conceal import VEIL, conceal, conceal_changes
from agent.settings.difference import Change, differences, secrets_changed
from agent.settings.load import Loaded, loads
from agent.settings.secret import Secret
from agent.settings.secrets import Secrets, ShopSecrets
from agent.settings.source import SettingsFile
from agent.settings.tree import Settings
from agent.settings.write import write_settings
from scenarios.play import Play, StepKill, play, shop_settings, suppress_killed
from tests.actors.small_shop import SmallShop
from tests.cli.test_orders import answer, call
from tests.settings.files import GOOD, SECOND_SHOP, changed

PASSWORD = "ett hemligt ord"

NAMING = "name_writer"
ANSWERING = "answer_reload"
"""The steps of a change, as scenarios.steps names them."""

TEXT = """\
package = "400"  # köpt i maj
language = "en"
data_dir = "{folder}"

[mamut]
address = "https://mamut.example"

[[shop]]
key = "butik"
address = "https://butik.example"

[shop.orders]
start_at = 2020-01-01T00:00:00+00:00

[shop.vat]
domestic = {{ "25" = 3, "12" = 4, "6" = 5 }}
"""


def settings_of(text: str) -> Settings:
    loaded = loads(text)
    assert isinstance(loaded, Loaded)
    return loaded.settings


def secrets(password: str = PASSWORD) -> Secrets:
    pair = ShopSecrets(consumer_key=Secret("ck_0123456789"), consumer_secret=Secret("cs_abcdefghij"))
    return Secrets(mamut_password=Secret(password), shops={"garn": pair})  # type: ignore[dict-item]


# -- what is another --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "change"),
    [
        ('package = "400"', 'package = "800"', Change(path="package", before='"400"', after='"800"')),
        ("department = 2\n", "", Change(path="shop[garn].department", before="2", after="null")),
        ('"12" = 4\n', "", Change(path="shop[garn].vat.domestic.12", before="4", after="")),
    ],
)
def test_a_change_is_told_by_its_place(old: str, new: str, change: Change) -> None:
    assert differences(settings_of(GOOD), settings_of(changed(old, new))) == (change,)


def test_a_shop_put_first_is_one_change_and_not_one_of_every_shop() -> None:
    head, shop = GOOD.split("[[shop]]")
    before, after = settings_of(GOOD), settings_of(f"{head}{SECOND_SHOP}\n[[shop]]{shop}")
    assert [(each.path, bool(each.before), bool(each.after)) for each in differences(before, after)] == [
        ("shop[tyg]", False, True)
    ]


def test_rules_that_change_places_are_a_change() -> None:
    rule = '\n[[shop.processing]]\nname = "{}"\nobject = "order"\nside = "read"\ndo = [{{ do = "hold" }}]\n'
    one, two = rule.format("en"), rule.format("två")
    found = differences(settings_of(GOOD + one + two), settings_of(GOOD + two + one))
    assert found == (Change(path="shop[garn].processing", before='["en","två"]', after='["två","en"]'),)


def test_of_a_secret_only_its_name_is_told() -> None:
    found = secrets_changed(secrets(), secrets("ett annat ord"))
    assert found == (Change(path="secrets.mamut.password", before="", after=""),)


@pytest.mark.parametrize(
    "line",
    [
        f"# lösenordet är {PASSWORD}",
        "# gamla nyckeln: ck_feedfacefeedface",
        'address = "https://kim:ett-ord@garn.example"',
        'options = { api_key = "ett-ord-for-sig" }',
        "# password = ett-ord",
        '[{"name":"p","options":{"token":"ett-ord \\" till"}}]',
    ],
)
def test_a_secret_in_the_file_does_not_reach_the_journal(line: str) -> None:
    kept = conceal(line, secrets())
    assert VEIL in kept
    assert not any(word in kept for word in (PASSWORD, "feedface", "ett-ord", "till"))


def test_an_ordinary_file_is_kept_to_the_letter() -> None:
    assert conceal(GOOD + SECOND_SHOP, secrets()) == GOOD + SECOND_SHOP
    change = Change(path="shop[garn].plugins[p].options.token", before='"ett"', after='"annat"')
    assert conceal_changes((change,), secrets()) == (Change(path=change.path, before=VEIL, after=VEIL),)


def test_a_file_is_written_whole_with_what_stood_there_beside_it(tmp_path: Path) -> None:
    file, link = tmp_path / "brygga.toml", tmp_path / "länk.toml"
    file.write_bytes(b"a = 1\r\n")
    file.chmod(0o640)
    link.symlink_to(file)
    write_settings(link, "a = 2\r\n")
    assert file.read_bytes() == b"a = 2\r\n"
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o640
    assert (tmp_path / "brygga.toml.bak").read_bytes() == b"a = 1\r\n"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["brygga.toml", "brygga.toml.bak", "länk.toml"]


# -- at work ----------------------------------------------------------------------------------------------------------


class AtWork:
    """An agent in a play whose settings stand in a real file."""

    def __init__(self, world: Play, folder: Path) -> None:
        self.world = world
        self.file = folder / "brygga.toml"
        self.file.write_text(TEXT.format(folder=folder), encoding="utf-8")
        side = world.shops["butik"]
        environ = {
            "BRYGGA_MAMUT_PASSWORD": "simulerad",
            "BRYGGA_SHOP_BUTIK_CONSUMER_KEY": side.options.keys[0].consumer_key,
            "BRYGGA_SHOP_BUTIK_CONSUMER_SECRET": side.options.keys[0].consumer_secret,
        }
        self.source = SettingsFile(self.file, environ)
        self.environ = environ
        self.killed = False

    @property
    def text(self) -> str:
        return self.file.read_text("utf-8")

    def edit(self, old: str, new: str) -> str:
        text = changed(old, new, self.text)
        self.file.write_text(text, encoding="utf-8")
        return text

    @asynccontextmanager
    async def life(self, kill: StepKill | None = None) -> AsyncIterator[Reloader]:
        """An agent as `run` makes it; killed at the end of the block, if not before."""
        judgement = self.source.judge()
        assert judgement.settings is not None, judgement.findings
        assert judgement.secrets is not None
        journal = self.world.open_journal()
        journal.kills = (kill,) if kill else ()
        made = Agent(judgement.settings, judgement.secrets, journal, self.world.world(), self.source, judgement.text)
        assert made.reloader is not None
        try:
            with suppress_killed() as killed:
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(made.run)
                    await trio.sleep(5)
                    yield made.reloader
                    journal.dead = True
                    nursery.cancel_scope.cancel()
            self.killed = bool(killed)
        finally:
            journal.close()

    def history(self) -> list[Entry]:
        with self.world.look() as tx:
            return settings_history.listing(tx, 100)[::-1]

    def told(self) -> list[tuple[How, str, list[str]]]:
        return [(each.how, each.who, [change.path for change in each.changes]) for each in self.history()]

    def wish(self, who: str) -> None:
        with self.world.look() as tx:
            records.wish(tx, at_ms=0, who=who, kind="reload", shop=EVERYWHERE)


@asynccontextmanager
async def at_work(folder: Path) -> AsyncIterator[AtWork]:
    async with play(folder) as world:
        world.mamut.fill(1, products=10, contacts=5)
        SmallShop(world, shop_settings())
        yield AtWork(world, folder)


async def test_every_change_is_kept_with_who_and_what(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with at_work(tmp_path) as work:
        async with work.life():
            assert work.told() == [(How.FIRST, "", [])]
        work.edit('"400"  # köpt i maj', '"800"  # köpt i juni')
        async with work.life():
            work.edit("# köpt i juni", "# köpt i juli")
            work.wish("kim")
            await trio.sleep(100)
            work.edit('address = "https://butik.example"', 'address = "https://butik.example"\nname = "Butiken"')
            work.wish("bo")
            await trio.sleep(100)
        assert work.told() == [
            (How.FIRST, "", []),
            (How.FOUND, "", ["package"]),
            (How.RELOAD, "kim", []),
            (How.RELOAD, "bo", ["shop[butik].name"]),
        ]
        assert [each.text for each in work.history()][-1] == work.text
        async with work.life():
            assert len(work.told()) == 4


async def test_saved_settings_are_written_whole_or_not_at_all(tmp_path: Path, autojump_clock: MockClock) -> None:
    async with at_work(tmp_path) as work:
        stood = work.text
        async with work.life() as reloader:
            wrong = changed('"25" = 3', '"25" = "tre"', stood).replace("start_at", "start_et")
            refused = await reloader.save_settings(wrong, "kim")
            assert refused.result == "settings_wrong"
            assert {each.path for each in refused.findings if each.is_error} >= {
                "shop[0].vat.domestic.25",
                "shop[0].orders.start_et",
            }
            elsewhere = changed(f'data_dir = "{tmp_path}"', 'data_dir = "/annanstans"', stood)
            assert (await reloader.save_settings(elsewhere, "kim")).result == "data_dir_changed"
            better = changed('key = "butik"', 'key = "butik"\nname = "Butiken"', stood)
            late = await reloader.save_settings(better, "kim", basis=text_digest("something older"))
            assert late.result == "settings_changed_meanwhile"
            assert work.text == stood
            assert reloader.try_settings(better).good
            assert work.text == stood
            saved = await reloader.save_settings(better, "kim", basis=text_digest(stood))
            assert (saved.result, saved.number) == ("done", 2)
            assert work.text == better
        assert work.told()[1:] == [(How.SAVED, "kim", ["shop[butik].name"])]


@pytest.mark.parametrize(
    "kill",
    [
        StepKill(step=NAMING, when="before"),
        StepKill(step=NAMING, when="after"),
        StepKill(step=ANSWERING, when="before"),
        StepKill(step=ANSWERING, when="after"),
    ],
    ids=lambda kill: f"{kill.when}_{kill.step}",
)
async def test_a_kill_while_settings_are_saved_leaves_the_old_or_the_new_and_who_it_was(
    tmp_path: Path, autojump_clock: MockClock, kill: StepKill
) -> None:
    async with at_work(tmp_path) as work:
        stood = work.text
        better = changed('key = "butik"', 'key = "butik"\nname = "Butiken"', stood)
        async with work.life(kill) as reloader:
            await reloader.save_settings(better, "kim")
        assert work.killed
        async with work.life():
            pass
        written = kill.step == ANSWERING
        assert work.text == (better if written else stood)
        assert work.told()[1:] == ([(How.SAVED, "kim", ["shop[butik].name"])] if written else [])


async def test_a_change_is_taken_back_by_the_command(
    tmp_path: Path, autojump_clock: MockClock, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_work(tmp_path) as work:
        for name, value in work.environ.items():
            monkeypatch.setenv(name, value)
        stood = work.text
        async with work.life():
            pass
        for name in ("Ett", "Två"):
            work.file.write_text(changed('key = "butik"', f'key = "butik"\nname = "{name}"', stood), encoding="utf-8")
            async with work.life():
                pass
        capsys.readouterr()
        listed = answer(tmp_path, capsys, "settings", "history")["changes"]
        assert [(each["number"], each["how"]) for each in listed] == [(3, "found"), (2, "found"), (1, "first")]
        shown = answer(tmp_path, capsys, "settings", "show", "3")
        assert shown["changes"] == [{"path": "shop[butik].name", "before": '"Ett"', "after": '"Två"'}]
        assert '-name = "Ett"' in shown["lines"]
        assert call(tmp_path, "settings", "show", "1", "--text") == 0
        assert capsys.readouterr().out == stood
        assert call(tmp_path, "settings", "undo", "1") == 1
        assert call(tmp_path, "settings", "undo", "2") == 1
        assert "--with-later" in capsys.readouterr().err
        assert call(tmp_path, "settings", "undo", "2", "--with-later") == 0
        assert work.text == stood
        async with work.life():
            last = work.history()[-1]
            assert (last.how, last.undoes, bool(last.who), last.text) == (How.UNDONE, 2, True, stood)
        capsys.readouterr()
        assert call(tmp_path, "settings") == 0
        assert "change 2 was taken back" in capsys.readouterr().out


async def test_a_text_that_held_a_secret_is_not_written_back(
    tmp_path: Path, autojump_clock: MockClock, capsys: pytest.CaptureFixture[str]
) -> None:
    async with at_work(tmp_path) as work:
        stood = work.edit("# köpt i maj", "# ck_feedfacefeedface")
        async with work.life():
            pass
        work.edit("# ck_feedfacefeedface", "# bort med den")
        async with work.life():
            pass
        assert [each.concealed for each in work.history()] == [True, False]
        assert b"feedface" not in work.world.journal_path.read_bytes()
        capsys.readouterr()
        assert call(tmp_path, "settings", "undo", "2") == 1
        assert "secret" in capsys.readouterr().err
        assert work.text != stood
