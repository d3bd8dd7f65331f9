"""Texts of what the stock direction says of an article, or of itself."""

from __future__ import annotations

from agent.model.said import Said
from agent.model.words import Words, words

STOCK_SAID: dict[Said, Words] = {
    Said.STOCK_WRITTEN: words(
        "Butiken visar nu {pieces}; den visade {was}.", "The shop now shows {pieces}; it showed {was}."
    ),
    Said.STOCK_PUT_RIGHT: words(
        "Butiken visade {seen} i stället för {was} och rättades till {pieces}.",
        "The shop showed {seen} instead of {was} and was put right to {pieces}.",
    ),
    Said.STOCK_NOT_AS_WRITTEN: words(
        "Butiken fick {pieces} men visade sedan {seen}: något annat ändrade saldot samtidigt. Det skrivs om.",
        "The shop was given {pieces} but then showed {seen}: something else moved it meanwhile. It is rewritten.",
    ),
    Said.STOCK_BY_VARIANTS: words(
        "Varianterna har egna saldon, så huvudprodukten har inget.",
        "The variants have stock of their own, so the main product has none.",
    ),
    Said.STOCK_LEFT_ALONE: words(
        "Artikeln lagerförs inte, och butikens eget ord får stå.",
        "The article keeps no stock, and the shop's own word stands.",
    ),
    Said.STOCK_NOT_READ: words(
        "Mamuts saldo för artikeln har inte lästs än.", "Mamut's stock of the article has not been read yet."
    ),
    Said.SALES_UNREAD: words(
        "Väntar på att få veta vad {shops} har sålt: utan det kunde för mycket visas.",
        "Waits to learn what {shops} has sold: without that too much might be shown.",
    ),
}
