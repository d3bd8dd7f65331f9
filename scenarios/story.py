"""Stories as data: where a play starts, what happens when, which faults and kills, and what must be seen in the end.

A story is a TOML file in scenarios/stories, named after what it shows. Every key is typed, an unknown one is refused.
"""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import msgspec

from agent.settings.tree import ShopSettings
from agent.settings.tree_goods import RegisterSettings
from agent.settings.tree_mail import MailSettings
from scenarios.act import Act, Which, seconds
from scenarios.beside_end import Companion
from scenarios.faults import FaultSettings
from scenarios.play import StepKill, shop_settings
from scenarios.stage import START
from scenarios.story_beside import BesideHappening
from scenarios.story_goods import GoodsHappening
from simulators.mamut.options import MamutOptions
from simulators.woocommerce.options import ShopOptions

STORIES = Path(__file__).parent / "stories"


class Place(Act, frozen=True, tag="place"):
    """Orders come in, `apart_s` seconds after each other. `lines` are articles with quantities, else the seed's choice;
    `body` goes over the order as the shop's REST interface takes it; `buyer` makes several orders one person's. With
    `checkout` they are bought in the shop window and paid for by that method; the shop may refuse such a buyer, who
    then has no order. `shop` is another shop than the story's own, whose orders have no place in the story."""

    count: int = 1
    apart_s: float = 0.0
    lines: list[tuple[str, int]] = []
    body: dict[str, Any] = {}
    buyer: int | None = None
    registered: bool = False
    company: bool = False
    checkout: str = ""
    shop: str = ""


class Load(Act, frozen=True, tag="load"):
    """An order as some real shop gave it: an ordinary one with these fields over it, not worked out by the shop."""

    fields: dict[str, Any]
    lines: list[tuple[str, int]] = []


class Edit(Act, frozen=True, tag="edit"):
    """Somebody at the shop changes orders; `quietly` without their date of change moving. `fees_off` takes off what
    fees they have."""

    orders: Which
    body: dict[str, Any] = {}
    quietly: bool = False
    fees_off: bool = False


class Spoil(Act, frozen=True, tag="spoil"):
    """A plugin leaves something in orders that does not belong there: these fields are shown so."""

    orders: Which
    fields: dict[str, Any]


class Rest(Act, frozen=True, tag="rest"):
    """Anything else that the shop's people do, as a call of its REST interface."""

    path: str
    method: str = "POST"
    body: dict[str, Any] = {}


class Refund(Act, frozen=True, tag="refund"):
    """Money goes back: an `amount`, pieces of articles at what they cost, the `shipping`, or all that is left."""

    order: int
    amount: str = ""
    pieces: dict[str, int] = {}
    shipping: bool = False
    all: bool = False
    restock: bool = True


class Remove(Act, frozen=True, tag="remove"):
    """Into the trash, or with `for_good` deleted."""

    orders: Which
    for_good: bool = False


class ShopProduct(Act, frozen=True, tag="shop_product"):
    """The shop gets a product, or the one with this SKU is changed."""

    sku: str
    body: dict[str, Any] = {}


class MamutArticle(Act, frozen=True, tag="mamut_article"):
    """Mamut gets an article, or the one with this number is changed."""

    number: str
    body: dict[str, Any] = {}


class MamutContact(Act, frozen=True, tag="mamut_contact"):
    """Mamut gets a contact, or the one made for an order's buyer is changed."""

    body: dict[str, Any]
    of_order: int | None = None


class MamutDocument(Act, frozen=True, tag="mamut_document"):
    """Somebody at Mamut works on an order's document: cancel, deliver, invoice; `type` puts `fields` into it, `make`
    makes one by hand for it."""

    order: int
    act: Literal["cancel", "deliver", "invoice", "make", "type"]
    fields: dict[str, str] = {}


class Trouble(Act, frozen=True, tag="trouble"):
    """The next `times` calls that it can meet run into this trouble of Mamut, whatever its share."""

    kind: str
    times: int = 1


class Fault(Act, frozen=True, tag="fault"):
    """A fault by name: an event happens, anything else lasts for `lasts_s` seconds, or to the end when that is 0."""

    name: str
    lasts_s: float = 0.0


class Outage(Act, frozen=True, tag="outage"):
    """One shop alone does not serve anybody for a while: each request to it meets one of these faults of an exchange
    (scenarios/faults.py)."""

    shop: str
    faults: list[str]
    lasts_s: float


class Visits(Act, frozen=True, tag="visits"):
    """From now on somebody looks at a shop's pages again and again, which is what starts its queue."""

    shop: str = ""
    every_s: float = 30.0


class Calm(Act, frozen=True, tag="calm"):
    """All faults end."""


class Agent(Act, frozen=True, tag="agent"):
    act: Literal["kill", "stop", "start", "lose_journal"]


class KillInStep(Act, frozen=True, tag="kill_in_step"):
    """This life of the agent, or the first one that comes to it, ends before or after a durable step."""

    kill: StepKill


class Settings(Act, frozen=True, tag="settings"):
    """The merchant changes the settings: keys of a shop's table, the package, or the whole table of mail. The agent is
    started anew."""

    shop: dict[str, Any] = {}
    package: str = ""
    premium_limit: int | None = None
    mail: MailSettings | None = None


class Reload(Settings, frozen=True, tag="reload"):
    """The same, taken up by the agent while it works, or refused by it when the file is `wrong`."""

    wrong: bool = False


class Wish(Act, frozen=True, tag="wish"):
    """A person asks the agent for something: retry, exclude, hold, adopt, accept, poll, or an errand. `article` is one
    of the shop by its number, `args` what else belongs to it; `shop` is "@mail" for what is asked of the mail."""

    kind: str
    order: int = 0
    document_of: int = 0
    article: str = ""
    args: dict[str, str] = {}
    shop: str = ""


class Shop(Act, frozen=True, tag="shop"):
    """The shop as a whole: `backup` keeps a copy, `restore` goes back to it, `move` takes it to another address, and
    `clock` puts its clock wrong by `seconds`."""

    act: Literal["backup", "restore", "move", "clock"]
    home: str = ""
    seconds: float = 0.0


Happening = (
    Place
    | Load
    | Edit
    | Spoil
    | Rest
    | Refund
    | Remove
    | ShopProduct
    | MamutArticle
    | MamutContact
    | MamutDocument
    | Trouble
    | Fault
    | Outage
    | Visits
    | Calm
    | Agent
    | KillInStep
    | Settings
    | Reload
    | Wish
    | Shop
    | GoodsHappening
    | BesideHappening
)


class Expect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What must be so in the end, beyond what every play is checked for.

    `orders` gives for an order's place in the story its state ("transferred") or reason ("BRY-H05"); `all` is the same
    for every order that `orders` does not name. `reasons` and `faults` are codes that must have been seen on the way.
    `documents` is how many living documents of shop orders Mamut holds, `contacts` how many were made for buyers.
    `told` are kinds of events that some order's story must hold. `kills` is how often the agent died, at least;
    its end with the story is one of them.

    Of what Mamut governs: `products` gives for an article the type and status of its product in the shop ("simple
    publish", "" for none), `stock` and `prices` what is shown ("12", "12 notify", "(0)" for a hidden one;
    "125.00/99.00" with a sale price), `articles` the code its task waits with. `goods` are codes that must have been
    told. `in_mamut` gives for an article its price and name in Mamut ("100.0000 Garn", with "inactive" behind, "" for
    none), `held` the code with which a product of the shop is held on its way there, by its SKU or name. `statuses` and
    `captures` are for orders, by their place in the story; `mails` counts the shop's mails by
    kind. `goods_writes` is the most requests that may have written products.

    Of changes after the transfer, by an order's place in the story: `credited` gives the totals of its living credit
    notes, in the refunds' order, `booked` the status and total of its document ("unprocessed_order 125.00"), `attends`
    the code with which a change waits for a person, "" for none, `document` fields that its document has.

    Of the plan of a first synchronisation that was made last: `plan` gives how many of its rows were planned so
    ("make", "link", "change", "same", "refuse", "leave") or have come so far ("done", "skipped", "refused", "undone",
    "left").

    `answers` gives what people were answered, by what they asked for, each answer once; `letters` the subjects of the
    merchant's letters, each once, in any order; `webhooks` how many the shop has in the end; `nameless` how many orders
    nobody can find by what they hold.

    `within_s` gives for a shop the longest that an order may take from its making to its document, in seconds.
    """

    all: str = ""
    orders: dict[str, str] = {}
    reasons: list[str] = []
    faults: list[str] = []
    documents: int | None = None
    contacts: int | None = None
    told: list[str] = []
    counted: int | None = None
    kills: int = 0
    products: dict[str, str] = {}
    stock: dict[str, str] = {}
    prices: dict[str, str] = {}
    articles: dict[str, str] = {}
    goods: list[str] = []
    in_mamut: dict[str, str] = {}
    held: dict[str, str] = {}
    statuses: dict[str, str] = {}
    captures: dict[str, str] = {}
    mails: dict[str, int] = {}
    goods_writes: int | None = None
    within_s: dict[str, float] = {}
    credited: dict[str, list[str]] = {}
    booked: dict[str, str] = {}
    attends: dict[str, str] = {}
    document: dict[str, dict[str, str]] = {}
    plan: dict[str, int] = {}
    answers: dict[str, list[str]] = {}
    letters: list[str] | None = None
    webhooks: int | None = None
    nameless: int | None = None


class Story(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One story.

    `shows` is the sentence that the play proves; `problem` names the problem of the trade that it is about, with its
    sources. `minutes` is how long the agent lives among what happens, before faults end and it is let come to rest.
    `goods` articles are in Mamut, and as many products of their numbers in the shop, or `in_shop`. `others` are more
    shops by their keys, each with what its table says otherwise than the story's own. `register` is how Mamut is read.
    `frozen` says that a person is still needed in the end, so that the agent is not expected to come to rest. With
    `beside` others work in its process: who watches, by `mail` and by looking out, and who serves the admin.
    """

    name: str = ""
    shows: str
    problem: str = ""
    start: datetime = START
    minutes: float = 10.0
    settle_minutes: float = 61.0
    package: str = "premium"
    premium_limit: int | None = None
    goods: int = 10
    in_shop: int | None = None
    others: dict[str, dict[str, Any]] = {}
    register: RegisterSettings = RegisterSettings()
    shop: dict[str, Any] = {}
    shop_options: ShopOptions = ShopOptions(home="https://butik.example")
    mamut: MamutOptions = MamutOptions()
    then: tuple[Happening, ...] = ()
    faults: FaultSettings = FaultSettings()
    expect: Expect = Expect()
    frozen: bool = False
    beside: tuple[Companion, ...] = ()
    mail: MailSettings = MailSettings()

    def settings(self) -> ShopSettings:
        return with_changes(shop_settings(), self.shop)

    def other_settings(self, key: str) -> ShopSettings:
        return with_changes(with_changes(shop_settings(key), self.shop), self.others[key])


class StoryError(ValueError):
    """A story's file does not say what a story must say."""


def with_changes(settings: ShopSettings, changes: dict[str, Any]) -> ShopSettings:
    """A shop's settings with keys of its table changed, as the settings file writes them."""
    tree = msgspec.to_builtins(settings)
    return msgspec.convert(_merged(tree, changes), ShopSettings, strict=False)


def _merged(tree: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = dict(tree)
    for key, value in changes.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, dict) and isinstance(value, dict) else value
    return merged


def load(path: Path) -> Story:
    """Raises StoryError with the file's name and the place in it."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        options = raw.get("shop_options")
        if isinstance(options, dict):
            options.setdefault("home", "https://butik.example")
        story = msgspec.convert(raw, Story)
        story.settings()
        for key in story.others:
            story.other_settings(key)
        for act in story.then:
            seconds(act.at)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as error:
        raise StoryError(f"{path.name}: {error}") from error
    return msgspec.structs.replace(story, name=path.stem)


def find(paths: tuple[Path, ...]) -> list[Path]:
    """The stories in these files and folders, all there are when none is named. Raises StoryError for a wrong path."""
    found: list[Path] = []
    for path in paths or (STORIES,):
        if path.is_dir():
            found += sorted(path.glob("*.toml"))
        elif path.suffix == ".toml" and path.exists():
            found.append(path)
        elif (STORIES / f"{path.name}.toml").exists():
            found.append(STORIES / f"{path.name}.toml")
        else:
            raise StoryError(f"there is no story {path}")
    return found
