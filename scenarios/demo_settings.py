"""The settings and secrets of a demo, in files as a merchant has them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from agent.cli.output import complain
from agent.cli.settings import PackageName, check_lines
from agent.model.ids import ShopKey
from agent.model.words import Language
from agent.packages import Feature, package
from agent.settings.judge import judge
from scenarios.demo_children import environment

SHOP = ShopKey("butik")

MAMUT_PASSWORD = "simulerad"  # noqa: S105 - of the simulated company
CONSUMER_KEY = "ck_" + "1" * 40
CONSUMER_SECRET = "cs_" + "1" * 40

_SETTINGS = """\
package = "{package}"
language = "{language}"
data_dir = "{folder}"
{premium}
[admin]
enabled = false

[mamut]
address = "{mamut}"
user = "brygga"
{register}
[[shop]]
key = "{key}"
name = "Exempelbutiken"
address = "{shop}"
flow = {flow}
department = 10

[shop.orders]
trigger = ["processing", "completed"]
start_at = {start_at}

[shop.articles]
unknown = "hold"

[shop.vat]
eu_company = 10
export = 11
domestic = {{ "25" = 3, "12" = 4, "6" = 5 }}
{statuses}{reading}"""

_SECRETS = """\
[mamut]
password = "{password}"

[shop.{key}]
consumer_key = "{consumer_key}"
consumer_secret = "{consumer_secret}"
"""

# A demo is watched: minutes without anything happening would look like a fault.
_READING = "\n[shop.reading]\ninterval_s = 5.0\n"
_REGISTER = """
[mamut.register]
articles_every_s = 10.0
prices_every_s = 10.0
stock_every_s = 10.0
statuses_every_s = 10.0
"""
_TO_MAMUT = '\n[shop.to_mamut]\nenabled = true\ndefault_unit = "st"\n'
_STATUSES = "\n[shop.statuses]\nenabled = true\n"


def write_settings(
    folder: Path,
    *,
    mamut: str,
    shop: str,
    package_name: PackageName,
    flow: int,
    language: Language,
    statuses: bool = False,
    to_mamut: bool = False,
) -> None:
    """`brygga.toml` and `secrets.toml`. `mamut` and `shop` are addresses; `statuses` switches order status on,
    `to_mamut` products to Mamut. Times are short where the package lets them be chosen."""
    quick = Feature.SCHEDULING in package(package_name).features
    text = _SETTINGS.format(
        package=package_name,
        language=language,
        folder=folder.resolve().as_posix(),
        premium="premium_limit = 5000\n" if package_name == "premium" else "",
        mamut=mamut,
        register=_REGISTER if quick and statuses else "",
        key=SHOP,
        shop=shop,
        flow=flow,
        start_at=datetime(2020, 1, 1, tzinfo=UTC).isoformat(),
        statuses=(_STATUSES if statuses else "") + (_TO_MAMUT if to_mamut else ""),
        reading=_READING if quick else "",
    )
    (folder / "brygga.toml").write_text(text, encoding="utf-8")
    secrets = _SECRETS.format(
        password=MAMUT_PASSWORD, key=SHOP, consumer_key=CONSUMER_KEY, consumer_secret=CONSUMER_SECRET
    )
    file = os.open(folder / "secrets.toml", os.O_WRONLY | os.O_CREAT, 0o600)
    with os.fdopen(file, "w", encoding="utf-8") as target:
        target.write(secrets)


def is_sound(folder: Path, language: Language) -> bool:
    """Whether the settings would start an agent; says what is wrong where they would not."""
    judgement = judge(folder / "brygga.toml", environment())
    if judgement.settings is None:
        for line in check_lines(judgement, language):
            complain(line)
    return judgement.settings is not None
