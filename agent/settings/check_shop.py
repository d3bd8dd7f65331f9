"""What one `[[shop]]` means: its name, address, customers, articles and how it is read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agent.flows import FLOWS, NUMBERS
from agent.model.reasons import Fault
from agent.model.words import words
from agent.settings.addresses import check_address
from agent.settings.check_aftermath import check_aftermath
from agent.settings.check_goods import check_prices, check_products, check_stock
from agent.settings.check_mapping import check_mapping
from agent.settings.check_orders import check_orders, check_rules
from agent.settings.check_plugins import check_plugins
from agent.settings.check_processing import check_processing, check_shop_status
from agent.settings.check_schedules import check_schedules
from agent.settings.check_statuses import check_statuses
from agent.settings.check_to_mamut import check_to_mamut
from agent.settings.check_vat import check_vat
from agent.settings.finding import Finding, Severity, missing, risky, wrong
from agent.settings.ranges import (
    CUSTOMER_NO_MAX,
    check_article_no,
    check_no_blank,
    check_range,
    check_register_id,
)
from agent.settings.tree import (
    ArticleSettings,
    CustomerSettings,
    GuestChoice,
    MatchBy,
    NewChoice,
    ReadingSettings,
    ShopSettings,
    UnknownArticle,
)

_KEY = re.compile(r"^[a-z0-9-]{1,12}$")


def check_shop(shop: ShopSettings, path: str) -> Iterator[Finding]:
    if not _KEY.match(shop.key) or shop.key.strip("-") != shop.key:
        yield wrong(
            f"{path}.key",
            words(
                "Kortnamnet får ha 1 till 12 tecken: a–z, 0–9 och bindestreck inuti.",
                "The short name has 1 to 12 characters: a–z, 0–9 and hyphens within.",
            ),
            words(
                'Välj till exempel "garn". Ändra det aldrig sedan: det står i varje order i Mamut.',
                'Choose "yarn", for example. Never change it later: it stands in every order in Mamut.',
            ),
        )
    yield from check_address(f"{path}.address", shop.address, shop=True)
    if not shop.verify_tls:
        yield Finding(
            fault=Fault.CONNECTION_UNENCRYPTED,
            path=f"{path}.verify_tls",
            problem=words(
                "Butikens certifikat kontrolleras inte: vem som helst på vägen kan utge sig för att vara butiken.",
                "The shop's certificate is not checked: anyone on the way can pretend to be the shop.",
            ),
            remedy=words("Ta bort raden när certifikatet är rätt.", "Remove the line once the certificate is right."),
            severity=Severity.WARNING,
        )
    if shop.flow not in NUMBERS:
        yield wrong(
            f"{path}.flow",
            words("Det flödet finns inte.", "There is no such flow."),
            words(
                "Välj " + ", ".join(f"{each.number} ({each.text.sv})" for each in FLOWS) + ".",
                "Choose " + ", ".join(f"{each.number} ({each.text.en})" for each in FLOWS) + ".",
            ),
        )
    yield from check_register_id(f"{path}.department", shop.department)
    yield from check_orders(shop.orders, f"{path}.orders")
    yield from check_rules(shop.rules, shop.orders, f"{path}.rules")
    yield from check_processing(shop.processing, f"{path}.processing")
    yield from check_shop_status(shop.processing, shop.statuses, f"{path}.processing")
    yield from check_mapping(shop.mapping, f"{path}.mapping")
    yield from check_plugins(shop.plugins, f"{path}.plugins")
    yield from _check_customers(shop.customers, f"{path}.customers")
    yield from _check_articles(shop.articles, f"{path}.articles")
    yield from check_vat(shop.vat, f"{path}.vat")
    yield from check_to_mamut(shop.to_mamut, f"{path}.to_mamut")
    yield from check_products(shop.products, f"{path}.products")
    yield from check_prices(shop.prices, f"{path}.prices")
    yield from check_stock(shop.stock, f"{path}.stock")
    yield from check_statuses(shop.statuses, f"{path}.statuses")
    yield from check_aftermath(shop.aftermath, f"{path}.aftermath")
    yield from check_schedules(shop, f"{path}.schedules")
    yield from _check_reading(shop.reading, f"{path}.reading")


def _check_customers(customers: CustomerSettings, path: str) -> Iterator[Finding]:
    collective = customers.collective
    if collective is not None:
        yield from check_range(f"{path}.collective", collective, 1, CUSTOMER_NO_MAX)
    elif customers.guests is GuestChoice.COLLECTIVE or customers.new is NewChoice.COLLECTIVE:
        yield missing(
            f"{path}.collective",
            words(
                "Kunder ska bokas på samlingskunden, men dess kundnummer saknas.",
                "Customers go on the collective customer, but its number is missing.",
            ),
            words("Lägg till collective = kundnumret i Mamut.", "Add collective = its customer number in Mamut."),
        )
    for index, way in enumerate(customers.match):
        if way in customers.match[:index]:
            yield wrong(
                f"{path}.match",
                words(f'"{way}" står två gånger.', f'"{way}" is there twice.'),
                words("Ta bort den ena.", "Remove one of them."),
            )
    if not customers.match and customers.new is NewChoice.CREATE:
        yield risky(
            f"{path}.match",
            words(
                "Ingen kund känns igen: varje order ger en ny kontakt i Mamut.",
                "No customer is recognised: every order makes a new contact in Mamut.",
            ),
            words('Ange till exempel match = ["email"].', 'Give match = ["email"], for example.'),
        )
    for way, key, names in (
        (MatchBy.CUSTOMER_NUMBER, "customer_number_meta", customers.customer_number_meta),
        (MatchBy.ORG_NO, "org_no_meta", customers.org_no_meta),
    ):
        if way in customers.match and not names:
            yield missing(
                f"{path}.{key}",
                words(
                    f'Kunder känns igen på "{way}", men inget fält i butiken är utpekat.',
                    f'Customers are recognised by "{way}", but no field of the shop is named.',
                ),
                words(f'Ange fältets namn, eller ta bort "{way}".', f'Name the field, or remove "{way}".'),
            )
    yield from check_no_blank(f"{path}.customer_number_meta", customers.customer_number_meta)
    yield from check_no_blank(f"{path}.org_no_meta", customers.org_no_meta)
    yield from check_no_blank(f"{path}.vat_no_meta", customers.vat_no_meta)


def _check_articles(articles: ArticleSettings, path: str) -> Iterator[Finding]:
    for key, value in (
        ("shipping", articles.shipping),
        ("fee", articles.fee),
        ("discount", articles.discount),
        ("rounding", articles.rounding),
        ("general", articles.general),
        ("gift_card", articles.gift_card),
    ):
        if value is not None:
            yield from check_article_no(f"{path}.{key}", value)
    if articles.unknown is UnknownArticle.GENERAL and articles.general is None:
        yield missing(
            f"{path}.general",
            words(
                "Okända artiklar ska bokas på en allmän artikel, men den är inte angiven.",
                "Unknown articles go on a general article, but none is given.",
            ),
            words('Lägg till general = "artikelnumret".', 'Add general = "its article number".'),
        )


def _check_reading(reading: ReadingSettings, path: str) -> Iterator[Finding]:
    # WooCommerce tells changes by whole seconds, later than the one asked for: without an overlap orders are missed.
    for key, value, lowest, highest in (
        ("interval_s", reading.interval_s, 5, 86_400),
        ("overlap_s", reading.overlap_s, 2, 86_400),
        ("census_every_s", reading.census_every_s, 300, 604_800),
        ("reread_every_s", reading.reread_every_s, 60, 604_800),
        ("reread_days", reading.reread_days, 0, 365),
        ("page_size", reading.page_size, 1, 100),
        ("read_size", reading.read_size, 1, 100),
        ("write_size", reading.write_size, 1, 100),
        ("concurrency", reading.concurrency, 1, 8),
        ("timeout_s", reading.timeout_s, 1, 600),
    ):
        yield from check_range(f"{path}.{key}", value, lowest, highest)
    if reading.requests_a_minute:
        yield from check_range(f"{path}.requests_a_minute", reading.requests_a_minute, 10, 60_000)
