"""Pages of a list: which part, X-WP-Total, X-WP-TotalPages and the Link header."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from urllib.parse import quote

from simulators.woocommerce import php
from simulators.woocommerce.call import Arg, Body, Call, Json, Reply

PAGE = Arg(kind="integer", default=1, minimum=1)
PER_PAGE = Arg(kind="integer", default=10, minimum=1, maximum=100)


def window(call: Call) -> tuple[int, int]:
    """Where the wanted page begins and how long it is; `offset` beats `page`."""
    per_page = int(call.args.get("per_page", 10))
    offset = call.args.get("offset")
    if offset is not None:
        return int(offset), per_page
    return (int(call.args.get("page", 1)) - 1) * per_page, per_page


def page_of(call: Call, rows: Sequence[Json], total: int, url: str, repeated: Body | None = None) -> Reply:
    """A page that is already cut and rendered, with its headers.

    `url` is the list's address; `repeated` are parameters that the Link header repeats although they were not asked
    for, as those of orders do (`orders_list[3]`).
    """
    per_page = max(1, int(call.args.get("per_page", 10)))
    pages = -(-total // per_page)
    return Reply(body=list(rows), headers=headers(call, total, pages, url, repeated))


def headers(call: Call, total: int, pages: int, url: str, repeated: Body | None = None) -> list[tuple[str, str]]:
    """X-WP-Total, X-WP-TotalPages and, where there is a page before or after, Link."""
    told = [("X-WP-Total", str(total)), ("X-WP-TotalPages", str(pages))]
    page = int(call.args.get("page", 1))
    base = {**call.query, **{name: value for name, value in (repeated or {}).items() if name not in call.query}}
    links = []
    if page > 1:
        links.append(f'<{_address(url, base, min(page - 1, pages))}>; rel="prev"')
    if pages > page:
        links.append(f'<{_address(url, base, page + 1)}>; rel="next"')
    if links:
        told.append(("Link", ", ".join(links)))
    return told


def _address(url: str, query: Body, page: int) -> str:
    params = dict(query)
    params["page"] = page
    return f"{url}?{build_query(params)}"


def build_query(params: Body) -> str:
    """add_query_arg of WordPress: nested names in %5B %5D, an empty value without its equals sign
    (`products_list[38]`)."""
    return "&".join(_pairs("", params))


def _pairs(prefix: str, params: Body | list[Json]) -> Iterable[str]:
    items: Iterable[tuple[str, Json]] = (
        params.items() if isinstance(params, dict) else ((str(place), value) for place, value in enumerate(params))
    )
    for key, value in items:
        name = f"{prefix}%5B{key}%5D" if prefix else key
        if isinstance(value, dict | list):
            yield from _pairs(name, value)
        elif value is not None:
            text = _quoted(php.to_str(value))
            yield f"{name}={text}" if text else name


@lru_cache(maxsize=1024)
def _quoted(text: str) -> str:
    """A client asks for the same fields in each of its requests, and each next page tells them again."""
    return quote(text, safe="-_.").replace("~", "%7E").replace("%20", "+")
