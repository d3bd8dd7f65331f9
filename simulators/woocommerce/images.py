"""The shop's media library, as far as products use it: fetching an image by its address and showing it.

The simulator has no network. What an address would answer is told by `fetch`, which stands for the shop's web: by
default every address is there. All images are one pixel wide, as the recorded ones were.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote, unquote, urlsplit

from simulators.woocommerce import dates, php
from simulators.woocommerce.call import Body, Json, RestError
from simulators.woocommerce.products_model import Image
from simulators.woocommerce.products_text import clean, without_accents

if TYPE_CHECKING:
    from simulators.woocommerce.shop import Shop

Fetch: TypeAlias = Callable[[str], str]
"""Given an address, the reason why it cannot be fetched, "" if it can."""

KINDS = ("jpg", "jpeg", "jpe", "gif", "png", "bmp", "ico", "webp", "avif", "heic")
UPLOAD_ERROR = "woocommerce_product_image_upload_error"


def fetch(address: str) -> str:
    """The web of a simulated world: every address is there, but hosts that by their name (RFC 2606) never are."""
    host = urlsplit(address).hostname or ""
    return f"cURL error 6: Could not resolve host: {host}" if host.endswith(".invalid") else ""


def _file_name(text: str) -> str:
    """sanitize_file_name: no accents and signs, hyphens for spaces."""
    plain = without_accents(unquote(text))
    return re.sub(r"[\s-]+", "-", re.sub(r"[?\[\]/\\=<>:;,'\"&$#*()|~`!{}%+]", "", plain)).strip(".-_")


class Images:
    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._all: dict[int, Image] = {}
        self._files: dict[str, int] = {}
        self.fetch: Fetch = fetch

    def get(self, id_: int) -> Image | None:
        return self._all.get(id_)

    def put(self, image: Image) -> None:
        self._all[image.id] = image
        self._files[image.file] = image.id

    def drop(self, id_: int) -> None:
        """Take an image back: those of a product that could not be made go with it."""
        image = self._all.pop(id_, None)
        if image is not None:
            del self._files[image.file]

    def upload(self, address: str, code: str = UPLOAD_ERROR) -> Image:
        """Fetch an image and keep it; the same address again makes another image (`products_simple[103]`).

        Raises:
            RestError: it cannot be fetched, or is no image (`products_simple[107]`).
        """
        wanted = quote(address if "://" in address else f"http://{address}", safe=":/?#[]@!$&'()*+,;=%~")
        host = urlsplit(wanted).netloc
        told = "A valid URL was not provided." if "%" in host or not host else self.fetch(wanted)
        if told:
            raise RestError(code, f"Error getting remote image {wanted}. Error: {told}", 400)
        name = _file_name(urlsplit(wanted).path.rpartition("/")[2])
        stem, dot, kind = name.rpartition(".")
        if not dot or kind.lower() not in KINDS:
            raise RestError(code, "Invalid image: Sorry, you are not allowed to upload this file type.", 400)
        now = self._shop.now()
        folder = self._shop.local(now)[:7].replace("-", "/")
        file, number = f"{folder}/{name}", 0
        while file in self._files:
            number += 1
            file = f"{folder}/{stem}-{number}.{kind}"
        image = Image(self._shop.ids.posts.next(), now, now, file, file.rpartition("/")[2])
        self.put(image)
        return image

    def attach(self, sent: Body, code: str, invalid: str) -> int:
        """The image that was sent, by id or by address, with the text and name that came along.

        Raises:
            RestError: `code` when it cannot be fetched, `invalid` when there is no such image (`products_simple[101]`).
        """
        id_ = abs(php.to_int(sent.get("id", 0)))
        if not id_ and sent.get("src") is not None:
            id_ = self.upload(php.to_str(sent["src"]), code).id
        image = self._all.get(id_)
        if image is None:
            raise RestError(invalid, f"#{id_} is an invalid image ID.", 400)
        if sent.get("alt"):
            image.alt = clean(php.to_str(sent["alt"]))
        if sent.get("name"):
            image.name = php.to_str(sent["name"])
            image.modified = self._shop.now()
        return id_

    def address(self, id_: int) -> str:
        image = self._all.get(id_)
        return f"{self._shop.base}/wp-content/uploads/{image.file}" if image is not None else ""

    def shown(self, id_: int, *, whole: bool = True) -> Body | None:
        """An image as a product shows it. Its local dates are ahead by one more offset than they should be
        (`products_simple[102]`). `whole` adds what only products have: sizes and a thumbnail."""
        image = self._all.get(id_)
        if image is None:
            return None
        src = self.address(id_)
        body: Body = {
            "id": image.id,
            "date_created": self._ahead(image.created),
            "date_created_gmt": dates.gmt(image.created),
            "date_modified": self._ahead(image.modified),
            "date_modified_gmt": dates.gmt(image.modified),
            "src": src,
            "name": image.name,
            "alt": image.alt,
        }
        if whole:
            body |= {"srcset": "", "sizes": "(max-width: 1px) 100vw, 1px", "thumbnail": src}
        return body

    def _ahead(self, moment: int) -> str:
        zone = self._shop.options.time_zone
        return dates.local(moment + dates.offset_s(moment, zone), zone)

    def of_term(self, id_: int) -> Json:
        return self.shown(id_, whole=False)

    def for_term(self, sent: Body) -> int:
        if not sent.get("id") and not sent.get("src"):
            return 0
        return self.attach(
            sent, "woocommerce_rest_product_category_image_upload_error", "woocommerce_rest_invalid_image"
        )
