"""Plugins are found by their entry points, and a wrong one is refused where it is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.plugins.found import PluginWrong, installed, load
from agent.plugins.tree import PluginSettings
from agent.settings.check_plugins import check_plugins
from tests.plugins.installed import install

GOOD = """
class Plugin:
    api = 1

    def __init__(self, options):
        self.word = options.get("word", "")

    def document_built(self, document, context):
        return document
"""
WRONG = {
    "bry-raises": (GOOD.replace('self.word = options.get("word", "")', "raise OSError"), "not_made", "OSError"),
    "bry-other-api": (GOOD.replace("api = 1", "api = 99"), "api_differs", "99"),
    "bry-mistyped": (GOOD.replace("document_built", "document_build"), "hook_unknown", "document_build"),
    "bry-idle": ("class Plugin:\n    api = 1\n    def __init__(self, options): ...\n", "no_hook", ""),
    "bry-syntax": ("class Plugin(:", "not_made", "SyntaxError"),
}


def test_an_installed_plugin_is_found_and_made_with_its_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(monkeypatch, tmp_path, "bry-good", GOOD, version="2.3")
    assert "bry-good" in installed()
    made = load(PluginSettings(name="bry-good", options={"word": "hej"}))
    assert (made.version, made.plugin.word, sorted(made.hooks)) == ("2.3", "hej", ["document_built"])
    assert list(check_plugins((PluginSettings(name="bry-good"),), "shop[0].plugins")) == []


@pytest.mark.parametrize("name", WRONG)
def test_a_plugin_that_cannot_work_is_refused_with_its_place(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, problem, detail = WRONG[name]
    install(monkeypatch, tmp_path, name, source)
    with pytest.raises(PluginWrong) as raised:
        load(PluginSettings(name=name))
    assert (raised.value.problem, raised.value.detail) == (problem, detail)
    (finding,) = check_plugins((PluginSettings(name=name),), "shop[0].plugins")
    assert finding.path == "shop[0].plugins[0].name"
    assert detail in finding.problem.en


def test_one_that_is_not_installed_is_refused_unless_it_rests() -> None:
    chosen = PluginSettings(name="bry-nowhere")
    (finding,) = check_plugins((chosen,), "shop[0].plugins")
    assert finding.problem.en == '"bry-nowhere" is not installed.'
    assert not list(check_plugins((PluginSettings(name="bry-nowhere", enabled=False),), "shop[0].plugins"))
