"""Texts of what a person meets that is not about one order: connections, settings, the journal."""

from __future__ import annotations

from agent.model.catalogue_attention import ATTENTION_TEXTS
from agent.model.catalogue_doctor import DOCTOR_TEXTS
from agent.model.entry import Entry, entry
from agent.model.reasons import Fault
from agent.model.words import words

_BY_ITSELF = words(
    "Agenten försöker igen av sig själv; inget går förlorat. Dröjer det: kontrollera server, nät och brandvägg.",
    "The agent tries again by itself; nothing is lost. If it lasts: check the server, the network and the firewall.",
)
_SEE_PLACE = words(
    "Rätta på den plats i filen som anges och kör brygga check igen.",
    "Correct it at the place named and run brygga check again.",
)

FAULT_TEXTS: dict[Fault, Entry] = {
    # -- the shop ---------------------------------------------------------------------------------------------------
    Fault.SHOP_UNREACHABLE: entry(
        words("Butiken svarar inte", "The shop does not answer"),
        words("Inget svar från {shop}: {problem}.", "No answer from {shop}: {problem}."),
        _BY_ITSELF,
    ),
    Fault.SHOP_KEY_REFUSED: entry(
        words("Butiken tar inte emot nyckeln", "The shop refuses the key"),
        words(
            "{shop} godtar inte nyckel och hemlighet, eller så når de inte fram genom webbservern.",
            "{shop} does not accept key and secret, or the web server keeps them from WordPress.",
        ),
        words(
            "Gör en ny nyckel i WooCommerce > Inställningar > Avancerat > REST API, skriv in den i secrets.toml och "
            "kör brygga reload. Hjälper det inte: be webbhotellet släppa igenom huvudet Authorization.",
            "Make a new key in WooCommerce > Settings > Advanced > REST API, enter it in secrets.toml and run brygga "
            "reload. If that does not help: have the host let the Authorization header through.",
        ),
    ),
    Fault.WEBHOOK_DISABLED: entry(
        words("Butiken har stängt av webhooks", "The shop has switched webhooks off"),
        words(
            "WooCommerce stänger av en webhook efter flera misslyckade leveranser. Avstängda i {shop}: {problem}.",
            "WooCommerce switches a webhook off after several failed deliveries. Switched off in {shop}: {problem}.",
        ),
        words(
            "Agenten slår på dem igen; under tiden hittar den ändringarna när den läser butiken. Händer det ofta: "
            "kontrollera att butiken når leveransadressen.",
            "The agent switches them on again; meanwhile it finds changes by reading the shop. If it happens often: "
            "check that the shop reaches the delivery address.",
        ),
    ),
    Fault.WEBHOOK_MISSING: entry(
        words("Butiken saknar webhooks", "The shop lacks webhooks"),
        words("Saknas eller är pausade i {shop}: {problem}.", "Missing or paused in {shop}: {problem}."),
        words(
            "Kör brygga webhooks install. Ändringar hittas ändå, när agenten läser butiken.",
            "Run brygga webhooks install. Changes are found all the same, when the agent reads the shop.",
        ),
    ),
    Fault.WEBHOOK_NOT_SIGNED: entry(
        words("En webhook hade fel signatur", "A webhook had a wrong signature"),
        words(
            "Någon ringde på för {shop} utan att kunna signera. Inget gjordes.",
            "Somebody rang for {shop} without being able to sign. Nothing was done.",
        ),
        words(
            "Är det butiken själv: kör brygga webhooks install, som ger den hemligheten i secrets.toml. Annars: "
            "släpp bara in butikens server i brandväggen.",
            "If it is the shop itself: run brygga webhooks install, which gives it the secret in secrets.toml. "
            "Else: let only the shop's server through the firewall.",
        ),
    ),
    Fault.WEBHOOKS_UNHEARD: entry(
        words("Webhooks kan inte tas emot", "Webhooks cannot be received"),
        words("Agenten kan inte lyssna på {address}: {problem}.", "The agent cannot listen on {address}: {problem}."),
        words(
            "Ändra listen under [webhooks], eller stäng av det som har porten. Butikerna läses ändå som vanligt.",
            "Change listen in [webhooks], or stop what holds the port. Meanwhile the shops are read as ever.",
        ),
    ),
    Fault.ADMIN_UNSERVED: entry(
        words("Admin kan inte visas", "The admin cannot be served"),
        words(
            "Agenten kan inte svara webbläsare på {address}: {problem}.",
            "The agent cannot answer browsers at {address}: {problem}.",
        ),
        words(
            "Ändra listen under [admin], eller stäng av det som har porten. Allt annat arbetar som vanligt. Finns inga "
            "inställningar än: starta med brygga run --listen 127.0.0.1:8400.",
            "Change listen in [admin], or stop what holds the port. Everything else works as ever. Where there are no "
            "settings yet: start with brygga run --listen 127.0.0.1:8400.",
        ),
    ),
    Fault.ADMIN_UNENCRYPTED: entry(
        words("Admin skulle visas okrypterat", "The admin would be served unencrypted"),
        words(
            "Lösenord och kunders uppgifter kunde läsas på vägen mellan webbläsare och agent.",
            "Passwords and customers' data could be read on their way between browser and agent.",
        ),
        words(
            "Lyssna på 127.0.0.1, eller ange certificate och private_key under [admin]. Bakom en egen webbserver: "
            "låt den tala https och ange public_url.",
            "Listen on 127.0.0.1, or give certificate and private_key in [admin]. Behind a web server of your own: "
            "let it speak https and give public_url.",
        ),
    ),
    Fault.SHOP_KEY_WITHOUT_RIGHTS: entry(
        words("Nyckeln saknar rättigheter", "The key lacks rights"),
        words("Nyckeln får inte göra det agenten ska.", "The key may not do what the agent has to do."),
        words(
            "Ge nyckeln Läsa/Skriva, och låt den tillhöra en användare som sköter butiken.",
            "Give the key Read/Write, and let it belong to a user who manages the shop.",
        ),
    ),
    Fault.SHOP_NOT_WOOCOMMERCE: entry(
        words("Ingen WooCommerce på adressen", "No WooCommerce at the address"),
        words("{shop} svarar, men inte som WooCommerce.", "{shop} answers, but not as WooCommerce does."),
        words(
            "Kontrollera adressen, att WooCommerce är igång och att permalänkarna inte är inställda på Enkel.",
            "Check the address, that WooCommerce is active and that permalinks are not set to Plain.",
        ),
    ),
    Fault.SHOP_ANSWER_BROKEN: entry(
        words("Butikens svar är trasigt", "The shop's answer is broken"),
        words("Svaret från {shop} går inte att läsa: {problem}.", "The answer of {shop} cannot be read: {problem}."),
        words(
            "Ofta ett tillägg som skriver felmeddelanden i svaret. Stäng av WP_DEBUG_DISPLAY och uppdatera tillägget.",
            "Often a plugin that prints errors into the answer. Turn WP_DEBUG_DISPLAY off and update the plugin.",
        ),
    ),
    Fault.SHOP_CHANGED: entry(
        words("En annan butik på adressen", "Another shop at the address"),
        words(
            "{shop} är inte den butik den var. Det kan vara en kopia eller en flytt. Allt för butiken är stoppat.",
            "{shop} is not the shop it was. It may be a copy or have moved. Everything for it has been stopped.",
        ),
        words(
            "Är det rätt butik: brygga shops accept. Är det en kopia: rätta adressen.",
            "If it is the right shop: brygga shops accept. If it is a copy: correct the address.",
        ),
    ),
    Fault.SHOP_RESTORED: entry(
        words("Butiken är återställd", "The shop has been restored"),
        words(
            "{shop} har färre order än förut, eller andra på samma id. En säkerhetskopia kan ha lagts tillbaka.",
            "{shop} has fewer orders than before, or others by the same id. A backup may have been put back.",
        ),
        words(
            "Jämför butikens order med Mamut och kör sedan brygga shops accept.",
            "Compare the shop's orders with Mamut, then run brygga shops accept.",
        ),
    ),
    Fault.SHOP_STATUS_UNKNOWN: entry(
        words("Statusen finns inte i butiken", "The shop has no such status"),
        words("{shop} har ingen status {status}.", "{shop} has no status {status}."),
        words("Rätta trigger i [shop.orders].", "Correct trigger in [shop.orders]."),
    ),
    Fault.SHOP_CLOCK_WRONG: entry(
        words("Butikens klocka går fel", "The shop's clock is wrong"),
        words(
            "Klockan i {shop} skiljer {seconds} sekunder från vår.", "The clock of {shop} differs by {seconds} seconds."
        ),
        words("Ställ klockorna efter en tidsserver (NTP).", "Set the clocks by a time server (NTP)."),
    ),
    Fault.SHOP_FILTER_BROKEN: entry(
        words("Butiken bryr sig inte om urvalet", "The shop ignores the filter"),
        words(
            "{shop} svarar med order utanför det begärda urvalet; ett tillägg kan ändra svaren.",
            "{shop} answers with orders outside what was asked for; a plugin may change its answers.",
        ),
        words(
            "Agenten läser alla order i stället, vilket är långsammare. Leta efter tillägget.",
            "The agent reads all orders instead, which is slower. Look for the plugin.",
        ),
    ),
    Fault.SHOP_REDIRECTS: entry(
        words("Butiken skickar oss vidare", "The shop sends us elsewhere"),
        words(
            "{shop} svarar med en hänvisning: {problem}. Agenten följer inga, för nyckeln gäller den adress som står "
            "i filen.",
            "{shop} answers with a redirection: {problem}. The agent follows none, since the key is for the address "
            "in the file.",
        ),
        words(
            "Skriv in den adress dit den leder (oftast https:// i stället för http://, eller med www) i brygga.toml.",
            "Enter the address it leads to (mostly https:// instead of http://, or with www) in brygga.toml.",
        ),
    ),
    Fault.CERTIFICATE_REFUSED: entry(
        words("Certifikatet går inte att lita på", "The certificate cannot be trusted"),
        words(
            "Servern visade ett certifikat som inte går att lita på: {problem}.",
            "The server showed a certificate that cannot be trusted: {problem}.",
        ),
        words(
            "Be webbhotellet förnya certifikatet, eller rätta adressen. Har företaget en egen utfärdare: ange dess "
            "fil i miljövariabeln SSL_CERT_FILE.",
            "Have the host renew the certificate, or correct the address. If the company has an authority of its own: "
            "name its file in the environment variable SSL_CERT_FILE.",
        ),
    ),
    # -- Mamut ------------------------------------------------------------------------------------------------------
    Fault.MAMUT_UNREACHABLE: entry(
        words("Mamut svarar inte", "Mamut does not answer"),
        words("Inget svar från Mamut: {problem}.", "No answer from Mamut: {problem}."),
        _BY_ITSELF,
    ),
    Fault.MAMUT_PASSWORD_WRONG: entry(
        words("Fel lösenord till Mamut", "Mamut's password is wrong"),
        words("Mamut godtar inte användare och lösenord.", "Mamut does not accept the user and password."),
        words(
            "Rätta user i brygga.toml eller lösenordet i secrets.toml och kör brygga reload, eller rätta användaren i "
            "Mamut. Agenten försöker själv igen, allt mer sällan.",
            "Correct user in brygga.toml or the password in secrets.toml and run brygga reload, or correct the user in "
            "Mamut. The agent tries again by itself, less and less often.",
        ),
    ),
    Fault.MAMUT_VERSION_EXPIRED: entry(
        words("Mamuts version har gått ut", "Mamut's version has expired"),
        words("Versionen släpper inte in någon efter {stop_date}.", "The version lets nobody in after {stop_date}."),
        words("Uppdatera Mamut.", "Update Mamut."),
    ),
    Fault.MAMUT_VERSION_EXPIRES_SOON: entry(
        words("Mamuts version går snart ut", "Mamut's version expires soon"),
        words("Versionen slutar fungera {stop_date}.", "The version stops working on {stop_date}."),
        words("Uppdatera Mamut före dess.", "Update Mamut before then."),
    ),
    Fault.MAMUT_EDITION_TOO_LOW: entry(
        words("Mamuts utgåva räcker inte", "Mamut's edition is too low"),
        words("Utgåvan är {edition}; E3, E4 eller E5 krävs.", "The edition is {edition}; E3, E4 or E5 is needed."),
        words("Uppgradera Mamut One Enterprise.", "Upgrade Mamut One Enterprise."),
    ),
    Fault.MAMUT_API_MODULE_MISSING: entry(
        words("Modulen Mamut One API saknas", "The module Mamut One API is missing"),
        words("Företagets licens har inte modulen.", "The company's licence does not have the module."),
        words(
            "Köp till Mamut One API, tilldela licensen och starta om Mamut.",
            "Add Mamut One API, assign the licence and restart Mamut.",
        ),
    ),
    Fault.MAMUT_COMPUTER_NOT_LICENSED: entry(
        words("Datorn saknar licens", "The computer has no licence"),
        words("Mamut är inte licensierat på den här datorn.", "Mamut is not licensed on this computer."),
        words(
            "Tilldela en licens i Mamuts licensadministration; avaktivera vid behov en gammal dator.",
            "Assign a licence in Mamut's licence administration; deactivate an old computer if need be.",
        ),
    ),
    Fault.MAMUT_SESSION_TAKEN: entry(
        words("Mamuts API används av någon annan", "Mamut's API is in use by another"),
        words("Platsen är upptagen av {holder}.", "The place is held by {holder}."),
        words(
            "Se till att bara en agent körs mot företaget. Agenten fortsätter när platsen blir ledig.",
            "See that only one agent runs against the company. The agent goes on once the place is free.",
        ),
    ),
    Fault.MAMUT_MAINTENANCE: entry(
        words("Mamut är stängt för underhåll", "Mamut is closed for maintenance"),
        words("Mamut släpper inte in någon just nu.", "Mamut lets nobody in just now."),
        words("Agenten fortsätter av sig själv efteråt.", "The agent goes on by itself afterwards."),
    ),
    Fault.MAMUT_ANSWER_BROKEN: entry(
        words("Mamuts svar är trasigt", "Mamut's answer is broken"),
        words("Svaret går inte att läsa: {problem}.", "The answer cannot be read: {problem}."),
        words(
            "Kontrollera adressen och Mamuts version. Inget skickas om utan att först slås upp.",
            "Check the address and Mamut's version. Nothing is sent again without being looked up first.",
        ),
    ),
    Fault.MAMUT_REGISTER_VALUE_MISSING: entry(
        words("Ett nummer finns inte i Mamuts register", "A number is not in Mamut's register"),
        words("{register} {value} finns inte i Mamut.", "{register} {value} is not in Mamut."),
        words(
            "Rätta numret i brygga.toml, eller lägg upp värdet i Mamut.",
            "Correct it in brygga.toml, or enter it in Mamut.",
        ),
    ),
    Fault.MAMUT_OTHER_COMPANY: entry(
        words("Mamut har öppnat ett annat företag", "Mamut has opened another company"),
        words(
            "Journalen känner ett annat företags artiklar. Inget läses ur det här registret och inget skrivs ur det.",
            "The journal knows another company's articles. Nothing is read of this register or written from it.",
        ),
        words(
            "Rätta client_no i brygga.toml, eller börja med en ny journal för det andra företaget.",
            "Correct client_no in brygga.toml, or begin with a new journal for the other company.",
        ),
    ),
    # -- settings ---------------------------------------------------------------------------------------------------
    Fault.SETTINGS_MISSING: entry(
        words("Inställningsfilen saknas", "The settings file is missing"),
        words("{file} finns inte eller kan inte läsas.", "{file} does not exist or cannot be read."),
        words(
            "Skapa en med brygga init, eller peka ut den med --config.",
            "Make one with brygga init, or name it with --config.",
        ),
    ),
    Fault.SETTINGS_NOT_TOML: entry(
        words("Filen går inte att tolka", "The file cannot be read as TOML"),
        words("Något på den angivna raden är felskrivet.", "Something on the line named is miswritten."),
        words(
            "Leta efter citattecken som saknas, decimalkomma eller en rubrik som står två gånger.",
            "Look for missing quotes, decimal commas or a heading that is there twice.",
        ),
    ),
    Fault.SETTINGS_KEY_UNKNOWN: entry(
        words("Okänd inställning", "An unknown setting"),
        words("Raden är ingen inställning på den platsen.", "The line is not a setting in that place."),
        words("Rätta stavningen, flytta raden eller ta bort den.", "Correct its spelling, move it or remove it."),
    ),
    Fault.SETTINGS_VALUE_WRONG: entry(
        words("Fel värde", "A wrong value"),
        words("Värdet kan inte användas.", "The value cannot be used."),
        _SEE_PLACE,
    ),
    Fault.SETTINGS_NOT_IN_PACKAGE: entry(
        words("Ingår inte i paketet", "Not part of the package"),
        words("Inställningen hör till ett högre paket.", "The setting belongs to a higher package."),
        words(
            "Välj paketet som anges, eller ta bort inställningen.", "Choose the package named, or remove the setting."
        ),
    ),
    Fault.SECRET_MISSING: entry(
        words("En hemlighet saknas", "A secret is missing"),
        words("Ett lösenord eller en nyckel hittades inte.", "A password or key was not found."),
        words("Skriv in den i secrets.toml bredvid brygga.toml.", "Enter it in secrets.toml beside brygga.toml."),
    ),
    Fault.SECRETS_FILE_OPEN: entry(
        words("Andra kan läsa hemligheterna", "Others can read the secrets"),
        words(
            "Filen med hemligheter är läsbar för fler än ägaren.",
            "The secrets file can be read by others than its owner.",
        ),
        words(
            "Kör chmod 600 på filen, och byt nycklarna om den legat öppen.",
            "Run chmod 600 on the file, and change the keys if it has lain open.",
        ),
    ),
    Fault.SETTINGS_CONFLICT: entry(
        words("Inställningar som inte går ihop", "Settings that contradict each other"),
        words("Värdet stämmer inte med ett annat.", "The value does not go with another one."),
        _SEE_PLACE,
    ),
    Fault.SETTINGS_VALUE_MISSING: entry(
        words("Ett värde saknas", "A value is missing"),
        words("Inställningen måste finnas.", "The setting has to be there."),
        _SEE_PLACE,
    ),
    Fault.CONNECTION_UNENCRYPTED: entry(
        words("Oskyddad förbindelse", "An unprotected connection"),
        words("Order och kunduppgifter kan läsas på vägen.", "Orders and customers' data can be read on the way."),
        words("Skaffa ett certifikat och använd https.", "Get a certificate and use https."),
    ),
    Fault.SETTINGS_RISKY: entry(
        words("Tillåtet men ovanligt", "Allowed but unusual"),
        words("Inställningen ger sällan det man tänkt sig.", "The setting seldom does what was meant."),
        words("Läs raden och ändra om den inte är avsiktlig.", "Read the line and change it unless it is intended."),
    ),
    Fault.SETTINGS_EXIST: entry(
        words("Filen finns redan", "The file exists already"),
        words("{file} finns redan och skrivs inte över.", "{file} exists already and is not written over."),
        words("Ändra i den, eller välj en annan fil med --config.", "Edit it, or choose another file with --config."),
    ),
    # -- the journal ------------------------------------------------------------------------------------------------
    Fault.JOURNAL_IN_USE: entry(
        words("Agenten körs redan", "The agent is running already"),
        words("Journalen {file} används av en annan process.", "The journal {file} is used by another process."),
        words("Stoppa den andra agenten först.", "Stop the other agent first."),
    ),
    Fault.JOURNAL_NEWER: entry(
        words("Journalen är nyare än programmet", "The journal is newer than the program"),
        words(
            "En senare version av Brygga har skrivit i den: {problem}.", "A later Brygga has written to it: {problem}."
        ),
        words("Uppgradera Brygga igen.", "Upgrade Brygga again."),
    ),
    Fault.JOURNAL_DISK: entry(
        words("Journalen kan inte skrivas", "The journal cannot be written"),
        words("Disken är full eller går inte att skriva på: {problem}.", "The disk is full or read-only: {problem}."),
        words(
            "Frigör plats, eller låt data_dir i brygga.toml vara en mapp som agentens användare får skriva i. Agenten "
            "gör inget förrän journalen går att skriva; inget går förlorat.",
            "Free some space, or let data_dir in brygga.toml be a folder that the agent's user may write in. The agent "
            "does nothing until the journal can be written; nothing is lost.",
        ),
    ),
    Fault.JOURNAL_DAMAGED: entry(
        words("Journalen är skadad", "The journal is damaged"),
        words("Journalen kan inte öppnas: {problem}.", "The journal cannot be opened: {problem}."),
        words(
            "Flytta undan filen och starta agenten: den bygger upp journalen ur butiken och Mamut utan dubbletter.",
            "Move the file away and start the agent: it rebuilds the journal from the shop and Mamut without doubles.",
        ),
    ),
    Fault.JOURNAL_MISSING: entry(
        words("Ingen journal än", "No journal yet"),
        words("{file} finns inte: agenten har inte körts än.", "{file} does not exist: the agent has not run yet."),
        words(
            "Starta agenten med brygga run. Har den körts förut: kontrollera data_dir i brygga.toml.",
            "Start the agent with brygga run. If it has run before: check data_dir in brygga.toml.",
        ),
    ),
    Fault.LOG_FILE: entry(
        words("Loggfilen kan inte skrivas", "The log file cannot be written"),
        words("{file} kan inte öppnas: {problem}.", "{file} cannot be opened: {problem}."),
        words(
            "Ange en fil i en mapp som agentens användare får skriva i. Utan --log-file går agenten som vanligt.",
            "Name a file in a folder that the agent's user may write in. Without --log-file the agent runs as ever.",
        ),
    ),
    Fault.TAPE_FOLDER: entry(
        words("Inspelningen kan inte börja", "The recording cannot begin"),
        words(
            "I mappen {file} kan inget skrivas: {problem}.", "Nothing can be written in the folder {file}: {problem}."
        ),
        words(
            "Ange en mapp som agentens användare får skriva i. Utan inspelning går agenten som vanligt.",
            "Name a folder that the agent's user may write in. Without a recording the agent runs as ever.",
        ),
    ),
    Fault.DIRECTION_PARKED: entry(
        words("En del av agenten är parkerad", "A part of the agent is parked"),
        words(
            "{direction} har stannat för många gånger i rad: {problem}. Allt annat fortsätter.",
            "{direction} has failed too many times in a row: {problem}. All else goes on.",
        ),
        words(
            "Läs loggen, rätta orsaken och starta om agenten.", "Read the log, mend the cause and restart the agent."
        ),
    ),
    Fault.ORDER_NOT_FOUND: entry(
        words("Ordern finns inte", "There is no such order"),
        words("Ingen order heter {order} i journalen.", "The journal knows no order {order}."),
        words(
            "Se brygga orders. Finns numret i flera butiker: ange --shop.",
            "See brygga orders. If two shops have it: give --shop.",
        ),
    ),
    Fault.ARTICLE_NOT_FOUND: entry(
        words("Artikeln finns inte", "There is no such article"),
        words(
            "Ingen artikel heter {article} i Mamuts register som det senast lästes.",
            "No article is called {article} in Mamut's register as last read.",
        ),
        words(
            "Kontrollera numret. Är artikeln ny: brygga register --read-now.",
            "Check the number. If the article is new: brygga register --read-now.",
        ),
    ),
    **ATTENTION_TEXTS,
    **DOCTOR_TEXTS,
}
