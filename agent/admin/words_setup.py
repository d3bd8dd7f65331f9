"""Texts of the guided set-up."""

from __future__ import annotations

from agent.admin import words_setup_choices
from agent.model.words import words

WORDS = {
    "title": words("Kom igång", "Set-up"),
    "steps": words("Stegen", "The steps"),
    "onward": words("Föregående och nästa steg", "Step before and after"),
    "place": words("steg {place} av {all}", "step {place} of {all}"),
    "step_company": words("Företag och Mamut", "Company and Mamut"),
    "step_shop": words("Butik", "Shop"),
    "step_package": words("Flöde och paket", "Flow and package"),
    "step_mapping": words("Statusar och koder", "Statuses and codes"),
    "step_trial": words("Prov på riktiga order", "Trial on real orders"),
    "step_go": words("Starta", "Go"),
    "about_company": words(
        "Var Mamut svarar, och om licensen räcker.", "Where Mamut answers, and whether its licence does."
    ),
    "about_shop": words("Butikens adress och nycklar, prövade.", "The shop's address and keys, tested."),
    "about_package": words("Vem som styr vad, och vad det kostar.", "Who governs what, and what it costs."),
    "about_mapping": words(
        "Vad butikens betalsätt, fraktsätt och moms heter i Mamut.",
        "What the shop's ways to pay, to ship and its VAT are in Mamut.",
    ),
    "about_trial": words(
        "De 20 senaste orderna, utan att något skrivs.", "The 20 newest orders, with nothing written."
    ),
    "about_go": words("Från när order ska tas, och sedan igång.", "From when orders are taken, and off it goes."),
    "state_good": words("klart", "done"),
    "state_warn": words("inte prövat", "not tested"),
    "state_bad": words("fel", "error"),
    "not_here": words(
        "Här finns ingen inställningsfil att skriva: agenten kör på en inspelning eller utan fil.",
        "There is no file of settings to write here: the agent runs on a tape, or without a file.",
    ),
    "unwritten": words(
        "Filen kunde inte skrivas: {problem}. Låt den användare som kör Brygga skriva i mappen.",
        "The file could not be written: {problem}. Let the user that runs Brygga write to the folder.",
    ),
    "secrets_closed": words(
        "Lösenord och nycklar sparades inte: filen med hemligheter måste rättas först, se nedan.",
        "Password and keys were not kept: the file of secrets has to be mended first, see below.",
    ),
    "welcome": words(
        "Välkommen. Här kopplas butiken till Mamut, ett steg i taget, och varje steg prövas på riktigt.",
        "Welcome. Here the shop is tied to Mamut, one step at a time, and each step is tested for real.",
    ),
    "needed": words("Ha det här till hands:", "Have this at hand:"),
    "needed_mamut": words(
        "Adressen där Mamuts API svarar, klientnumret, och en egen användare i Mamut för Brygga med lösenord.",
        "The address where Mamut's API answers, the client number, and a Mamut user for Brygga alone, with password.",
    ),
    "needed_shop": words(
        "Butikens adress och ett nyckelpar: WooCommerce > Inställningar > Avancerat > REST API, Läsa/Skriva, "
        "gjort av en administratör.",
        "The shop's address and a pair of keys: WooCommerce > Settings > Advanced > REST API, permissions Read/Write, "
        "made by an administrator.",
    ),
    "needed_package": words("Vilket paket som är köpt.", "Which package has been bought."),
    "nothing_written": words(
        "Inget skrivs i butiken eller i Mamut, och inga inställningar ändras, förrän i sista steget. Det du fyller i "
        "finns kvar om du avbryter.",
        "Nothing is written to the shop or to Mamut, and no settings change, before the last step. What you fill in is "
        "kept if you stop.",
    ),
    "begin": words("Börja", "Begin"),
    "going_on_first": words("Fortsätt där du var.", "Go on where you were."),
    "going_on": words(
        "En genomgång är påbörjad. Agenten arbetar som förut tills den är klar.",
        "A set-up has been begun. The agent works as before until it is done.",
    ),
    "go_on": words("Fortsätt", "Go on"),
    "forget": words("Kasta och börja om", "Throw away and begin anew"),
    "kept_hint": words(
        "Det som är ifyllt finns kvar också om agenten startas om.", "What is filled in is kept if the agent restarts."
    ),
    "later": words(
        "Lägg till en butik, eller gå igenom en som finns med de värden den har.",
        "Add a shop, or go through one that is there, with the values it has.",
    ),
    "another": words("Ännu en butik", "Another shop"),
    "another_about": words("Kräver ett paket med flera butiker.", "Needs a package with several shops."),
    "again_about": words("Kortnamn {key}.", "Short name {key}."),
    "again": words("Gå igenom", "Go through"),
    "tests": words("Prov", "Tests"),
    "test": words("Prov", "Test"),
    "verdict": words("Utslag", "Verdict"),
    "seen": words("Vad som sågs", "What was seen"),
    "verdict_good": words("bra", "good"),
    "verdict_warning": words("varning", "warning"),
    "verdict_error": words("fel", "error"),
    "verdict_not_tested": words("ej prövat", "not tested"),
    "guilty": words("Skyldig: {culprit}", "Guilty: {culprit}"),
    "testing": words("Prövar … {done} av {all}", "Testing … {done} of {all}"),
    "all_good": words("Allt prövat och bra.", "All tested and good."),
    "good_enough": words("Det fungerar. Läs varningarna.", "It works. Read the warnings."),
    "late": words(
        "Proven tog för lång tid och avbröts. Försök igen.", "The tests took too long and were ended. Try again."
    ),
    "save_and_test": words("Spara och pröva", "Save and test"),
    "save_and_on": words("Spara och gå vidare", "Save and go on"),
    "secret_hint": words("Visas aldrig igen. Ligger i secrets.toml.", "Never shown again. Lies in secrets.toml."),
    "secret_kept": words("Finns sparad. Fyll i för att byta.", "There is one. Fill in to change it."),
    "secret_elsewhere": words(
        "Ges av datorns miljö eller systemd, som går före, och byts där.",
        "Given by the computer's environment or systemd, which goes first, and is changed there.",
    ),
    "company_lead": words(
        "Brygga talar med Mamut genom Mamut One API, som en egen användare och i en enda session.",
        "Brygga speaks to Mamut through Mamut One API, as a user of its own and in one single session.",
    ),
    "mamut_address": words("Adress till Mamuts API", "Address of Mamut's API"),
    "mamut_address_hint": words(
        "Står Mamut på samma dator är det ofta http://127.0.0.1:8300.",
        "With Mamut on the same computer it is often http://127.0.0.1:8300.",
    ),
    "client_no": words("Klientnummer", "Client number"),
    "client_no_hint": words("Tre siffror, till exempel 001.", "Three digits, such as 001."),
    "mamut_user": words("Användare i Mamut", "User in Mamut"),
    "mamut_password": words("Lösenord i Mamut", "Password in Mamut"),
    "company_name": words("Företag", "Company"),
    "edition": words("Utgåva och version", "Edition and version"),
    "currency": words("Valuta", "Currency"),
    "shop_lead": words(
        "Alla prov läser bara. Finns ett fel så står det vad som är skyldigt och vad som hjälper.",
        "All tests only read. Where something is wrong it says what is guilty and what helps.",
    ),
    "shop_called": words("Butikens namn", "The shop's name"),
    "shop_key": words("Kortnamn", "Short name"),
    "shop_key_hint": words(
        "a–z, 0–9 och bindestreck, högst 12 tecken. Det står i varje order i Mamut och kan aldrig ändras sedan.",
        "a–z, 0–9 and hyphens, 12 characters at most. It stands in every order in Mamut and can never change later.",
    ),
    "shop_address": words("Butikens adress", "The shop's address"),
    "shop_address_hint": words("Startsidan, med https://.", "The front page, with https://."),
    "consumer_key": words("Nyckel (consumer key)", "Consumer key"),
    "consumer_secret": words("Hemlighet (consumer secret)", "Consumer secret"),
    "keys_hint": words(
        "Börjar med ck_. WooCommerce > Inställningar > Avancerat > REST API, Läsa/Skriva.",
        "Begins with ck_. WooCommerce > Settings > Advanced > REST API, Read/Write.",
    ),
    **words_setup_choices.PACKAGE,
    **words_setup_choices.MAPPING,
    **words_setup_choices.TRIAL,
    **words_setup_choices.GO,
}
