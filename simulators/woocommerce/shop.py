"""One simulated shop."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import unquote

import msgspec

from simulators.http import Clock, Request, Response
from simulators.woocommerce import auth, dates, fields, php, webserver
from simulators.woocommerce.call import Body, RestError
from simulators.woocommerce.coupons import Coupons
from simulators.woocommerce.customers import Customers
from simulators.woocommerce.events import Change, Event, Events, Kind
from simulators.woocommerce.ids import Ids
from simulators.woocommerce.notes import Notes
from simulators.woocommerce.options import ShopOptions
from simulators.woocommerce.orders import Orders
from simulators.woocommerce.orders_place import Basket, place
from simulators.woocommerce.pace import work_ms
from simulators.woocommerce.payments import Payments
from simulators.woocommerce.products import Products
from simulators.woocommerce.quirks_work import QuirksAtWork
from simulators.woocommerce.races import Races
from simulators.woocommerce.refunds import Refunds
from simulators.woocommerce.routes import all_routes
from simulators.woocommerce.routing import NO_CACHE, Answer, Dispatcher, Question, Router
from simulators.woocommerce.settings import Settings
from simulators.woocommerce.stock import Stock
from simulators.woocommerce.storefront import Storefront
from simulators.woocommerce.terms import Terms
from simulators.woocommerce.tracking import Tracking
from simulators.woocommerce.webhooks import Webhooks
from simulators.woocommerce.webhooks_model import Delivery
from simulators.woocommerce.work import Work

JSON_TYPE = ("Content-Type", "application/json; charset=UTF-8")


class Shop:
    """A WooCommerce shop with everything in it.

    Deterministic: the same options, seed, clock and requests give the same answers and the same state. `handle` is one
    indivisible step. `element_ms` is how far the shop's own clock goes on for each element of a batch; `after_element`
    is told when one is done.
    """

    def __init__(self, options: ShopOptions | None = None, clock: Clock | None = None, seed: int = 0) -> None:
        self.options = options or ShopOptions()
        self._clock: Clock = clock or (lambda: dates.EPOCH + timedelta(days=20_000))
        self._seed = seed
        self._chances: dict[str, random.Random] = {}
        self._elapsed_ms = self._read_ms = 0.0
        self._read, self._second = dates.EPOCH, 0
        self.element_ms = 0.0
        self.after_element: Callable[[], None] | None = None
        self.base = self.options.home
        self.maintenance = False
        self.ids = Ids.of_a_new_shop(self.options.first_post_id)
        self.events = Events()
        self.work = Work(self.ids.actions)
        self.races = Races(self)
        self.settings = Settings(self)
        self.customers = Customers(self)
        self.terms = Terms(self)
        self.products = Products(self)
        self.stock = Stock(self)
        self.coupons = Coupons(self)
        self.orders = Orders(self)
        self.refunds = Refunds(self)
        self.notes = Notes(self)
        self.storefront = Storefront(self)
        self.faults = QuirksAtWork(self, self.options.quirks)
        self.webhooks = Webhooks(self)
        self.payments = Payments(self, self.options.plugins)
        self.tracking = Tracking(self, self.options.plugins.tracking)
        self.keyring = auth.Keyring(self.options.keys)
        self.router = Router(all_routes(self))
        self._dispatcher = Dispatcher(self.router, self.keyring)

    # What every resource may use

    def now(self) -> int:
        """The present second by the shop's clock, within a batch with the time its elements took."""
        moment = self._clock()
        if moment is not self._read or self._elapsed_ms != self._read_ms:
            self._read, self._read_ms = moment, self._elapsed_ms
            moment += timedelta(milliseconds=self._elapsed_ms)
            self._second = int((moment - dates.EPOCH).total_seconds())
        return self._second  # One request asks twenty times.

    def elapse(self) -> None:
        """One element of a batch is done: the shop's clock goes on."""
        self._elapsed_ms += self.element_ms
        if self.after_element is not None:
            self.after_element()

    def local(self, moment: int) -> str:
        return dates.local(moment, self.options.time_zone)

    def chance(self, purpose: str) -> random.Random:
        """One seeded generator for each purpose, so that one use does not shift the values of another."""
        found = self._chances.get(purpose)
        if found is None:
            found = self._chances[purpose] = random.Random(f"{self._seed} {purpose}")
        return found

    def url(self, path: str) -> str:
        """The address of a REST path ("/wc/v3/orders/12") as this answer writes it."""
        return f"{self.base}/wp-json{path}"

    def links(self, path: str, collection: str, allow: tuple[str, ...] = (), **more: str) -> Body:
        """`_links` of one thing: itself (with the methods it takes), its collection, and others by name."""
        self_link: Body = {"href": self.url(path)}
        if allow:
            self_link["targetHints"] = {"allow": list(allow)}
        linked: Body = {"self": [self_link], "collection": [{"href": self.url(collection)}]}
        linked.update((name, [{"href": self.url(to)}]) for name, to in more.items())
        return linked

    def changed(self, kind: Kind, id_: int, event: Event) -> None:
        """Announce a change to webhooks and whoever else listens."""
        self.events.tell(Change(kind, id_, event))

    def load_order(self, raw: Body) -> int:
        """Hold an order as a real shop once gave it (a REST body), so that reading it gives the same; its id."""
        return self.orders.load(raw).id

    def place_order(self, basket: Basket) -> int:
        """Buy as a shopper does in the shop window; the order's id.

        Raises:
            KeyError: for goods that the shop does not have.
            RestError: when the shop refuses (out of stock, no such payment method).
        """
        return place(self, basket).id

    def run_queue(self) -> None:
        """Run what is due in the shop's queue now, as its owner can by hand."""
        self.work.run(self.now())

    def due_deliveries(self) -> list[Delivery]:
        """Webhooks (and pings) that are to be delivered now. Report each with `delivered`; the next one of the queue
        comes only then."""
        return self.webhooks.due()

    def delivered(self, delivery_id: int, status: int | None, took_ms: int = 0) -> None:
        """How a delivery ended: the receiver's status, or None when there was no answer."""
        self.webhooks.delivered(delivery_id, status, took_ms)

    # HTTP

    def handle(self, request: Request) -> Response:
        refused = webserver.refusal(request)
        if refused is not None:
            return refused
        if self.maintenance:
            return _maintenance()
        self._elapsed_ms = 0.0
        scheme, _, rest = self.options.home.partition("://")
        self.base = f"{'https' if request.scheme == 'https' else scheme}://{rest}"
        try:
            self.work.visit(self.now())
            return self.faults.answered(request, lambda asked: webserver.passed_on(self._page(asked)))
        finally:
            self.base = self.options.home
            self._elapsed_ms = 0.0

    def _page(self, request: Request) -> Response:
        path = self._rest_path(request)
        if path is None:
            return self.storefront.page(request)
        self.races.begin(self._clock())
        answer, asked = self._dispatcher.answer(request, path, self.now())
        worked_ms = work_ms(request, answer.body)
        self.races.end(worked_ms)
        return msgspec.structs.replace(self._response(answer, asked), work_ms=worked_ms)

    def _rest_path(self, request: Request) -> str | None:
        path = unquote(request.path)
        if path == "/wp-json" or path.startswith("/wp-json/"):
            return path[len("/wp-json") :] or "/"
        route = php.parse_query(request.query).get("rest_route")
        return route if path in {"/", "/index.php"} and isinstance(route, str) and route else None

    def _response(self, answer: Answer, asked: Question) -> Response:
        headers = dict([JSON_TYPE, ("Link", f'<{self.base}/wp-json/>; rel="https://api.w.org/"')])
        told = [*answer.headers, *([("Allow", ", ".join(answer.allow))] if answer.allow else [])]
        body, status = answer.body, answer.status
        if "_envelope" in asked.query:
            body, status = fields.envelope(body, status, told), 200
        else:
            headers.update(told)
        if answer.user is not None:
            headers[NO_CACHE[0]] = NO_CACHE[1]
        raw = php.encode(body)
        jsonp = asked.query.get("_jsonp")
        if isinstance(jsonp, str):
            try:
                fields.check_jsonp(jsonp)
            except RestError as fault:
                return Response(status=400, headers=tuple(headers.items()), body=php.encode(fault.body()))
            headers["Content-Type"] = "application/javascript; charset=UTF-8"
            raw = b"/**/" + jsonp.encode() + b"(" + raw + b")"
        if asked.method == "HEAD":
            raw = b""
        return Response(status=status, headers=tuple(headers.items()), body=raw)


def _maintenance() -> Response:
    """While the shop updates itself (`errors[72]`)."""
    text = "Briefly unavailable for scheduled maintenance. Check back in a minute."
    body = {"code": "wp_die", "message": text, "data": {"status": 503}, "additional_errors": []}
    headers = (JSON_TYPE, ("Retry-After", "600"), NO_CACHE)
    return Response(status=503, headers=headers, body=php.encode(body))
