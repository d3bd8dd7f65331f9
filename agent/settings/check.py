"""What the settings mean together: everything that can be judged without asking the shop or Mamut.

Every rule is a generator of findings over the tree; all of them always run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath, PureWindowsPath

from agent.model.words import Language, Words, words
from agent.packages import NAMES, PAYMENT_PROVIDERS, PREMIUM
from agent.settings.addresses import check_address
from agent.settings.check_admin import check_admin
from agent.settings.check_goods import check_register
from agent.settings.check_mail import check_mail
from agent.settings.check_package import check_package, connected
from agent.settings.check_shop import check_shop
from agent.settings.check_webhooks import check_webhooks
from agent.settings.finding import Finding, conflict, inside, missing, risky, wrong
from agent.settings.kinds import choose, did_you_mean, shown
from agent.settings.ranges import check_range
from agent.settings.tree import MamutSettings, Settings

_CLIENT_NO = re.compile(r"^[0-9]{3}$")


def check(settings: Settings, already: tuple[Finding, ...] = ()) -> tuple[Finding, ...]:
    """All findings about what the values mean.

    `already` are the findings of loading: nothing is said twice about a place whose value was a stand-in.
    """
    spoilt = [finding.path for finding in already if finding.is_error]
    found = (
        *_check_top(settings),
        *_check_mamut(settings.mamut),
        *_check_shops(settings),
        *check_webhooks(settings),
        *check_admin(settings),
        *check_mail(settings),
        *check_package(settings),
    )
    return tuple(finding for finding in found if not any(inside(finding.path, path) for path in spoilt))


def _check_top(settings: Settings) -> Iterator[Finding]:
    if settings.package not in NAMES:
        name = shown(settings.package)
        yield wrong("package", words(f"Paketet {name} finns inte.", f"There is no package {name}."), choose(NAMES))
    languages = tuple(str(language) for language in Language)
    if settings.language not in languages:
        name = shown(settings.language)
        problem = words(f"Språket {name} finns inte.", f"There is no language {name}.")
        yield wrong("language", problem, choose(languages))
    if settings.data_dir and not _is_absolute(settings.data_dir):
        yield risky(
            "data_dir",
            words(
                "Mappen saknar sin hela sökväg: var den hamnar beror på varifrån brygga startas.",
                "The folder lacks its whole path: where it ends up depends on where brygga is started.",
            ),
            words("Ange hela sökvägen.", "Give the whole path."),
        )
    yield from _check_premium(settings)
    yield from _check_reconciliation(settings.reconciliation)


def _is_absolute(folder: str) -> bool:
    return PurePosixPath(folder).is_absolute() or PureWindowsPath(folder).is_absolute()


def _check_premium(settings: Settings) -> Iterator[Finding]:
    for key, value in (("premium_limit", settings.premium_limit), ("premium_price", settings.premium_price)):
        if value is not None and settings.package in NAMES and settings.package != PREMIUM:
            yield conflict(
                key,
                words(
                    f"Gäller bara Premium, men paketet är {settings.package}.",
                    f"This is for Premium only, but the package is {settings.package}.",
                ),
                words(
                    'Ta bort raden, eller välj package = "premium".', 'Remove the line, or choose package = "premium".'
                ),
            )
        elif value is not None:
            yield from check_range(key, value, 1, 10_000_000)
    if settings.package == PREMIUM and settings.premium_limit is None:
        yield missing(
            "premium_limit",
            words("Premium saknar sitt avtalade antal order i månaden.", "Premium lacks its agreed orders a month."),
            words("Lägg till premium_limit med antalet i offerten.", "Add premium_limit with the number in the quote."),
        )


def _check_reconciliation(providers: tuple[str, ...]) -> Iterator[Finding]:
    for index, provider in enumerate(providers):
        path = f"reconciliation[{index}]"
        if provider not in PAYMENT_PROVIDERS:
            name = shown(provider)
            problem = words(f"Avstämning finns inte för {name}.", f"There is no reconciliation for {name}.")
            yield wrong(path, problem, did_you_mean(provider, PAYMENT_PROVIDERS, choose(PAYMENT_PROVIDERS)))
        elif provider in providers[:index]:
            problem = words(f'"{provider}" står två gånger.', f'"{provider}" is there twice.')
            yield conflict(path, problem, words("Ta bort den ena.", "Remove one of them."))


def _check_mamut(mamut: MamutSettings) -> Iterator[Finding]:
    yield from check_address("mamut.address", mamut.address, shop=False)
    if not _CLIENT_NO.match(mamut.client_no):
        yield wrong(
            "mamut.client_no",
            words("Klientnumret ska vara tre siffror.", "A client number has three digits."),
            words('Ange det som i Mamut, till exempel "001".', 'Give it as in Mamut, such as "001".'),
        )
    if not mamut.user.strip():
        yield missing(
            "mamut.user",
            words("Användaren i Mamut är tom.", "The user in Mamut is empty."),
            words("Ange den användare som agenten loggar in som.", "Give the user that the agent logs in as."),
        )
    yield from check_range("mamut.timeout_s", mamut.timeout_s, 1, 3600)
    yield from check_range("mamut.stop_date_warning_days", mamut.stop_date_warning_days, 0, 365)
    yield from check_register(mamut.register, "mamut.register")


def _check_shops(settings: Settings) -> Iterator[Finding]:
    if not settings.shop:
        problem = words("Ingen butik är inlagd.", "No shop has been entered.")
        yield missing("shop", problem, words("Lägg till en [[shop]].", "Add a [[shop]]."))
    for index, shop in enumerate(settings.shop):
        yield from check_shop(shop, f"shop[{index}]")
    keys = [shop.key for shop in settings.shop]
    own_name = words("Ge varje butik ett eget kortnamn.", "Give every shop a short name of its own.")
    yield from _check_twice(keys, "key", own_name)
    addresses = [_bare(shop.address) for shop in settings.shop]
    own_site = words(
        "Varje butik är en egen installation: ta bort den ena.", "Every shop is an installation of its own: remove one."
    )
    yield from _check_twice(addresses, "address", own_site)
    yield from _check_departments(settings)


def _bare(address: str) -> str:
    """The address without what may differ though the shop is the same."""
    return address.strip().lower().rstrip("/").partition("://")[2].removeprefix("www.")


def _check_twice(values: list[str], key: str, remedy: Words) -> Iterator[Finding]:
    for index, value in enumerate(values):
        if value and value in values[:index]:
            first = f"shop[{values.index(value)}]"
            problem = words(f"Samma som för {first}.", f"The same as for {first}.")
            yield conflict(f"shop[{index}].{key}", problem, remedy)


def _check_departments(settings: Settings) -> Iterator[Finding]:
    if len(connected(settings)) < 2:
        return
    seen: dict[int | None, str] = {}
    for index, shop in enumerate(settings.shop):
        if not shop.enabled:
            continue
        if shop.department in seen:
            other = shown(seen[shop.department])
            yield risky(
                f"shop[{index}].department",
                words(
                    f"Butiken bokförs på samma avdelning som {other}.",
                    f"The shop is booked on the same department as {other}.",
                ),
                words("Ge varje butik en egen avdelning i Mamut.", "Give every shop a department of its own in Mamut."),
            )
        seen.setdefault(shop.department, shop.key)
