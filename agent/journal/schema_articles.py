"""The journal's table of the words by which people find articles."""

from __future__ import annotations

ARTICLE_WORDS = """
    CREATE TABLE article_words (
        pk               INTEGER PRIMARY KEY,
        words            TEXT NOT NULL               -- number, name and GTIN, folded
    );
    INSERT INTO article_words SELECT pk, card_words(card) FROM articles;
    CREATE INDEX guard_log_by_article ON guard_log (pk, place);
"""
