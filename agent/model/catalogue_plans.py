"""Texts of what a first synchronisation says of rows that it could not do as they had been planned."""

from __future__ import annotations

from agent.model.entry import Entry, entry
from agent.model.said import GoodsReason
from agent.model.words import words

_PLAN_AGAIN = words("Gör en ny plan: brygga sync products --plan.", "Make a new plan: brygga sync products --plan.")

PLAN_TEXTS: dict[GoodsReason, Entry] = {
    GoodsReason.GROUND_MOVED_IN_SHOP: entry(
        words("Butiken har ändrats sedan planen gjordes", "The shop has changed since the plan was made"),
        words(
            "Det som planen byggde på i butiken är inte längre så, så raden hoppades över.",
            "What the plan stood on in the shop is no longer so; the row was skipped.",
        ),
        _PLAN_AGAIN,
    ),
    GoodsReason.GROUND_MOVED_IN_MAMUT: entry(
        words("Mamut har ändrats sedan planen gjordes", "Mamut has changed since the plan was made"),
        words(
            "Det som planen byggde på i Mamut är inte längre så, så raden hoppades över.",
            "What the plan stood on in Mamut is no longer so; the row was skipped.",
        ),
        _PLAN_AGAIN,
    ),
    GoodsReason.TOUCHED_SINCE: entry(
        words("Rörd sedan planen gjorde den", "Touched since the plan made it"),
        words(
            "Någon har ändrat den, sålt av den eller tagit bort den sedan planen gjorde den. Den lämnades som den är.",
            "Somebody has changed it, sold of it or removed it since the plan made it. It was left as it is.",
        ),
        words("Ska den bort: ta bort den för hand.", "If it is to go: remove it by hand."),
    ),
}
