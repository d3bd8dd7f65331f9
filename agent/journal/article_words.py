"""The words by which people find an article."""

from __future__ import annotations

import msgspec

from agent.model.goods import ArticleCard

_article = msgspec.msgpack.Decoder(ArticleCard)


def words_of(card: ArticleCard) -> str:
    return f"{card.product_no} {card.description} {card.ean}".casefold()


def card_words(*kept: object) -> str:
    """The same of a card as it is kept: a function of SQL for a migration."""
    (body,) = kept
    return words_of(_article.decode(body)) if isinstance(body, bytes) else ""
