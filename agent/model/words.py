"""What a person reads, in both languages of the product."""

from __future__ import annotations

from enum import StrEnum

from agent.model.order import Frozen


class Language(StrEnum):
    SWEDISH = "sv"
    ENGLISH = "en"


class Words(Frozen, frozen=True):
    """One text in Swedish and English. Neither is a fallback for the other: both are always there."""

    sv: str
    en: str

    def in_(self, language: Language) -> str:
        return self.sv if language is Language.SWEDISH else self.en


def words(sv: str, en: str) -> Words:
    return Words(sv=sv, en=en)
