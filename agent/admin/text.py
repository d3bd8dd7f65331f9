"""The admin's texts: every key of every page's words, in the language of whoever reads."""

from __future__ import annotations

from collections.abc import Mapping

from agent.model.words import Language, Words


def gathered(pages: Mapping[str, Mapping[str, Words]]) -> dict[str, Words]:
    """All words under "page.key". `pages` is by page: "orders" has its keys under "orders."."""
    return {f"{page}.{key}": text for page, texts in pages.items() for key, text in texts.items()}


class Text:
    """`t("orders.title")` in a template. A key that no page has is a KeyError: it never reaches a reader untold."""

    def __init__(self, texts: Mapping[str, Words], language: Language) -> None:
        self._texts = texts
        self.language = language

    def __call__(self, key: str, /, **values: object) -> str:
        text = self._texts[key].in_(self.language)
        return text.format(**values) if values else text

    def __contains__(self, key: str) -> bool:
        return key in self._texts
