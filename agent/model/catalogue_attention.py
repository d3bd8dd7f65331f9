"""Texts of what nobody would notice by itself: silence, delay, and what comes to an end soon."""

from __future__ import annotations

from agent.model.entry import Entry, entry
from agent.model.reasons import Fault
from agent.model.words import words

ATTENTION_TEXTS: dict[Fault, Entry] = {
    Fault.MAIL_NOT_SENT: entry(
        words("Brev kan inte skickas", "Mail cannot be sent"),
        words(
            "E-postservern tog inte emot brevet: {problem}. Ingen får veta något med brev så länge.",
            "The mail server did not take the letter: {problem}. Meanwhile nobody is told anything by mail.",
        ),
        words(
            "Kontrollera [mail] i brygga.toml och lösenordet i secrets.toml, och kör brygga mail test. Allt annat "
            "går som vanligt, och brevet skickas när det går.",
            "Check [mail] in brygga.toml and the password in secrets.toml, and run brygga mail test. Everything else "
            "goes on, and the letter is sent when it can be.",
        ),
    ),
    Fault.CERTIFICATE_ENDS: entry(
        words("Ett certifikat går snart ut", "A certificate is about to end"),
        words(
            "Certifikatet för {address} gäller till {day}. Sedan vägrar agenten, och kundernas webbläsare, att tala "
            "med servern.",
            "The certificate of {address} holds until {day}. Then the agent, and customers' browsers, will not speak "
            "with the server.",
        ),
        words(
            "Förnya det, eller be webbhotellet göra det. Förnyas det av sig självt: se efter varför det inte skett.",
            "Renew it, or have the host do so. If it renews itself: find out why that has not happened.",
        ),
    ),
    Fault.DIRECTION_LATE: entry(
        words("En riktning har inte gått som den ska", "A direction has not run as it should"),
        words(
            "För {shop} skulle en riktning ha arbetat, och har inte gjort det.",
            "For {shop} a direction should have worked, and has not.",
        ),
        words(
            "Se brygga status och brygga schedule. Kör den nu med brygga run-now; hjälper det inte, starta om agenten.",
            "See brygga status and brygga schedule. Run it now with brygga run-now; if that does not help, restart "
            "the agent.",
        ),
    ),
    Fault.JOURNAL_ROOM: entry(
        words("Disken är nästan full", "The disk is nearly full"),
        words(
            "{count} MB ledigt där journalen ligger. När det tar slut stannar allt.",
            "{count} MB free where the journal lies. When there is none, everything stops.",
        ),
        words(
            "Gör plats: gamla säkerhetskopior och loggar först. Eller flytta data_dir till en större disk.",
            "Make room: old backups and logs first. Or move data_dir to a larger disk.",
        ),
    ),
    Fault.COMPUTER_CLOCK_WRONG: entry(
        words("Klockan går fel", "A clock is wrong"),
        words(
            "Agentens klocka och klockan hos {shop} skiljer {seconds} sekunder.",
            "The agent's clock and that of {shop} differ by {seconds} seconds.",
        ),
        words(
            "Låt datorn ställa sin klocka över nätet (NTP). Gäller det bara en butik är det troligen dess klocka: be "
            "webbhotellet ställa den.",
            "Let the computer set its clock over the network (NTP). If it is one shop alone, its clock is probably "
            "wrong: have the host set it.",
        ),
    ),
    Fault.BACKUP_MISSING: entry(
        words("Kopian finns inte", "There is no such copy"),
        words("{file} finns inte.", "There is no {file}."),
        words(
            "Kontrollera sökvägen. Kopior görs med brygga journal backup.",
            "Check the path. Copies are made by brygga journal backup.",
        ),
    ),
    Fault.SETTINGS_NOT_WRITTEN: entry(
        words("Filen kan inte skrivas", "The file cannot be written"),
        words("{file} går inte att skapa: {problem}.", "{file} cannot be made: {problem}."),
        words(
            "Välj en mapp som du får skriva i, med brygga init --config MAPP/brygga.toml.",
            "Choose a folder that you may write to, with brygga init --config FOLDER/brygga.toml.",
        ),
    ),
    Fault.PACKAGE_FILLS: entry(
        words("Paketet är snart fullt", "The package is nearly full"),
        words(
            "{count} av månadens {limit} order är använda. Order därutöver hålls kvar till nästa månad.",
            "{count} of the month's {limit} orders are used. Orders beyond that are held until next month.",
        ),
        words(
            "Höj paketet i tid, eller vänta: inget går förlorat. Se brygga usage.",
            "Raise the package in time, or wait: nothing is lost. See brygga usage.",
        ),
    ),
}
