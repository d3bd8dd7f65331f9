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
    """Questions in, answers out. An asker has one question at a time, so the pile is bounded by their number."""

    def __init__(self) -> None:
        self.bell = Bell()
        self._asked: list[_Asked[object]] = []

    async def ask(self, question: Question[T]) -> T:
        """The answer, when the writer has come to it. Raises Trouble as the port does."""
        asked: _Asked[T] = _Asked(question)
        self._asked.append(asked)  # type: ignore[arg-type]
        self.bell.ring()
        try:
            await asked.answered.wait()
        finally:
            if asked in self._asked:
                self._asked.remove(asked)  # type: ignore[arg-type]
        if asked.answer is None:
            raise RuntimeError("a question was given back without an answer")
        return asked.answer.unwrap()

    def has_questions(self) -> bool:
        return bool(self._asked)

    async def answer_all(self, port: MamutPort) -> None:
        """Asks Mamut each question there is, in their order."""
        while self._asked:
            asked = self._asked.pop(0)
            asked.answer = await outcome.acapture(asked.question, port)
            asked.answered.set()

    def refuse_all(self, trouble: BaseException) -> None:
        """Mamut cannot be asked now: whoever waits is told so instead of waiting with it."""
        while self._asked:
            asked = self._asked.pop(0)
            asked.answer = outcome.Error(trouble)
            asked.answered.set()
