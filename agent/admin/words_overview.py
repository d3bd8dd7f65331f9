"""Texts of the overview."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Översikt", "Overview"),
}
