"""Files of nonsense: whatever stands in them, a set-up is judged and nothing is raised or given away."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.cli.settings import check_json, check_lines
from agent.model.words import Language
from agent.settings.judge import judge
from tests.settings.files import GOOD

_LINES = st.lists(
    st.sampled_from(
        [
            "[mamut]",
            "[shop.garn]",
            "[[shop]]",
            "[shop",
            'password = "hunter2"',
            "password = hunter2",
            "password = 7",
            'consumer_key = ["hunter2"]',
            'consumer_secret = """hunter2',
            "[mamut.password]",
            "mamut = 3",
            "shop = 'hunter2'",
            "\x00",
            "å = 1",
        ]
    ),
    max_size=8,
).map("\n".join)


def judged(text: bytes, secrets: bytes) -> str:
    """All that a person is shown about these two files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "brygga.toml").write_bytes(text)
        path = folder / "secrets.toml"
        path.write_bytes(secrets)
        path.chmod(0o600)
        judgement = judge(folder / "brygga.toml", {})
        assert (judgement.settings is None) == any(finding.is_error for finding in judgement.findings)
        assert (judgement.settings is None) == (judgement.secrets is None)
        shown = [line for language in Language for line in check_lines(judgement, language)]
        return "\n".join([*shown, str(check_json(judgement)), repr(judgement)])


@settings(deadline=None)
@given(secrets=_LINES.map(str.encode) | st.binary(max_size=60))
def test_no_secrets_file_raises_or_shows_what_is_in_it(secrets: bytes) -> None:
    assert "hunter2" not in judged(GOOD.encode(), secrets)


@settings(deadline=None)
@given(text=st.binary(max_size=80) | _LINES.map(lambda lines: f"{GOOD}\n{lines}".encode()))
def test_no_settings_file_raises_or_shows_a_secret_put_in_it(text: bytes) -> None:
    assert "hunter2" not in judged(text, b"")
