"""Fatal errors of PHP: 500 with the error and its stack trace, which WordPress shows to staff (`errors[3]`)."""

from __future__ import annotations

from collections.abc import Sequence

from simulators.woocommerce.call import Call, Json, RestError

CODE = "internal_server_error"
ROOT = "/var/www/html/"
V3 = f"{ROOT}wp-content/plugins/woocommerce/includes/rest-api/Controllers/Version3/"
REQUEST = f"{ROOT}wp-includes/rest-api/class-wp-rest-request.php"

_TEXT = (
    "<p>There has been a critical error on this website.</p><p><a "
    'href="https://wordpress.org/documentation/article/faq-troubleshooting/">Learn more about troubleshooting '
    "WordPress.</a></p>"
)

_CONTROLLERS = {
    "products": "WC_REST_Products_Controller",
    "orders": "WC_REST_Orders_Controller",
    "customers": "WC_REST_Customers_Controller",
    "coupons": "WC_REST_Coupons_Controller",
    "variations": "WC_REST_Product_Variations_Controller",
    "refunds": "WC_REST_Order_Refunds_Controller",
}


def error(call: Call, message: str, file: str, line: int, frames: Sequence[str], handler: str) -> RestError:
    """The answer to a fatal error.

    `message` is what stands before " in file:line" (give it with "in" already when PHP words it otherwise); `frames`
    are the innermost stack frames; `handler` is the controller's method that WordPress' server called, e.g.
    "WC_REST_Orders_Controller->create_item". The frames below it are always the same.
    """
    path = call.request.path.removeprefix("/wp-json") if call.request is not None else ""
    server = f"{ROOT}wp-includes/rest-api/class-wp-rest-server.php"
    route = _short(call.route)
    stack = [
        *frames,
        f"{server}(1292): {handler}(Object(WP_REST_Request))",
        f"{server}(1125): WP_REST_Server->respond_to_request(Object(WP_REST_Request), {route}, Array, NULL)",
        f"{server}(439): WP_REST_Server->dispatch(Object(WP_REST_Request))",
        f"{ROOT}wp-includes/rest-api.php(467): WP_REST_Server->serve_request({_short(path)})",
        f"{ROOT}wp-includes/class-wp-hook.php(341): rest_api_loaded(Object(WP))",
        f"{ROOT}wp-includes/class-wp-hook.php(365): WP_Hook->apply_filters(NULL, Array)",
        f"{ROOT}wp-includes/plugin.php(570): WP_Hook->do_action(Array)",
        f"{ROOT}wp-includes/class-wp.php(418): do_action_ref_array('parse_request', Array)",
        f"{ROOT}wp-includes/class-wp.php(821): WP->parse_request('')",
        f"{ROOT}wp-includes/functions.php(1343): WP->main('')",
        f"{ROOT}wp-blog-header.php(16): wp()",
        f"{ROOT}index.php(17): require('/var/www/html/w...')",
    ]
    trace = "".join(f"#{place} {frame}\n" for place, frame in enumerate(stack)) + f"#{len(stack)} {{main}}\n  thrown"
    where = "" if message.endswith(f"{file}:{line}") else f" in {file}:{line}"
    told = {"type": 1, "message": f"{message}{where}\nStack trace:\n{trace}", "file": file, "line": line}
    return RestError(CODE, _TEXT, 500, {"error": told}, beside={"additional_errors": []})


def _short(text: str) -> str:
    """A text argument as PHP's stack traces print it: cut after 15 characters."""
    return f"'{text}'" if len(text) <= 15 else f"'{text[:15]}...'"


def scalar_body(body: Json, call: Call) -> RestError:
    """A JSON body that is a text or a number: saved first, then fatal (`errors[3]`)."""
    kind = "Uncaught TypeError: Cannot access offset of type string on string"
    if not isinstance(body, str):
        kind = "Uncaught Error: Cannot use a scalar value as an array"
    parts = call.route.split("/")
    named = [name for name in _CONTROLLERS if name in parts]
    controller = _CONTROLLERS[named[-1]] if named else "WC_REST_Controller"
    item = "create_item" if call.method == "POST" and not parts[-1].startswith("(") else "update_item"
    line = 230 if item == "create_item" else 283
    inner = [f"{V3}class-wc-rest-crud-controller.php({line}): WP_REST_Request->set_param('context', 'edit')"]
    if controller == "WC_REST_Products_Controller" and item == "create_item":
        above = f"{V3}class-wc-rest-products-controller.php(2157)"
        inner.append(f"{above}: WC_REST_CRUD_Controller->create_item(Object(WP_REST_Request))")
    return error(call, kind, REQUEST, 468, inner, f"{controller}->{item}")


def text_in_batch(call: Call) -> RestError:
    """A text among the elements of a batch, as when `update` is an object and not a list (`products_batch[8]`)."""
    file = f"{V3}class-wc-rest-controller.php"
    frames, handler = [], "WC_REST_Controller->batch_items"
    if call.route.endswith("/products/batch"):
        v2 = V3.replace("Version3", "Version2")
        frames = [f"{v2}class-wc-rest-products-v2-controller.php(248): {handler}(Object(WP_REST_Request))"]
        handler = "WC_REST_Products_V2_Controller->batch_items"
    kind = "Uncaught TypeError: Cannot access offset of type string on string"
    return error(call, kind, file, 300, frames, handler)
