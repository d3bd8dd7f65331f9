"""What the shop tells about itself: indexes of its routes, system status, countries, currencies."""

from __future__ import annotations

import uuid
from importlib import resources
from typing import TYPE_CHECKING

from simulators.woocommerce import dates, fields, php, world
from simulators.woocommerce.call import READ, Body, Call, Endpoint, Reply, RestError, Route, anybody, staff_may
from simulators.woocommerce.orders_model import STATUSES

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

_NAMESPACES = (
    "oembed/1.0", "wc/v3", "wc/v1", "wc/pos/v1/catalog", "jetpack/v4", "wc-admin", "wc-analytics", "wc/store",
    "wc/store/v1", "wc/private", "wc/v2", "wc-admin-email", "wc-telemetry", "wccom-site/v3", "wp-abilities/v1", "wp/v2",
    "wp-site-health/v1", "wp-block-editor/v1",
)  # fmt: skip
_STATUSES = ("publish", "draft", "pending", "private", "future", "trash")
_FEATURES = (
    "analytics", "marketplace", "order_attribution", "site_visibility_badge", "remote_logging", "email_improvements",
    "blueprint", "point_of_sale", "custom_order_tables",
)  # fmt: skip
_VISIBILITY = (
    "exclude-from-catalog", "exclude-from-search", "featured", "outofstock", "rated-1", "rated-2", "rated-3", "rated-4",
    "rated-5",
)  # fmt: skip


def other_routes(known: list[Route]) -> list[Route]:
    """Routes that the real shop has and this one only names in its index (routes.txt): the marketplace and its like.

    They take the same methods and refuse with 501, so that nobody takes a made-up answer for a real one.
    """
    patterns = {route.pattern for route in known}
    text = resources.files("simulators.woocommerce").joinpath("routes.txt").read_text("utf-8")
    others = []
    for line in text.splitlines():
        pattern, _, methods = line.partition("\t")
        if pattern not in patterns:
            others.append(Route(pattern, (Endpoint(tuple(methods.split()), _not_simulated, staff_may("view")),)))
    return others


def _not_simulated(call: Call) -> Reply:
    raise RestError("simulator_not_simulated", f"The simulated shop does not answer {call.route}.", 501)


class About:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._store_id = str(uuid.UUID(int=shop.chance("store id").getrandbits(128), version=4))

    def routes(self) -> list[Route]:
        public = {"/": self.index, "/wc/v3": self.namespace, "/wc/v3/orders/statuses": self.statuses}
        data = {
            "/wc/v3/data": self.data,
            "/wc/v3/data/countries": self.countries,
            "/wc/v3/data/countries/(?P<location>[\\w-]+)": self.country,
            "/wc/v3/data/currencies": self.currencies,
            "/wc/v3/data/currencies/current": self.current_currency,
            "/wc/v3/data/currencies/(?P<currency>[\\w-]{3})": self.currency,
            "/wc/v3/system_status": self.system_status,
            "/wc-analytics/products/low-in-stock": self.low_in_stock,
        }
        return [
            *(Route(pattern, (Endpoint(READ, handler, anybody),)) for pattern, handler in public.items()),
            *(Route(pattern, (Endpoint(READ, handler, staff_may("list")),)) for pattern, handler in data.items()),
            Route("/wp/v2/users/me", (Endpoint(READ, self.me, anybody),)),
        ]

    def me(self, _call: Call) -> Reply:
        """A WooCommerce key is nobody here (`auth[52]`)."""
        raise RestError("rest_not_logged_in", "You are not currently logged in.", 401)

    # Indexes

    def index(self, call: Call) -> Reply:
        options = self._shop.options
        offset = dates.offset_s(self._shop.now(), options.time_zone) / 3600
        # Two hundred of them, which a client that only wants to know who answers does not ask for.
        routes_asked = call.fields is None or any(name.startswith("routes") for name in call.fields)
        authorization = f"{self._shop.base}/wp-admin/authorize-application.php"
        body: Body = {
            "name": options.name,
            "description": "",
            "url": options.home,
            "home": options.home,
            "gmt_offset": php.number(offset),
            "timezone_string": options.time_zone,
            "page_for_posts": 0,
            "page_on_front": 0,
            "show_on_front": "posts",
            "namespaces": list(dict.fromkeys((*_NAMESPACES, *self._shop.tracking.spaces))),
            "authentication": {"application-passwords": {"endpoints": {"authorization": authorization}}},
            "routes": self._described("/") if routes_asked else {},
            "site_logo": 0,
            "site_icon": 0,
            "site_icon_url": "",
            "_links": {"help": [{"href": "https://developer.wordpress.org/rest-api/"}]},
        }
        return Reply(body=body)

    def namespace(self, _call: Call) -> Reply:
        body = {"namespace": "wc/v3", "routes": self._described("/wc/v3")}
        return Reply(body=body, links={"up": [{"href": self._shop.url("/")}]})

    def _described(self, prefix: str) -> Body:
        told: Body = {}
        for route in self._shop.router.routes:
            if not route.pattern.startswith(prefix) or route.pattern == "/":
                continue
            methods = list(dict.fromkeys(method for endpoint in route.endpoints for method in endpoint.methods))
            told[route.pattern] = {
                "namespace": "/".join(route.pattern.strip("/").split("/")[:2]),
                "methods": methods,
                "endpoints": [{"methods": list(endpoint.methods), "args": {}} for endpoint in route.endpoints],
                "_links": {"self": [{"href": self._shop.url(route.pattern)}]},
            }
        return told

    def statuses(self, _call: Call) -> Reply:
        return Reply(body=[{"slug": slug, "name": name} for slug, name in STATUSES.items()])

    # Data

    def data(self, _call: Call) -> Reply:
        kinds = {
            "continents": "List of supported continents, countries, and states.",
            "countries": "List of supported states in a given country.",
            "currencies": "List of supported currencies.",
        }
        rows = [
            {"slug": slug, "description": text, "_links": self._shop.links(f"/wc/v3/data/{slug}", "/wc/v3/data", READ)}
            for slug, text in kinds.items()
        ]
        return Reply(body=rows)

    def _country(self, code: str, path: str) -> tuple[Body, Body]:
        body = {"code": code, "name": world.countries()[code], "states": []}
        return body, self._shop.links(f"/wc/v3/data/countries/{path}", "/wc/v3/data/countries", READ)

    def countries(self, _call: Call) -> Reply:
        rows = []
        for code in world.countries():
            body, links = self._country(code, code.lower())
            rows.append({**body, "_links": links})
        return Reply(body=rows)

    def country(self, call: Call) -> Reply:
        sent = php.to_str(call.args.get("location"))
        if sent.upper() not in world.countries():
            text = "There are no locations matching these parameters."
            raise RestError("woocommerce_rest_data_invalid_location", text, 404)
        body, links = self._country(sent.upper(), sent)
        return Reply(body=body, links=links)

    def _currency(self, code: str) -> tuple[Body, Body]:
        name, symbol = world.CURRENCIES[code]
        path = "/wc/v3/data/currencies"
        return {"code": code, "name": name, "symbol": symbol}, self._shop.links(f"{path}/{code}", path, READ)

    def currencies(self, _call: Call) -> Reply:
        return Reply(body=[{**body, "_links": links} for body, links in map(self._currency, world.CURRENCIES)])

    def currency(self, call: Call) -> Reply:
        code = php.to_str(call.args.get("currency")).upper()
        if code not in world.CURRENCIES:
            text = "There are no currencies matching these parameters."
            raise RestError("woocommerce_rest_data_invalid_currency", text, 404)
        body, links = self._currency(code)
        return Reply(body=body, links=links)

    def current_currency(self, _call: Call) -> Reply:
        body, links = self._currency(self._shop.settings.currency)
        return Reply(body=body, links=links)

    def low_in_stock(self, _call: Call) -> Reply:
        """Of wc-analytics only that a key opens it (`auth[53]`)."""
        return Reply(body=[], headers=[("X-WP-Total", "0"), ("X-WP-TotalPages", "0")])

    # System status

    def system_status(self, call: Call) -> Reply:
        """Its parts come in the order in which _fields names them (`index_settings[1]`)."""
        body: Body = {
            "environment": self._environment(),
            "database": {"wc_database_version": self._shop.options.woocommerce, "database_prefix": "wp_"},
            "active_plugins": [],
            "inactive_plugins": [],
            "dropins_mu_plugins": {"dropins": [], "mu_plugins": []},
            "theme": {"name": "Twenty Twenty-Five", "version": "1.4", "is_child_theme": False},
            "settings": self._settings(),
            "security": {"secure_connection": True, "hide_errors": True},
            "pages": [],
            "post_type_counts": self._post_types(),
        }
        names = dict.fromkeys(name.partition(".")[0] for name in fields.wanted(call.query))
        return Reply(body={name: body[name] for name in names if name in body} or body)

    def _environment(self) -> Body:
        options = self._shop.options
        return {
            "home_url": options.home,
            "site_url": options.home,
            "store_id": self._store_id,
            "version": options.woocommerce,
            "wp_version": options.wordpress,
            "wp_multisite": False,
            "wp_memory_limit": 268435456,
            "wp_debug_mode": False,
            "wp_cron": False,
            "language": options.language,
            "external_object_cache": None,
            "server_info": "nginx/1.22.1",
            "php_version": "8.2.36",
            "php_post_max_size": 8388608,
            "php_max_execution_time": 30,
            "php_max_input_vars": 1000,
            "max_upload_size": 2097152,
            "mysql_version": "10.11.19",
            "mysql_version_string": "10.11.19-MariaDB",
            "default_timezone": "UTC",
        }

    def _settings(self) -> Body:
        settings = self._shop.settings
        kinds = ("external", "grouped", "simple", "variable")
        _, symbol = world.CURRENCIES.get(settings.currency, ("", settings.currency))
        return {
            "api_enabled": False,
            "force_ssl": False,
            "currency": settings.currency,
            "currency_symbol": symbol,
            "currency_position": settings.text("currency_pos"),
            "thousand_separator": settings.text("price_thousand_sep"),
            "decimal_separator": settings.text("price_decimal_sep"),
            "number_of_decimals": settings.decimals,
            "geolocation_enabled": False,
            "taxonomies": {kind: kind for kind in kinds},
            "product_visibility_terms": {term: term for term in _VISIBILITY},
            "woocommerce_com_connected": "no",
            "enforce_approved_download_dirs": True,
            "order_datastore": "Automattic\\WooCommerce\\Internal\\DataStores\\Orders\\OrdersTableDataStore",
            "HPOS_enabled": True,
            "HPOS_sync_enabled": False,
            "enabled_features": list(_FEATURES),
        }

    def _post_types(self) -> list[Body]:
        shelf = self._shop.products.shelf
        counts = {"attachment": 1, "page": 7, "post": 2}
        for name, kind in (("product", shelf.products), ("product_variation", shelf.variations)):
            counts[name] = sum(kind.by_status.count(status) for status in _STATUSES)
        return [{"type": kind, "count": str(count)} for kind, count in sorted(counts.items()) if count]
