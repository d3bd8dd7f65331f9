"""Replaying recordings of a real shop against the simulated one, and telling every difference.

The same requests in the same order from the same start; statuses, the headers a client may rely on and whole bodies are
compared (conform_match.py says what is mapped, conform_clock.py what time it is, conform_stage.py what happened
beside).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

from simulators.http import Request, Response
from simulators.woocommerce import conform_races as races
from simulators.woocommerce.call import Body, Json
from simulators.woocommerce.conform_clock import Sightings, StagedClock
from simulators.woocommerce.conform_deliveries import Receiver
from simulators.woocommerce.conform_match import Difference, Mapping, Matcher, digest, locations_agree, translate
from simulators.woocommerce.conform_past import past_of
from simulators.woocommerce.conform_request import KEYS, Signer, build
from simulators.woocommerce.conform_stage import BODIES, DIRECTIONS, Act, Ask
from simulators.woocommerce.conform_web import recorded_web
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.shop import Shop

HEADERS = (
    "Content-Type", "Link", "X-WP-Total", "X-WP-TotalPages", "Location", "Allow", "Cache-Control", "Retry-After",
    "Nonce", "Cart-Token", "Cart-Hash",
)  # fmt: skip
"""The headers that the recordings keep; one that is missing on either side is a difference."""


class Finding(msgspec.Struct, frozen=True):
    """One difference, and the exchange it was found in."""

    recording: str
    exchange: int
    note: str
    path: str
    recorded: Json
    simulated: Json


class Tally(msgspec.Struct):
    """Exchanges, and webhook deliveries beside them."""

    exchanges: int = 0
    agree: int = 0
    deliveries: int = 0
    deliveries_agree: int = 0


class Report(msgspec.Struct):
    """How far the simulated shop agrees. An exchange agrees when nothing in it differs."""

    exchanges: int = 0
    agree: int = 0
    deliveries: int = 0
    deliveries_agree: int = 0
    per_recording: dict[str, Tally] = {}
    differences: list[Finding] = []

    @property
    def share(self) -> float:
        """The share of exchanges that agree, 1.0 when there are none."""
        return self.agree / self.exchanges if self.exchanges else 1.0


def recordings(paths: Iterable[Path]) -> Iterator[Path]:
    """The recording files among files and folders, in order of name."""
    for path in paths:
        yield from sorted(path.glob("*.json")) if path.is_dir() else [path]


def run(paths: Iterable[Path]) -> Report:
    """Replay every recording, each against a new shop."""
    report = Report()
    for path in recordings(paths):
        name = path.stem
        tally = report.per_recording.setdefault(name, Tally())
        for place, note, found, delivered in replay(json.loads(path.read_text("utf-8"))):
            tally.exchanges += 1
            tally.agree += not found
            tally.deliveries += len(delivered)
            tally.deliveries_agree += sum(not one for one in delivered)
            told = [*found, *(one for each in delivered for one in each)]
            report.differences += [Finding(name, place, note, one.path, one.recorded, one.simulated) for one in told]
        report.exchanges += tally.exchanges
        report.agree += tally.agree
        report.deliveries += tally.deliveries
        report.deliveries_agree += tally.deliveries_agree
    return report


def replay(recording: Body) -> Iterator[tuple[int, str, list[Difference], list[list[Difference]]]]:
    """Replay one recording; each exchange with what differed in it and in each delivery after it."""
    stage = _Stage(recording)
    exchanges = recording["exchanges"]
    for group in races.groups(exchanges):
        found = stage.group(group)
        for place in group:
            yield place, exchanges[place]["note"], found[place], stage.deliveries(place)


class _Stage:
    """A shop, its clock and what was mapped so far, during one recording."""

    def __init__(self, recording: Body) -> None:
        self._name = recording.get("scenario", "")
        self._exchanges = recording["exchanges"]
        self._clock = StagedClock()
        self._sightings = Sightings(self._exchanges)
        self._mapping = Mapping()
        self._signer = Signer()
        self._shop = Shop(ShopOptions(keys=KEYS), self._clock)
        self._shop.after_element = self._clock.after_element
        self._shop.products.images.fetch = recorded_web
        self._tokens: dict[str, str] = {}
        self._cart = ""
        self._receiver = Receiver(recording, self._shop, self._clock, self._mapping)
        directions = DIRECTIONS.get(self._name)
        self._directions = past_of(self._exchanges) if directions is None else directions

    def group(self, group: list[int]) -> dict[int, list[Difference]]:
        """Do exchanges that were sent together, or one alone; what differs in each."""
        for place in group:
            self._direct(place, self._exchanges[place], early=False)
        answers: dict[int, Response] = {}
        for place in races.order(self._exchanges, group):
            if len(group) > 1:
                self._shop.races.stage(races.missed(self._exchanges, group, place))
                self._cart = f" {place - group[0]}"
            answers[place] = self._ask(place, self._exchanges[place])
        self._shop.races.stage(None)
        self._cart = ""
        found: dict[int, list[Difference]] = {}
        for place in group:
            differences = self._compare(self._exchanges[place], answers[place])
            if differences and len(group) > 1 and self._agrees_late(self._exchanges[place]):
                differences = []
            found[place] = differences
        return found

    def _agrees_late(self, exchange: Body) -> bool:
        """Whether the answer to a change shows the thing as it was when all that was sent together was done: an answer
        may already show what another one did meanwhile (`concurrency[1]`)."""
        if exchange["request"]["method"] != "PUT":
            return False
        read = {**exchange["request"], "method": "GET", "body": None}
        response = self._shop.handle(build({**exchange, "request": read}, self._mapping, self._signer))
        return not self._compare(exchange, response)

    def _ask(self, place: int, exchange: Body) -> Response:
        self._clock.put(self._sightings.moments(place))
        request = self._with_tokens(build(exchange, self._mapping, self._signer, BODIES.get(self._name, {}).get(place)))
        response = self._shop.handle(request)
        self._keep_tokens(response)
        return response

    def _direct(self, place: int, exchange: Body, *, early: bool) -> None:
        for direction in self._directions:
            if direction.before == place and direction.early == early:
                for act in direction.acts:
                    made = self._sightings.made(act.post_id) if isinstance(act, Ask) and act.post_id else None
                    self._clock.put_at(made or direction.moment(exchange))
                    self._act(act)

    def deliveries(self, place: int) -> list[list[Difference]]:
        if place + 1 < len(self._exchanges):
            self._direct(place + 1, self._exchanges[place + 1], early=True)
        return list(self._receiver.after(place))

    def _act(self, act: Act) -> None:
        if not isinstance(act, Ask):
            act.what(self._shop)
            return
        taken = self._shop.ids.posts.last >= act.post_id
        if act.post_id:
            self._shop.ids.posts.seen(act.post_id - 1)
        recorded = {
            "scheme": "https", "auth": "basic:read_write", "method": act.method, "path": act.path, "query": {},
            "headers": {"Content-Type": "application/json"}, "body": act.body,
        }  # fmt: skip
        now = self._clock().isoformat()
        response = self._shop.handle(build({"request": recorded, "note": "", "at": now}, self._mapping, self._signer))
        made = _decoded(response)
        if act.post_id and taken and isinstance(made, dict) and isinstance(made.get("id"), int):
            self._mapping.bind("post", act.post_id, made["id"])

    def _with_tokens(self, request: Request) -> Request:
        """The cart's token and nonce as the shop handed them out last; of several shoppers each has a cart."""
        headers = {name: self._tokens.get(name, value) for name, value in request.headers.items()}
        if self._cart and "cart-token" in headers:
            headers["cart-token"] = f"PLACEHOLDER{self._cart}"
        return msgspec.structs.replace(request, headers=headers)

    def _keep_tokens(self, response: Response) -> None:
        for name, value in response.headers:
            if name in {"Nonce", "Cart-Token"}:
                self._tokens[name.lower()] = value

    def _compare(self, exchange: Body, response: Response) -> list[Difference]:
        recorded = exchange["response"]
        found = []
        if recorded["status"] != response.status:
            found.append(Difference("status", recorded["status"], response.status))
        found += self._compare_headers(recorded["headers"], dict(response.headers))
        trimmed = bool(recorded.get("body_trimmed"))
        simulated = _decoded(response)
        root = _root(exchange["request"]["path"])
        if trimmed:
            simulated = digest(recorded["body"], simulated, str(exchange["request"]["query"].get("orderby", "")))
        found += Matcher(self._mapping, root, loose=trimmed).compare(recorded["body"], simulated)
        return found

    def _compare_headers(self, recorded: dict[str, str], simulated: dict[str, str]) -> Iterator[Difference]:
        for name in HEADERS:
            one, other = recorded.get(name), simulated.get(name)
            if other is not None:
                other = other.replace("https://shop.example", "http://shop.example")
            same = translate(one, self._mapping, [name]) == other if one and "/" in one else one == other
            if one == "PLACEHOLDER":
                same = bool(other)
            elif name == "Cart-Hash" and one and other:
                same = self._mapping.bind("cart", one, other)
            elif name == "Location" and one and other:
                same = locations_agree(one, other, self._mapping)
            if not same:
                yield Difference(f"header {name}", one, other)


def _decoded(response: Response) -> Json:
    kind = dict(response.headers).get("Content-Type", "")
    text = response.body.decode("utf-8", "replace").replace("https:\\/\\/shop.example", "http:\\/\\/shop.example")
    if not text:
        return ""
    if kind.startswith("application/json"):
        return json.loads(text)
    return text


def _root(path: str) -> str:
    """The resource a path is about: the last name in it."""
    names = [part for part in path.split("/") if part and not part.isdigit() and part != "batch"]
    return names[-1].lower() if names else ""
