"""The settings' file of a play: what it says is what the merchant has last made of the play's settings."""

from __future__ import annotations

from pathlib import Path

import msgspec

from agent.model.words import words
from agent.settings.finding import wrong
from agent.settings.judge import Judgement
from scenarios.play import Play

_WRONG = wrong("shop[0].orders", words("fel", "wrong"), words("rätta", "mend it"))


class FileOfPlay:
    """Read by the agent when it is asked to. While `wrong` there is a fault in it."""

    def __init__(self, play: Play) -> None:
        self.wrong = False
        self._play = play

    def judge(self) -> Judgement:
        settings = self._play.settings
        text = msgspec.json.encode(settings, order="deterministic").decode()
        if self.wrong:
            return Judgement(file=Path("brygga.toml"), settings=None, secrets=None, findings=(_WRONG,), text=text)
        secrets = self._play.secrets()
        return Judgement(file=Path("brygga.toml"), settings=settings, secrets=secrets, findings=(), text=text)

    def judge_text(self, text: str) -> Judgement:
        return msgspec.structs.replace(self.judge(), text=text)

    def write(self, _text: str) -> None:
        raise OSError("nobody writes settings in a play but its people")
