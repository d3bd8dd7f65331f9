"""Texts of the page of stock."""

from __future__ import annotations

from agent.model.words import words

WORDS = {
    "title": words("Lager", "Stock"),
    "lead": words(
        "Sök en artikel för att se den på båda sidor, och hur varje butiks saldo räknas ut.",
        "Search an article to see it on both sides, and how each shop's stock figure comes about.",
    ),
    "sku": words("Artikelnummer (SKU)", "Article number (SKU)"),
    "search": words("Sök", "Search"),
    "not_found": words(
        "Ingen artikel {asked} är läst ur Mamut, och ingen butiks produkt med det numret är kopplad.",
        "No article {asked} has been read from Mamut, and no shop's product of that number is linked.",
    ),
    "several": words("Flera artiklar har det numret. Vilken?", "Several articles have that number. Which one?"),
    "in_mamut": words("I Mamut", "In Mamut"),
    "in_shop": words("I {shop}", "In {shop}"),
    "no_shop": words("Ingen butik har artikeln.", "No shop has the article."),
    "web": words("För webben", "For the web"),
    "yes": words("ja", "yes"),
    "no": words("nej", "no"),
    "inactive": words("inaktiv", "inactive"),
    "variants": words("Varianter", "Variants"),
    "variant_of": words("Variant av", "Variant of"),
    "price_net": words("Pris utan moms", "Price without VAT"),
    "warehouse": words("Lager", "Warehouse"),
    "on_hand": words("Finns", "On hand"),
    "reserved": words("Reserverat", "Reserved"),
    "available": words("Tillgängligt", "Available"),
    "on_purchase": words("Beställt", "On purchase"),
    "not_kept": words("lagerförs inte", "keeps no stock"),
    "unread": words("inte läst än", "not read yet"),
    "read": words("Läst", "Read"),
    "product": words("Produkt", "Product"),
    "shop_sku": words("SKU", "SKU"),
    "shows": words("Saldo", "Stock"),
    "price": words("Pris", "Price"),
    "sale": words("Reapris", "Sale price"),
    "linked": words("Kopplad", "Linked"),
    "believed": words("så vitt vi vet", "as far as we know"),
    "sums": words("Så räknas saldot", "How the figure comes about"),
    "no_sums": words("Ingen butik visar Mamuts saldo.", "No shop shows Mamut's stock."),
    "paused": words("pausad", "paused"),
    "what": words("Vad", "What"),
    "pieces": words("Antal", "Pieces"),
}
