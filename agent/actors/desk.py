"""Where questions to Mamut are handed in: its one session belongs to one writer, and everybody else asks there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

import outcome
import trio

from agent.actors.bell import Bell
from agent.remote.ports import MamutPort

T = TypeVar("T")
Question = Callable[[MamutPort], Awaitable[T]]


class _Asked(Generic[T]):
    __slots__ = ("answer", "answered", "question")

    def __init__(self, question: Question[T]) -> None:
        self.question = question
        self.answer: outcome.Outcome[T] | None = None
        self.answered = trio.Event()


class Desk:
    """Questions in, answers out. An asker has one question at a time, so the piles are bounded by their number.

    Orders come first: a question in the background is answered when nothing else is to be done, and now and then all
    the same.
    """

    def __init__(self) -> None:
        self.bell = Bell()
        self._asked: list[_Asked[object]] = []
        self._background: list[_Asked[object]] = []

    async def ask(self, question: Question[T], *, background: bool = False) -> T:
        """The answer, when the writer has come to it. Raises Trouble as the port does."""
        asked: _Asked[T] = _Asked(question)
        pile = self._background if background else self._asked
        pile.append(asked)  # type: ignore[arg-type]
        self.bell.ring()
        try:
            await asked.answered.wait()
        finally:
            if asked in pile:
                pile.remove(asked)  # type: ignore[arg-type]
        if asked.answer is None:
            raise RuntimeError("a question was given back without an answer")
        return asked.answer.unwrap()

    def has_questions(self) -> bool:
        """Whether somebody waits who should not."""
        return bool(self._asked)

    def has_background(self) -> bool:
        return bool(self._background)

    async def answer_all(self, port: MamutPort) -> None:
        """Asks Mamut each question there is, in their order; none of those in the background."""
        while self._asked:
            await _answer(self._asked.pop(0), port)

    async def answer_background(self, port: MamutPort) -> None:
        """Asks Mamut the oldest question in the background, if there is one."""
        if self._background:
            await _answer(self._background.pop(0), port)

    def refuse_all(self, trouble: BaseException) -> None:
        """Mamut cannot be asked now: whoever waits is told so instead of waiting with it."""
        for pile in (self._asked, self._background):
            while pile:
                asked = pile.pop(0)
                asked.answer = outcome.Error(trouble)
                asked.answered.set()


async def _answer(asked: _Asked[object], port: MamutPort) -> None:
    asked.answer = await outcome.acapture(asked.question, port)
    asked.answered.set()
