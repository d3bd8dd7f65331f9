"""Texts of what is said of a shop's products on their way to Mamut, and of what holds them."""

from __future__ import annotations

from agent.model.entry import Entry, entry
from agent.model.said import GoodsReason, Said
from agent.model.words import Words, words

_THEN_READ = words(
    "Rätta produkten i butiken: den läses om av sig själv. Eller kör brygga articles retry.",
    "Put the product right in the shop: it is read again by itself. Or run brygga articles retry.",
)

ARTICLES_SAID: dict[Said, Words] = {
    Said.ARTICLE_MADE: words("Artikeln gjordes i Mamut.", "The article was made in Mamut."),
    Said.ARTICLE_ADOPTED: words(
        "Mamut hade artikeln redan; produkten kopplades till den.",
        "Mamut had the article already; the product was tied to it.",
    ),
    Said.ARTICLE_WRITTEN: words("Artikeln ändrades i Mamut: {fields}.", "The article was changed in Mamut: {fields}."),
    Said.ARTICLE_UNCHANGED: words(
        "Inget i butiken hade ändrats, så inget skrevs till Mamut.",
        "Nothing had changed in the shop, so nothing was written to Mamut.",
    ),
    Said.ARTICLE_RETIRED: words(
        "Produkten är borta ur butiken; artikeln gjordes inaktiv i Mamut.",
        "The product is gone from the shop; the article was made inactive in Mamut.",
    ),
    Said.ARTICLE_GOVERNED: words(
        "Artikeln styrs av butiken {shop}; produkten är bara kopplad till den.",
        "The article is governed by the shop {shop}; the product is only tied to it.",
    ),
    Said.CHANGED_IN_MAMUT: words(
        "Någon har ändrat {fields} i Mamut. Det skrivs över först när butikens värde ändras.",
        "Somebody has changed {fields} in Mamut. It is written over only when the shop's value changes.",
    ),
    Said.KIND_NOT_SENT: words(
        "Produkter av slaget {kind} blir inga artiklar i Mamut.",
        "Products of the kind {kind} become no articles in Mamut.",
    ),
    Said.STATUS_NOT_SENT: words(
        "Produkten är {status} i butiken, vilket inte står i [shop.to_mamut] statuses.",
        "The product is {status} in the shop, which is not in [shop.to_mamut] statuses.",
    ),
    Said.ARTICLE_NOT_CREATED: words(
        "Mamut har ingen sådan artikel, och [shop.to_mamut] create är false.",
        "Mamut has no such article, and [shop.to_mamut] create is false.",
    ),
    Said.ARTICLES_WRITTEN: words("I Mamut skrevs {rows} artiklar.", "In Mamut {rows} articles were written."),
    Said.PRODUCT_LEFT: words(
        "Produkten är borta ur butiken och hade ingen artikel kvar att ta hand om.",
        "The product is gone from the shop and had no article left to see to.",
    ),
}

ARTICLES_TEXTS: dict[GoodsReason, Entry] = {
    GoodsReason.NUMBER_MISSING: entry(
        words("Produkten saknar artikelnummer", "The product has no article number"),
        words(
            "Produkten har inget eget artikelnummer i butiken, och Mamut har ingen artikel utan nummer.",
            "The product has no article number of its own in the shop, and Mamut has no article without one.",
        ),
        words(
            "Ge produkten ett nummer i butiken. För variabla produkter kan [shop.to_mamut] main_prefix göra det.",
            "Give the product an article number in the shop. For variable products [shop.to_mamut] main_prefix can.",
        ),
    ),
    GoodsReason.NUMBER_TOO_LONG: entry(
        words("Artikelnumret är för långt för Mamut", "The article number is too long for Mamut"),
        words(
            "Numret har {length} tecken; Mamut rymmer {limit} och klipper resten.",
            "The number has {length} characters; Mamut holds {limit} and cuts the rest.",
        ),
        words("Ge produkten ett kortare nummer i butiken.", "Give the product a shorter number in the shop."),
    ),
    GoodsReason.NUMBER_CHARACTERS: entry(
        words("Artikelnumret har tecken som Mamut saknar", "The article number has characters that Mamut lacks"),
        words(
            "Mamut kan inte spara {characters}, och gör ett frågetecken av det.",
            "Mamut cannot keep {characters}, and makes a question mark of it.",
        ),
        words(
            "Ge produkten ett nummer med vanliga bokstäver och siffror.",
            "Give the product a number of plain letters and digits.",
        ),
    ),
    GoodsReason.THIRD_PROPERTY: entry(
        words("Produkten varierar på fler än två sätt", "The product varies in more than two ways"),
        words(
            "Varianterna skiljer sig i {properties}. En artikel i Mamut har högst två egenskaper.",
            "The variations differ by {properties}. An article in Mamut has two properties at most.",
        ),
        words(
            "Dela upp produkten i butiken så att varje produkt varierar på högst två sätt.",
            "Divide the product in the shop so that each product varies in two ways at most.",
        ),
    ),
    GoodsReason.VALUE_MISSING: entry(
        words("Varianten gäller för vilket värde som helst", "The variation stands for any value"),
        words(
            "Varianten har inget eget värde för {property}, men i Mamut har varje variant ett.",
            "The variation has no value of its own for {property}, but in Mamut each variant has one.",
        ),
        words(
            "Gör en variant för varje värde i butiken, eller ge den här ett.",
            "Make a variation for each value in the shop, or give this one a value.",
        ),
    ),
    GoodsReason.VALUE_NOT_KEPT: entry(
        words("Mamut kan inte spara egenskapen som den är", "Mamut cannot keep the property as it is"),
        words(
            "{value} är för långt eller har tecken som Mamut saknar.",
            "{value} is too long or has characters that Mamut lacks.",
        ),
        words(
            "Ge egenskapen ett namn på högst {limit} vanliga tecken.",
            "Give the property a name of at most {limit} plain characters.",
        ),
    ),
    GoodsReason.VARIATION_TWICE: entry(
        words("Två varianter har samma värden", "Two variations have the same values"),
        words(
            "Varianten {other} har samma egenskaper, så de går inte att skilja åt i Mamut.",
            "The variation {other} has the same properties, so they cannot be told apart in Mamut.",
        ),
        words("Ta bort en av dem i butiken, eller ändra dess värden.", "Remove one in the shop, or change its values."),
    ),
    GoodsReason.PRODUCT_WAITS: entry(
        words("Varianten väntar på sin huvudprodukt", "The variation waits for its product"),
        words(
            "Produkten som varianten hör till har ingen artikel i Mamut än.",
            "The product that the variation belongs to has no article in Mamut yet.",
        ),
        words(
            "Se vad som hindrar huvudprodukten. När den har fått sin artikel går varianten vidare av sig själv.",
            "See what stops the product. Once it has its article the variation goes on by itself.",
        ),
    ),
    GoodsReason.ARTICLE_DIFFERS: entry(
        words("Artikeln är av annat slag i Mamut", "The article is of another kind in Mamut"),
        words(
            "{number} är {kind} i Mamut men {shop_kind} i butiken. En artikel byter aldrig slag.",
            "{number} is {kind} in Mamut but {shop_kind} in the shop. No article changes its kind.",
        ),
        words(
            "Ge artikeln i Mamut eller produkten i butiken ett annat nummer. Kör sedan brygga articles retry.",
            "Give the article in Mamut or the product in the shop another number. Then run brygga articles retry.",
        ),
    ),
    GoodsReason.PROPERTIES_DIFFER: entry(
        words("Huvudartikeln har andra egenskaper i Mamut", "The main article has other properties in Mamut"),
        words(
            "Mamut har {mamut}, butiken {shop}. Artikelns egenskaper byts inte under dess varianter.",
            "Mamut has {mamut}, the shop {shop}. An article's properties are not changed under its variants.",
        ),
        words(
            "Ge båda samma egenskaper, eller produkten ett nytt nummer. Kör sedan brygga articles retry.",
            "Give both the same properties, or the product a new number. Then run brygga articles retry.",
        ),
    ),
    GoodsReason.VAT_NOT_MAPPED: entry(
        words("Ingen momskod för produktens momsklass", "No VAT code for the product's tax class"),
        words(
            "Mamut har ingen given momskod för momsklassen {tax_class} ({percent} %).",
            "Mamut has no VAT code that is given for the tax class {tax_class} ({percent} %).",
        ),
        words(
            "Skriv momsklassen i [shop.to_mamut] vat_codes, med momskoden i Mamut.",
            "Put the tax class in [shop.to_mamut] vat_codes, with the VAT code of Mamut.",
        ),
    ),
    GoodsReason.VAT_PERCENT_DIFFERS: entry(
        words("Momsen är en annan i butiken än i Mamut", "The VAT is another in the shop than in Mamut"),
        words(
            "Momsklassen {tax_class} är {shop} % i butiken, momskod {vat_code} är {mamut} % i Mamut.",
            "The tax class {tax_class} is {shop} % in the shop, the VAT code {vat_code} is {mamut} % in Mamut.",
        ),
        words(
            "Rätta [shop.to_mamut] vat_codes, eller momssatsen i butiken.",
            "Put [shop.to_mamut] vat_codes right, or the rate in the shop.",
        ),
    ),
    GoodsReason.PRICE_INEXACT: entry(
        words("Priset går inte att räkna om på öret", "The price cannot be converted to the öre"),
        words(
            "{price} med {percent} % moms är inte ett pris utan moms med fyra decimaler.",
            "{price} with {percent} % VAT is no price without VAT of four decimals.",
        ),
        words("Ge produkten ett pris i hela ören.", "Give the product a price in whole öre."),
    ),
    GoodsReason.CURRENCY_DIFFERS: entry(
        words("Butiken har en annan valuta än Mamut", "The shop has another currency than Mamut"),
        words(
            "Butiken säljer i {shop}, Mamuts priser är i {mamut}.",
            "The shop sells in {shop}, the prices of Mamut are in {mamut}.",
        ),
        words(
            'Sätt [shop.to_mamut] price = "never" och håll priserna i Mamut.',
            'Set [shop.to_mamut] price = "never" and keep the prices in Mamut.',
        ),
    ),
    GoodsReason.NUMBER_CHANGED: entry(
        words("Artikelnumret har ändrats i butiken", "The article number has changed in the shop"),
        words(
            "Produkten heter {new} nu, artikeln {number} i Mamut, där dokument bär numret.",
            "The product is {new} now, the article {number} in Mamut, where documents carry the number.",
        ),
        words(
            "Byt tillbaka i butiken, byt i Mamut, eller låt Brygga byta: [shop.to_mamut] renumber = true.",
            "Change it back in the shop, change it in Mamut, or let Brygga: [shop.to_mamut] renumber = true.",
        ),
    ),
    GoodsReason.PRODUCT_REMOVED: entry(
        words("Produkten är borta ur butiken", "The product is gone from the shop"),
        words(
            "Artikeln {number} står kvar i Mamut. Brygga föreslår att den blir inaktiv, men gör det inte själv.",
            "The article {number} is still in Mamut. Brygga proposes to make it inactive, but does not by itself.",
        ),
        words(
            "Kör brygga articles inactivate {number}, eller brygga articles keep {number}.",
            "Run brygga articles inactivate {number}, or brygga articles keep {number}.",
        ),
    ),
    GoodsReason.ARTICLE_MISSING: entry(
        words("Artikeln finns inte under sitt nummer i Mamut", "The article is not under its number in Mamut"),
        words(
            "Produkten är kopplad till artikeln {number}, som inte finns i Mamut: den har fått ett annat nummer där.",
            "The product is tied to article {number}, which Mamut does not have: it was given another number there.",
        ),
        words(
            "Ge artikeln dess nummer tillbaka i Mamut, eller produkten artikelns nya. Kör sedan brygga articles retry.",
            "Give the article its number back in Mamut, or the product the new one. Then run brygga articles retry.",
        ),
    ),
    GoodsReason.MAMUT_REFUSED_ARTICLE: entry(
        words("Mamut tog inte emot artikeln", "Mamut did not take the article"),
        words("Mamut svarade: {problem} {field}.", "Mamut answered: {problem} {field}."),
        _THEN_READ,
    ),
    GoodsReason.NUMBER_TWICE_IN_SHOP: entry(
        words("Flera produkter har samma artikelnummer", "Several products have the same article number"),
        words(
            "Produkterna {ids} har numret. Ingen av dem förs över innan de går att skilja åt.",
            "The products {ids} have the number. None of them goes over before they can be told apart.",
        ),
        words("Ge dem var sitt nummer i butiken.", "Give each a number of its own in the shop."),
    ),
    GoodsReason.VARIANTS_NOT_LICENSED: entry(
        words("Mamut saknar licens för varianter", "Mamut has no licence for variants"),
        words("Varianter kräver Mamut One Enterprise E5.", "Variants need Mamut One Enterprise E5."),
        words(
            "Skaffa E5, eller sälj varianterna som egna produkter. Kör sedan brygga articles retry.",
            "Get E5, or sell the variations as products of their own. Then run brygga articles retry.",
        ),
    ),
    GoodsReason.PROPERTY_NONE: entry(
        words("Produkten varierar inte i något", "The product varies by nothing"),
        words(
            "Produkten är variabel, men ingen egenskap är märkt för varianter.",
            "The product is variable, but no attribute is marked for variations.",
        ),
        words(
            "Märk egenskapen för varianter i butiken, eller gör produkten enkel.",
            "Mark the attribute for variations in the shop, or make the product a simple one.",
        ),
    ),
    GoodsReason.WEIGHT_UNIT_UNKNOWN: entry(
        words("Butikens viktenhet är okänd", "The shop's unit of weight is unknown"),
        words("Butiken väger i {unit}; Mamut i kilogram.", "The shop weighs in {unit}, Mamut in kilograms."),
        words(
            'Välj kg, g, lbs eller oz i butiken, eller sätt [shop.to_mamut] weight = "never".',
            'Choose kg, g, lbs or oz in the shop, or set [shop.to_mamut] weight = "never".',
        ),
    ),
    GoodsReason.NUMBER_OF_ANOTHER: entry(
        words("Artikeln hör till en annan produkt", "The article belongs to another product"),
        words(
            "Artikeln {number} i Mamut är redan kopplad till produkt {holder} i samma butik.",
            "The article {number} in Mamut is tied to product {holder} of the same shop already.",
        ),
        words(
            "Ge en av produkterna ett annat nummer i butiken. Kör sedan brygga articles retry.",
            "Give one of the products another number in the shop. Then run brygga articles retry.",
        ),
    ),
    GoodsReason.MAIN_DIFFERS: entry(
        words("Artikeln hör till en annan huvudartikel", "The article belongs to another main article"),
        words(
            "I Mamut är den en variant av {mamut}, i butiken av {shop}.",
            "In Mamut it is a variant of {mamut}, in the shop of {shop}.",
        ),
        words(
            "Flytta varianten i Mamut, eller ge den ett annat nummer i butiken. Kör sedan brygga articles retry.",
            "Move the variant in Mamut, or give it another number in the shop. Then run brygga articles retry.",
        ),
    ),
    GoodsReason.NUMBER_TAKEN_IN_MAMUT: entry(
        words("Det nya numret är upptaget i Mamut", "The new number is taken in Mamut"),
        words(
            "Produkten heter {new} nu, men i Mamut är {new} en annan artikel än {number}.",
            "The product is {new} now, but in Mamut {new} is another article than {number}.",
        ),
        words("Välj ett nummer som är ledigt i Mamut.", "Choose a number that is free in Mamut."),
    ),
}
