"""Texts of what `brygga doctor` finds, and of backups, of erasing a person, of the service."""

from __future__ import annotations

from agent.model.entry import Entry, entry
from agent.model.reasons import Fault
from agent.model.words import words

DOCTOR_TEXTS: dict[Fault, Entry] = {
    # -- the shop ---------------------------------------------------------------------------------------------------
    Fault.SHOP_BLOCKED: entry(
        words("Något framför butiken stoppar oss", "Something in front of the shop blocks us"),
        words(
            "Svaret på {address} kom inte från WordPress utan från: {culprit}.",
            "The answer at {address} did not come from WordPress but from: {culprit}.",
        ),
        words(
            "Be den som sköter skyddet släppa igenom {address}/wp-json/ för den här serverns IP-adress och för "
            "avsändaren Brygga.",
            "Have whoever runs that protection let {address}/wp-json/ through for this server's IP address and the "
            "user agent Brygga.",
        ),
    ),
    Fault.SHOP_PERMALINKS_PLAIN: entry(
        words("Permalänkarna är Enkel", "Permalinks are set to Plain"),
        words(
            "WordPress svarar på ?rest_route= men inte på /wp-json/.",
            "WordPress answers at ?rest_route= but not at /wp-json/.",
        ),
        words(
            "Välj något annat än Enkel i WordPress > Inställningar > Permalänkar och spara.",
            "Choose anything but Plain in WordPress > Settings > Permalinks and save.",
        ),
    ),
    Fault.SHOP_REST_CLOSED: entry(
        words("Ett tillägg har stängt REST-API:t", "A plugin has closed the REST API"),
        words("{culprit} släpper inte in någon: {problem}.", "{culprit} lets nobody in: {problem}."),
        words(
            "Undanta /wp-json/wc/v3/ i tilläggets inställningar.", "Exempt /wp-json/wc/v3/ in the plugin's settings."
        ),
    ),
    Fault.SHOP_HEADER_STRIPPED: entry(
        words("Webbservern tar bort nyckeln ur huvudet", "The web server strips the key from the headers"),
        words(
            "Huvudet Authorization når inte WordPress. Nyckeln får stå i adressen i stället, och kan då hamna i "
            "webbserverns loggar.",
            "The Authorization header does not reach WordPress. The key is shown in the address instead, where the "
            "web server may log it.",
        ),
        words(
            'Apache: lägg SetEnvIf Authorization "(.*)" HTTP_AUTHORIZATION=$1 i .htaccess. Nginx och andra: be '
            "webbhotellet släppa igenom huvudet Authorization.",
            'Apache: put SetEnvIf Authorization "(.*)" HTTP_AUTHORIZATION=$1 in .htaccess. Nginx and others: have the '
            "host pass the Authorization header on.",
        ),
    ),
    Fault.SHOP_BEHIND_PROXY: entry(
        words("WordPress tror att det är http", "WordPress believes that it is http"),
        words(
            "{address} är https, men en proxy framför talar http med WordPress, som då inte godtar nycklar.",
            "{address} is https, but a proxy in front speaks http to WordPress, which then accepts no keys.",
        ),
        words(
            "Låt proxyn sätta X-Forwarded-Proto, och skriv i wp-config.php: if "
            "($_SERVER['HTTP_X_FORWARDED_PROTO'] === 'https') $_SERVER['HTTPS'] = 'on'.",
            "Let the proxy set X-Forwarded-Proto, and write in wp-config.php: if "
            "($_SERVER['HTTP_X_FORWARDED_PROTO'] === 'https') $_SERVER['HTTPS'] = 'on'.",
        ),
    ),
    Fault.SHOP_KEY_READ_ONLY: entry(
        words("Nyckeln får bara läsa", "The key may only read"),
        words(
            "{shop} lät nyckeln läsa order men inte skriva: {problem}.",
            "{shop} let the key read orders but not write: {problem}.",
        ),
        words(
            "Ge nyckeln Läsa/Skriva i WooCommerce > Inställningar > Avancerat > REST API.",
            "Give the key Read/Write in WooCommerce > Settings > Advanced > REST API.",
        ),
    ),
    Fault.SHOP_PLUGIN_PRINTS: entry(
        words("Ett tillägg skriver i svaren", "A plugin prints into the answers"),
        words(
            "PHP-meddelanden står före svaret. Det kommer från: {culprit}.",
            "PHP messages stand before the answer. They come from: {culprit}.",
        ),
        words(
            "Uppdatera eller stäng av det som anges, och sätt WP_DEBUG_DISPLAY till false i wp-config.php.",
            "Update or switch off what is named, and set WP_DEBUG_DISPLAY to false in wp-config.php.",
        ),
    ),
    Fault.SHOP_PLUGIN_CRASHES: entry(
        words("Ett allvarligt fel i butiken", "A fatal error in the shop"),
        words("PHP avbröt svaret. Felet sitter i: {culprit}.", "PHP broke the answer off. The error is in: {culprit}."),
        words(
            "Uppdatera eller stäng av det som anges. Felet står med datum i WooCommerce > Status > Loggar.",
            "Update or switch off what is named. The error stands with its date in WooCommerce > Status > Logs.",
        ),
    ),
    Fault.SHOP_PAGE_INSTEAD: entry(
        words("En webbsida i stället för ett svar", "A web page instead of an answer"),
        words(
            "{address} svarade som om allt var bra, men med en HTML-sida från: {culprit}.",
            "{address} answered as if all were well, but with an HTML page from: {culprit}.",
        ),
        words(
            "Undanta /wp-json/ från sidcache, underhållsläge och robotkontroll.",
            "Exempt /wp-json/ from the page cache, maintenance mode and bot checks.",
        ),
    ),
    Fault.SHOP_TIME_ZONE: entry(
        words("Butikens tidszon är ovanlig", "The shop's time zone is unusual"),
        words(
            "{shop} räknar i {value}. En fast skillnad mot UTC följer inte sommartiden, och dagar tar slut vid fel "
            "klockslag.",
            "{shop} counts in {value}. A fixed distance from UTC does not follow summer time, and days end at the "
            "wrong hour.",
        ),
        words(
            "Välj staden, till exempel Stockholm, i WordPress > Inställningar > Allmänt > Tidszon.",
            "Choose the city, such as Stockholm, in WordPress > Settings > General > Timezone.",
        ),
    ),
    Fault.SHOP_DATES_NOT_GMT: entry(
        words("Butiken läser våra tider som lokala", "The shop reads our times as local ones"),
        words(
            "{shop} bryr sig inte om dates_are_gmt: urvalet på ändringstid blir fel med butikens avstånd till UTC.",
            "{shop} ignores dates_are_gmt: selections by time of change are off by the shop's distance from UTC.",
        ),
        words(
            "Uppdatera WooCommerce. Hjälper det inte: ett tillägg ändrar frågorna; stäng av ett i taget.",
            "Update WooCommerce. If that does not help: a plugin changes the questions; switch them off one by one.",
        ),
    ),
    Fault.SHOP_PAGING_BROKEN: entry(
        words("Butikens sidor hänger inte ihop", "The shop's pages do not fit together"),
        words(
            "Två sidor av samma lista i {shop} överlappar, är oordnade eller saknar rader: {problem}.",
            "Two pages of one list in {shop} overlap, are out of order or lack rows: {problem}.",
        ),
        words(
            "Leta efter en cache eller ett tillägg som ändrar svaren på /wp-json/wc/v3/orders.",
            "Look for a cache or a plugin that changes the answers of /wp-json/wc/v3/orders.",
        ),
    ),
    Fault.SHOP_SKU_TWICE: entry(
        words("Samma artikelnummer på flera produkter", "One article number on several products"),
        words("I {shop} finns flera produkter med: {problem}.", "{shop} has several products with: {problem}."),
        words(
            "Ge varje produkt och variant ett eget artikelnummer i butiken. Stora och små bokstäver räknas som lika.",
            "Give each product and variation a number of its own in the shop. Case makes no difference.",
        ),
    ),
    Fault.SHOP_SKU_MISSING: entry(
        words("Produkter utan artikelnummer", "Products without an article number"),
        words(
            "{count} produkter i {shop} saknar artikelnummer: {problem}.",
            "{count} products in {shop} have no article number: {problem}.",
        ),
        words(
            "Ge dem artikelnummer i butiken. Order med dem hålls annars tills numret finns.",
            "Give them numbers in the shop. Orders that hold them are else held until they have one.",
        ),
    ),
    Fault.SHOP_TAX_OFF: entry(
        words("Butiken räknar inte ut någon moms", "The shop works out no VAT"),
        words(
            "I {shop} är skatter avstängda: order kommer utan moms.",
            "Taxes are switched off in {shop}: orders come without VAT.",
        ),
        words(
            "Slå på skatter i WooCommerce > Inställningar > Allmänt, om företaget är momspliktigt.",
            "Enable taxes in WooCommerce > Settings > General, if the company is liable for VAT.",
        ),
    ),
    Fault.SHOP_TAX_RATE_UNMAPPED: entry(
        words("En momssats utan momskod", "A VAT rate without a VAT code"),
        words(
            "{shop} tar {percent} % moms, och den satsen har ingen momskod i inställningarna.",
            "{shop} charges {percent} % VAT, and that rate has no VAT code in the settings.",
        ),
        words(
            "Skriv satsen och Mamuts momskod under domestic i [shop.vat].",
            "Enter the rate and Mamut's VAT code under domestic in [shop.vat].",
        ),
    ),
    Fault.SHOP_TAX_CODE_DIFFERS: entry(
        words("Momskoden har en annan sats i Mamut", "The VAT code has another rate in Mamut"),
        words(
            "Inställningarna ger {percent} % momskoden {vat_code}, som i Mamut är: {value}.",
            "The settings give {percent} % the VAT code {vat_code}, which in Mamut is: {value}.",
        ),
        words(
            "Rätta koden under domestic i [shop.vat] efter Mamuts momsregister.",
            "Correct the code under domestic in [shop.vat] by Mamut's VAT register.",
        ),
    ),
    Fault.SHOP_CURRENCY: entry(
        words("Butikens valuta tas inte emot", "The shop's currency is not accepted"),
        words(
            "{shop} säljer i {currency}. {problem}.",
            "{shop} sells in {currency}. {problem}.",
        ),
        words(
            "Lägg till valutan i currencies under [shop.orders] och i Mamuts valutaregister.",
            "Add the currency to currencies in [shop.orders] and to Mamut's register of currencies.",
        ),
    ),
    Fault.SHOP_DECIMALS: entry(
        words("Butiken räknar inte i ören", "The shop does not count to the öre"),
        words(
            "{shop} visar och sparar priser med {count} decimaler; belopp kan skilja från det som betalades.",
            "{shop} shows and keeps prices with {count} decimals; amounts may differ from what was paid.",
        ),
        words(
            "Sätt antalet decimaler till 2 i WooCommerce > Inställningar > Allmänt.",
            "Set the number of decimals to 2 in WooCommerce > Settings > General.",
        ),
    ),
    Fault.SHOP_LOOKS_CLONED: entry(
        words("Butiken kan vara en kopia", "The shop may be a copy"),
        words("{shop} uppger något annat: {problem}.", "{shop} says otherwise: {problem}."),
        words(
            "Är det en testkopia ska den inte stå i brygga.toml bredvid den riktiga. Är det rätt butik: rätta adressen "
            "så att den är den som WordPress själv uppger.",
            "A test copy should not stand in brygga.toml beside the real shop. If it is the right shop: correct the "
            "address to the one that WordPress itself gives.",
        ),
    ),
    Fault.SHOP_SLOW: entry(
        words("Butiken är långsam", "The shop is slow"),
        words("En sida med 100 order tog {seconds} s.", "A page of 100 orders took {seconds} s."),
        words(
            "Agenten läser färre åt gången. Be webbhotellet om mer PHP-kraft; se över tillägg som lägger sig i REST.",
            "The agent reads fewer at a time. Ask the host for more PHP power; check plugins that meddle with REST.",
        ),
    ),
    # -- Mamut ------------------------------------------------------------------------------------------------------
    Fault.MAMUT_ARTICLE_MISSING: entry(
        words("En artikel i inställningarna finns inte i Mamut", "An article of the settings is not in Mamut"),
        words(
            "[shop.articles] för {shop} nämner {article}, som inte finns eller är inaktiv i Mamut.",
            "[shop.articles] of {shop} names {article}, which is not in Mamut or is inactive there.",
        ),
        words("Lägg upp artikeln i Mamut, eller rätta numret.", "Enter the article in Mamut, or correct the number."),
    ),
    # -- the journal ------------------------------------------------------------------------------------------------
    Fault.BACKUP_NOT_MADE: entry(
        words("Säkerhetskopian blev inte av", "The backup was not made"),
        words("{file} kunde inte skrivas: {problem}.", "{file} could not be written: {problem}."),
        words(
            "Välj en fil som inte finns, på en disk med plats, i en mapp som du får skriva i.",
            "Choose a file that does not exist, on a disk with room, in a folder that you may write in.",
        ),
    ),
    Fault.BACKUP_UNUSABLE: entry(
        words("Filen går inte att återställa från", "The file cannot be restored from"),
        words("{file} är ingen hel journal: {problem}.", "{file} is no whole journal: {problem}."),
        words(
            "Välj en äldre kopia. Utan kopia: starta agenten utan journal, så bygger den upp den ur butiken och Mamut.",
            "Choose an older copy. Without one: start the agent without a journal; it rebuilds it from shop and Mamut.",
        ),
    ),
    Fault.PERSON_NOT_FOUND: entry(
        words("Ingen sådan person i journalen", "No such person in the journal"),
        words("Inget i journalen stämmer med det som angavs.", "Nothing in the journal fits what was given."),
        words(
            "Ange en order med brygga person erase --order. Redan överförda order har inga personuppgifter kvar här.",
            "Name an order with brygga person erase --order. Orders already transferred leave no personal data here.",
        ),
    ),
    Fault.PERSON_IN_WORK: entry(
        words("Personens order är på väg", "The person's order is under way"),
        words(
            "{order} väntar på att överföras eller bokföras och behöver uppgifterna.",
            "{order} waits to be transferred or booked and needs the data.",
        ),
        words(
            "Vänta tills den är överförd, eller undanta den först med brygga orders exclude.",
            "Wait until it has been transferred, or exclude it first with brygga orders exclude.",
        ),
    ),
    Fault.SERVICE_NOT_POSSIBLE: entry(
        words("Tjänsten kan inte läggas upp här", "The service cannot be set up here"),
        words("Det hindras av: {problem}.", "What stands in the way: {problem}."),
        words(
            "Kör som root på en server med systemd, eller skriv ut filen med brygga service install --dry-run.",
            "Run as root on a server with systemd, or print the file with brygga service install --dry-run.",
        ),
    ),
}
