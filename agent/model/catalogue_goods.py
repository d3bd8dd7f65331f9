"""Texts of what directions say about articles, and of what holds an article until a person has looked."""

from __future__ import annotations

from agent.model.catalogue_articles import ARTICLES_SAID, ARTICLES_TEXTS
from agent.model.catalogue_plans import PLAN_TEXTS
from agent.model.catalogue_statuses import STATUS_SAID, STATUS_TEXTS
from agent.model.catalogue_stock import STOCK_SAID
from agent.model.entry import Entry, entry
from agent.model.said import GoodsReason, Said
from agent.model.words import Words, words

_THEN_RETRY = words("Rätta det och kör brygga articles retry.", "Put it right and run brygga articles retry.")

SAID_TEXTS: dict[Said, Words] = {
    Said.WRITTEN: words("Skrivet till butiken.", "Written to the shop."),
    Said.UNCHANGED: words("Inget hade ändrats, så inget skrevs.", "Nothing had changed, so nothing was written."),
    Said.MADE: words("Produkten gjordes i butiken.", "The product was made in the shop."),
    Said.MADE_AGAIN: words(
        "Produkten var borta ur butiken och gjordes på nytt.",
        "The product was gone from the shop and was made anew.",
    ),
    Said.ADOPTED: words(
        "Butiken hade produkten redan; artikeln kopplades till den.",
        "The shop had the product already; the article was tied to it.",
    ),
    Said.WRITTEN_WITHOUT_GTIN: words(
        "Skrivet utan GTIN: butiken tog inte emot den.", "Written without GTIN: the shop did not take it."
    ),
    Said.PRICE_DISMISSED: words(
        "Butiken behåller sitt pris: {who} sade nej till det nya.",
        "The shop keeps its price: {who} refused the new one.",
    ),
    Said.WRITTEN_WITHOUT_SALE: words(
        "Skrivet utan reapris: det var inte lägre än det vanliga priset.",
        "Written without a sale price: it was not below the regular one.",
    ),
    Said.NOT_FOR_WEB: words(
        "Artikeln är inte märkt för webben i Mamut.", "The article is not marked for the web in Mamut."
    ),
    Said.GROUP_NOT_CHOSEN: words(
        "Artikelns produktgrupp står inte i [shop.products] groups.",
        "The article's product group is not in [shop.products] groups.",
    ),
    Said.NOT_CREATED: words(
        "Butiken har ingen sådan produkt, och [shop.products] create är false.",
        "The shop has no such product, and [shop.products] create is false.",
    ),
    Said.NOT_IN_SHOP: words(
        "Butiken har ingen produkt med artikelns nummer.", "The shop has no product with the article's number."
    ),
    Said.NO_PRODUCT: words(
        "Ingen produkt i butiken är kopplad till artikeln.", "No product of the shop is tied to it."
    ),
    Said.NO_PRICE: words("Mamut har inget pris på artikeln.", "Mamut has no price for the article."),
    Said.PRICED_BY_VARIANTS: words("Priset står på varianterna.", "The price stands on the variants."),
    Said.ARTICLE_GONE: words("Artikeln finns inte längre i Mamut.", "The article is no longer in Mamut."),
    Said.LOOKED_FOR: words(
        "Butiken har genomsökts efter artikelns nummer.", "The shop has been searched for the article's number."
    ),
    Said.IGNORED_BY_RULE: words(
        'Regeln "{rule}" lämnar artikeln som den är.', 'The rule "{rule}" leaves the article as it is.'
    ),
    **STATUS_SAID,
    **STOCK_SAID,
    **ARTICLES_SAID,
}

GOODS_TEXTS: dict[GoodsReason, Entry] = {
    GoodsReason.KIND_DIFFERS: entry(
        words("Produkten är av annat slag i butiken", "The product is of another kind in the shop"),
        words(
            "Artikeln är enkel i Mamut men har varianter i butiken, eller tvärtom. En produkt byter aldrig slag.",
            "The article is simple in Mamut but has variants in the shop, or the reverse. No product changes its kind.",
        ),
        words(
            "Ta bort produkten i butiken, eller ge den ett annat artikelnummer. Kör sedan brygga articles retry.",
            "Remove the product in the shop, or give it another article number. Then run brygga articles retry.",
        ),
    ),
    GoodsReason.SHOP_REFUSED: entry(
        words("Butiken tog inte emot produkten", "The shop did not take the product"),
        words("Butiken svarade: {problem}.", "The shop answered: {problem}."),
        _THEN_RETRY,
    ),
    GoodsReason.SHOP_FAILS: entry(
        words("Butiken klarar inte produkten", "The shop cannot cope with the product"),
        words(
            "Butiken har svarat fel på den gång på gång, också ensam: {problem}.",
            "The shop has failed on it time and again, also alone: {problem}.",
        ),
        words(
            "Spara produkten för hand i butiken och läs felet där. Kör sedan brygga articles retry.",
            "Save the product by hand in the shop and read the error there. Then run brygga articles retry.",
        ),
    ),
    GoodsReason.SKU_TWICE_IN_SHOP: entry(
        words("Artikelnumret finns två gånger i butiken", "The article number stands twice in the shop"),
        words(
            "Produkterna {ids} i butiken har alla artikelns nummer, så ingen vet vilken som är artikeln.",
            "The shop's products {ids} all have the article's number, so nobody knows which of them is the article.",
        ),
        words(
            "Ge den ena ett annat artikelnummer i butiken. Kör sedan brygga articles retry.",
            "Give one of them another number in the shop. Then run brygga articles retry.",
        ),
    ),
    GoodsReason.NUMBER_TWICE_IN_MAMUT: entry(
        words("Artikelnumret finns två gånger i Mamut", "The article number stands twice in Mamut"),
        words(
            "Fler än en artikel i Mamut har numret {number}.", "More than one article in Mamut has the number {number}."
        ),
        words("Ge den ena ett annat nummer i Mamut.", "Give one of them another number in Mamut."),
    ),
    GoodsReason.SKU_TAKEN: entry(
        words("Artikelnumret är upptaget i butiken", "The article number is taken in the shop"),
        words(
            "En annan produkt i butiken, {holder}, har artikelns nummer.",
            "Another product of the shop, {holder}, has the article's number.",
        ),
        words(
            "Ge den andra produkten ett annat artikelnummer i butiken. Kör sedan brygga articles retry.",
            "Give the other product another number in the shop. Then run brygga articles retry.",
        ),
    ),
    GoodsReason.SKU_IN_TRASH: entry(
        words("Produkten ligger i butikens papperskorg", "The product lies in the shop's trash"),
        words(
            "Numret hör till produkt {holder} i papperskorgen; butiken gör ingen ny med det.",
            "The number belongs to product {holder} in the trash; the shop makes no other with it.",
        ),
        words(
            "Återställ produkten, eller töm papperskorgen. Kör sedan brygga articles retry.",
            "Restore the product, or empty the trash. Then run brygga articles retry.",
        ),
    ),
    GoodsReason.PRODUCT_GONE: entry(
        words("Produkten är borta ur butiken", "The product is gone from the shop"),
        words(
            "Produkten som artikeln var kopplad till är borttagen i butiken. Den görs inte på nytt av sig själv.",
            "The product that the article was tied to was removed in the shop. It is not made anew by itself.",
        ),
        words(
            "Ska den tillbaka: kör brygga articles retry. Annars: ta bort webbmärkningen i Mamut.",
            "To have it back, run brygga articles retry. If not, take the web mark away in Mamut.",
        ),
    ),
    GoodsReason.MAIN_MISSING: entry(
        words("Variantens huvudartikel saknas", "The variant's main product is missing"),
        words("Mamut har ingen artikel med numret {main}.", "Mamut has no article with the number {main}."),
        words("Rätta varianten i Mamut.", "Put the variant right in Mamut."),
    ),
    GoodsReason.MAIN_WAITS: entry(
        words("Varianten väntar på sin huvudartikel", "The variant waits for its main product"),
        words(
            "{main} står inte i butiken än, så varianten kan inte läggas dit.",
            "{main} is not in the shop yet, so the variant cannot be put there.",
        ),
        words(
            "Se varför med brygga articles show och huvudartikelns nummer; varianten följer med sedan.",
            "See why with brygga articles show and the main product's number; the variant follows then.",
        ),
    ),
    GoodsReason.PROPERTY_MISSING: entry(
        words("Varianten saknar en egenskap", "The variant lacks a property"),
        words(
            "Huvudartikeln har egenskapen {property}, men varianten har inget värde för den.",
            "The main product has the property {property}, but the variant has no value for it.",
        ),
        words("Fyll i egenskapen på varianten i Mamut.", "Fill in the variant's property in Mamut."),
    ),
    GoodsReason.VARIANT_TWICE: entry(
        words("Två varianter är lika", "Two variants are alike"),
        words(
            "{other} är en variant av samma huvudartikel med samma egenskaper.",
            "{other} is a variant of the same main product with the same properties.",
        ),
        words("Ändra eller inaktivera den ena i Mamut.", "Change one of them in Mamut, or make it inactive."),
    ),
    GoodsReason.PARENT_DIFFERS: entry(
        words("Varianten hör till en annan produkt i butiken", "The variant belongs to another product in the shop"),
        words(
            "Variantens nummer står på en variation av produkt {parent_id}, som inte är huvudartikelns.",
            "The variant's number stands on a variation of product {parent_id}, which is not the main product's.",
        ),
        words(
            "Ta bort variationen i butiken, eller flytta varianten i Mamut. Kör sedan brygga articles retry.",
            "Remove the variation in the shop, or move the variant in Mamut. Then run brygga articles retry.",
        ),
    ),
    GoodsReason.TAX_CLASS_MISSING: entry(
        words("Momsklassen saknas i butiken", "The shop lacks the tax class"),
        words(
            "Ingen momsklass i butiken har {percent} %, som momskod {vat_code} i Mamut.",
            "No tax class of the shop has {percent} %, as VAT code {vat_code} in Mamut does.",
        ),
        words(
            "Lägg upp satsen i butiken, eller koppla momskoden i [shop.products] tax_classes.",
            "Enter the rate in the shop, or map the VAT code in [shop.products] tax_classes.",
        ),
    ),
    GoodsReason.VAT_CODE_UNKNOWN: entry(
        words("Artikelns momskod finns inte i Mamut", "Mamut lacks the article's VAT code"),
        words(
            "Artikelns momskod {vat_code} står inte i Mamuts register, så priset med moms är okänt.",
            "The article's VAT code {vat_code} is not in Mamut's register, so its price with VAT is not known.",
        ),
        words("Ange momskod på artikeln i Mamut.", "Give the article its VAT code in Mamut."),
    ),
    GoodsReason.EXCHANGE_MISSING: entry(
        words("Valutakursen saknas", "The rate of exchange is missing"),
        words(
            "Butiken har {shop_currency} men Mamut {currency}.", "The shop has {shop_currency} but Mamut {currency}."
        ),
        words("Ange exchange i [shop.prices].", "Give exchange in [shop.prices]."),
    ),
    GoodsReason.PRICE_ZERO: entry(
        words("Priset är noll", "The price is zero"),
        words(
            "Artikelns pris blev noll, så det skrevs inte till butiken.",
            "The article's price came to zero, so it was not written to the shop.",
        ),
        words(
            "Rätta priset i Mamut, eller släpp fram det med brygga prices release.",
            "Put the price right in Mamut, or let it through with brygga prices release.",
        ),
    ),
    GoodsReason.PRICE_JUMP: entry(
        words("Priset ändrades mer än tillåtet", "The price changed more than allowed"),
        words(
            "Priset skulle gå från {old} till {new}, {percent} %; guards.percent i [shop.prices] är {limit}.",
            "The price would go from {old} to {new}, {percent} %; guards.percent in [shop.prices] is {limit}.",
        ),
        words(
            "Stämmer priset: släpp fram det med brygga prices release. Annars: rätta det i Mamut.",
            "If the price is right, let it through with brygga prices release. If not, put it right in Mamut.",
        ),
    ),
    GoodsReason.PRICES_MANY: entry(
        words("För många priser ändrades på en gång", "Too many prices changed at once"),
        words(
            "Fler priser ändrades i samma omgång än guards.articles i [shop.prices] tillåter. Inget av dem skrevs.",
            "More prices changed in one run than guards.articles in [shop.prices] allows. None of them was written.",
        ),
        words(
            "Se dem med brygga prices guards. Stämmer de: brygga prices release.",
            "See them with brygga prices guards. If they are right: brygga prices release.",
        ),
    ),
    GoodsReason.HELD_BY_RULE: entry(
        words("En regel håller kvar artikeln", "A rule holds the article"),
        words('Regeln "{rule}" säger att artikeln ska vänta.', 'The rule "{rule}" says that the article is to wait.'),
        words(
            "Ändra artikeln i Mamut så att regeln inte gäller den, ändra regeln, eller släpp fram just den här: "
            "brygga articles release.",
            "Change the article in Mamut so that the rule does not hold of it, change the rule, or let just this one "
            "through: brygga articles release.",
        ),
    ),
    GoodsReason.RULE_FAILED: entry(
        words("En regel klarade inte artikeln", "A rule could not cope with the article"),
        words('Regeln "{rule}" stoppade artikeln: {why}.', 'The rule "{rule}" stopped the article: {why}.'),
        words(
            "Rätta regeln, eller det i artikeln som den inte klarar. Kör sedan brygga articles retry.",
            "Correct the rule, or what it cannot take in the article. Then run brygga articles retry.",
        ),
    ),
    GoodsReason.PLUGIN_HELD: entry(
        words("En plugin stoppade artikeln", "A plugin stopped the article"),
        words('Pluginen "{plugin}" stoppade artikeln: {why}.', 'The plugin "{plugin}" stopped the article: {why}.'),
        words(
            "Rätta pluginen, eller stäng av den i brygga.toml, och starta om. Kör sedan brygga articles retry.",
            "Correct the plugin, or switch it off in brygga.toml, and restart. Then run brygga articles retry.",
        ),
    ),
    **STATUS_TEXTS,
    **ARTICLES_TEXTS,
    **PLAN_TEXTS,
}
