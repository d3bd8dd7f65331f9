"""Where questions to Mamut are handed in: its one session belongs to one writer, and everybody else asks there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

import outcome
import trio

from agent.actors.bell import Bell
from agent.remote.ports import MamutPort
from agent.remote.trouble import Trouble, TroubleKind

T = TypeVar("T")
Question = Callable[[MamutPort], Awaitable[T]]


class _Waiting(Protocol):
    """Somebody with a question, whatever the kind of its answer."""

    async def answer_with(self, port: MamutPort) -> None: ...

    def refuse(self, trouble: BaseException) -> None: ...


class _Asked(Generic[T]):
    __slots__ = ("answer", "answered", "question")

    def __init__(self, question: Question[T]) -> None:
        self.question = question
        self.answer: outcome.Outcome[T] | None = None
        self.answered = trio.Event()

    async def answer_with(self, port: MamutPort) -> None:
        answer = await outcome.acapture(self.question, port)
        if isinstance(answer, outcome.Error) and isinstance(answer.error, trio.Cancelled):
            # The writer ends, not whoever asks: for them it is an answer that was lost.
            self.refuse(Trouble(TroubleKind.UNSURE, "answer_lost"))
            answer.unwrap()
        self.answer = answer
        self.answered.set()

    def refuse(self, trouble: BaseException) -> None:
        self.answer = outcome.Error(trouble)
        self.answered.set()


class Desk:
    """Questions in, answers out. An asker has one question at a time, so the piles are bounded by their number.

    Orders come first: a question in the background is answered when nothing else is to be done, and now and then all
    the same.
    """

    def __init__(self) -> None:
        self.bell = Bell()
        self._asked: list[_Waiting] = []
        self._background: list[_Waiting] = []

    async def ask(self, question: Question[T], *, background: bool = False) -> T:
        """The answer, when the writer has come to it. Raises Trouble as the port does."""
        asked: _Asked[T] = _Asked(question)
        pile = self._background if background else self._asked
        pile.append(asked)
        self.bell.ring()
        try:
            await asked.answered.wait()
        finally:
            if asked in pile:
                pile.remove(asked)
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
            await self._asked.pop(0).answer_with(port)

    async def answer_background(self, port: MamutPort) -> None:
        """Asks Mamut the oldest question in the background, if there is one."""
        if self._background:
            await self._background.pop(0).answer_with(port)

    def refuse_all(self, trouble: BaseException) -> None:
        """Mamut cannot be asked now: whoever waits is told so instead of waiting with it."""
        for pile in (self._asked, self._background):
            while pile:
                pile.pop(0).refuse(trouble)
