"""Stopped prices in words and figures: for the command line and the admin."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from agent.model.words import Language, Words, words

KINDS: dict[str, Words] = {
    "zero": words("priset är noll", "the price is zero"),
    "jump": words("stor ändring", "a large change"),
    "many": words("många priser på en gång", "many prices at once"),
}

DECISIONS: dict[str, Words] = {
    "released": words("framsläppt", "let through"),
    "dismissed": words("butikens pris behållet", "the shop's price kept"),
}


def kind_name(kind: str, language: Language) -> str:
    return KINDS[kind].in_(language) if kind in KINDS else kind


def decision_name(decision: str, language: Language) -> str:
    return DECISIONS[decision].in_(language) if decision in DECISIONS else decision


def percent(old: str, new: str) -> int | None:
    """How many percent the regular price changes, or the sale price where that changes more. None where there was no
    price to change."""
    changes: list[Decimal] = [
        (after - before) * 100 / before
        for before, after in zip(_parts(old), _parts(new), strict=False)
        if before and after is not None
    ]
    most = max(changes, key=Decimal.copy_abs, default=None)
    return None if most is None else round(most)


def shown(text: str, language: Language) -> str:
    """A price as it stands in the journal ("125.00", or "125.00/99.00" with a sale price), as people write it."""
    told = text.replace("/", " / ")
    return told.replace(".", ",") if language is Language.SWEDISH else told


def _parts(text: str) -> list[Decimal | None]:
    return [_decimal(part) for part in text.split("/")]


def _decimal(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None
