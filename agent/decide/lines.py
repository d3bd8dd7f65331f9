"""The rows of a document: goods, shipping, fees, discounts and gift cards, each on an article that Mamut holds.

Mamut turns a row on an unknown or inactive article silently into one on "DESCRIPTION", whose VAT is anyone's guess, so
no row leaves here on an article that is not known to be there, or about to be made.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from agent.decide import texts, vat
from agent.decide.totals import Sum, exact_net
from agent.messages import MamutFacts, Note, Stop
from agent.model.mamut import Article, DocumentLine
from agent.model.money import ZERO, round_milli, round_ore
from agent.model.order import LineKind, OrderLine, ShopOrder
from agent.model.reasons import Reason
from agent.settings.tree import DiscountChoice, ShopSettings, UnknownArticle

ROUNDING_TEXT = "Öresavrundning"
DISCOUNT_TEXT = "Rabatt"
GIFT_CARD_TEXT = "Presentkort"
SHIPPING_TEXT = "Frakt"
FEE_TEXT = "Avgift"
ONE = Decimal(1)


class Rows:
    """The rows of one document while they are put together. Lives for one decision."""

    def __init__(self, shop: ShopSettings, facts: MamutFacts, sale: vat.Sale, notes: list[Note]) -> None:
        self._shop = shop
        self._facts = facts
        self._sale = sale
        self._notes = notes
        self._created: dict[str, Article] = {}
        self.lines: list[DocumentLine] = []
        self.sums: list[Sum] = []

    @property
    def created(self) -> tuple[Article, ...]:
        """Articles that must be made before the document."""
        return tuple(self._created.values())

    def add_order(self, order: ShopOrder, gift_cards: bool) -> Stop | None:
        """All rows but the rounding's. `gift_cards` tells whether they lower what the lines add up to."""
        as_row = self._shop.orders.discounts is DiscountChoice.ROW
        discounts: dict[int, tuple[Decimal, Decimal]] = {}
        for line in order.lines:
            parts = vat.shares(line, self._sale)
            if isinstance(parts, Stop):
                return parts
            if line.kind is LineKind.PRODUCT:
                stop = self._add_goods(line, parts[0], as_row, discounts)
            else:
                stop = self._add_service(line, parts)
            if stop is not None:
                return stop
        return self._add_discounts(order, discounts) or (self._add_gift_cards(order) if gift_cards else None)

    def agreed_sums(self) -> tuple[Sum, ...]:
        """The rows' sums again, told from prices with VAT where that gives a third decimal."""
        percents = self._sale.percents
        return tuple(
            msgspec.structs.replace(row, line_sum=exact_net(row.line_sum, row.shop_vat, percents[row.vat_code]))
            for row in self.sums
        )

    def use_sums(self, sums: tuple[Sum, ...]) -> None:
        self.sums = list(sums)
        self.lines = [
            msgspec.structs.replace(line, line_sum=row.line_sum) for line, row in zip(self.lines, sums, strict=True)
        ]

    def add_rounding(self, amount: Decimal) -> Stop | None:
        return self._add(self._shop.articles.rounding, ROUNDING_TEXT, ONE, amount, self._sale.settings.zero, ZERO)

    def _add_goods(
        self, line: OrderLine, share: vat.Share, as_row: bool, discounts: dict[int, tuple[Decimal, Decimal]]
    ) -> Stop | None:
        if not line.quantity and not line.total:
            self._notes.append(Note(code="empty_line_left_out", field="lines"))
            return None
        if not line.quantity or line.quantity != round_ore(line.quantity):
            params = {"line": shown(line), "quantity": format(line.quantity.normalize(), "f")}
            return Stop(reason=Reason.QUANTITY_DECIMALS, params=params)
        article = self._goods_article(line, share.vat_code)
        if isinstance(article, Stop):
            return article
        off = line.subtotal - line.total
        discounted = bool(off) and bool(line.subtotal) and ZERO <= line.total / line.subtotal < 1
        line_sum, shop_vat, percent = share.net, share.vat, ZERO
        if discounted and as_row:
            net, taxed = discounts.get(share.vat_code, (ZERO, ZERO))
            line_sum, shop_vat = line.subtotal, share.vat + self._vat_of(off, share.vat_code)
            discounts[share.vat_code] = (net + off, taxed + self._vat_of(off, share.vat_code))
        elif discounted:
            percent = round_ore(off * 100 / line.subtotal)
        self._append(article, line.name, line.quantity, line_sum, share.vat_code, shop_vat, percent)
        return None

    def _goods_article(self, line: OrderLine, vat_code: int) -> Article | Stop:
        """The article of the row, or why the order cannot go. The merchant is told numbers, never names of people."""
        settings = self._shop.articles
        number = line.article_no
        found = self._facts.articles.get(number) if number else None
        if found is not None and not found.inactive:
            return found
        params = {"article": number, "line": shown(line)}
        if settings.unknown is UnknownArticle.GENERAL and settings.general:
            general = self._facts.articles.get(settings.general)
            if general is None or general.inactive:
                reason = Reason.ARTICLE_INACTIVE if general else Reason.ARTICLE_UNKNOWN
                return Stop(reason=reason, params={"article": settings.general, "line": shown(line)})
            self._notes.append(Note(code="general_article_used", field="product_no", detail=number))
            return general
        if not number:
            return Stop(reason=Reason.ARTICLE_MISSING, params=params)
        if found is not None:
            return Stop(reason=Reason.ARTICLE_INACTIVE, params=params)
        if settings.unknown is UnknownArticle.CREATE and _can_be_article_no(number):
            return self._create(number, line.name, vat_code)
        return Stop(reason=Reason.ARTICLE_UNKNOWN, params=params)

    def _add_service(self, line: OrderLine, parts: tuple[vat.Share, ...]) -> Stop | None:
        """Shipping or a fee, a row for each VAT code it is spread over. Shipping for nothing is no row."""
        if not line.total and not line.tax_total:
            return None
        if line.kind is LineKind.SHIPPING:
            method = self._shop.orders.shipping_methods.get(line.method)
            number = (method.article if method else None) or self._shop.articles.shipping
            name = line.name or SHIPPING_TEXT
        else:
            number, name = self._shop.articles.fee, line.name or FEE_TEXT
        for share in parts:
            stop = self._add(number, name, ONE, share.net, share.vat_code, share.vat)
            if stop is not None:
                return stop
        return None

    def _add_discounts(self, order: ShopOrder, discounts: dict[int, tuple[Decimal, Decimal]]) -> Stop | None:
        codes = ", ".join(coupon.code for coupon in order.coupons if coupon.code)
        text = f"{DISCOUNT_TEXT}: {codes}" if codes else DISCOUNT_TEXT
        for code, (net, shop_vat) in sorted(discounts.items()):
            stop = self._add(self._shop.articles.discount, text, ONE, -net, code, -shop_vat)
            if stop is not None:
                return stop
        return None

    def _add_gift_cards(self, order: ShopOrder) -> Stop | None:
        """A gift card is a means of payment: VAT was or will be paid on the goods, so its row carries none. Its code is
        worth money, so only the end of it is shown."""
        number = self._shop.articles.gift_card
        if order.gift_cards and not number:
            amount = sum((card.amount for card in order.gift_cards), ZERO)
            return Stop(reason=Reason.GIFT_CARD_UNMAPPED, params={"amount": f"{amount} {order.currency}"})
        for card in order.gift_cards:
            text = f"{GIFT_CARD_TEXT} …{card.code[-4:]}" if len(card.code) > 4 else GIFT_CARD_TEXT
            stop = self._add(number or "", text, ONE, -card.amount, self._sale.settings.zero, ZERO)
            if stop is not None:
                return stop
        return None

    def _add(
        self, number: str, name: str, qty: Decimal, line_sum: Decimal, vat_code: int, shop_vat: Decimal
    ) -> Stop | None:
        """A row on one of the merchant's own articles for such rows, made first where the setting says so."""
        article = self._facts.articles.get(number)
        if article is None:
            if not self._shop.articles.create_service or not _can_be_article_no(number):
                return Stop(reason=Reason.ARTICLE_UNKNOWN, params={"article": number, "line": ""})
            article = self._create(number, name, vat_code)
        elif article.inactive:
            return Stop(reason=Reason.ARTICLE_INACTIVE, params={"article": number, "line": ""})
        self._append(article, name, qty, line_sum, vat_code, shop_vat, ZERO)
        return None

    def _create(self, number: str, name: str, vat_code: int) -> Article:
        made = self._created.get(number)
        if made is None:
            text = texts.line(name, texts.DESCRIPTION_CHARS, "description", []) or number
            made = self._created[number] = Article(product_no=number, description=text, vat_code=vat_code)
        return made

    def _append(
        self,
        article: Article,
        name: str,
        qty: Decimal,
        line_sum: Decimal,
        vat_code: int,
        shop_vat: Decimal,
        off: Decimal,
    ) -> None:
        description = texts.line(name, texts.DESCRIPTION_CHARS, "description", self._notes) or article.description
        line_sum = round_milli(line_sum)
        self.lines.append(
            DocumentLine(
                product_no=article.product_no,
                description=description,
                qty=qty,
                line_sum=line_sum,
                vat_code=vat_code,
                discount_percent=off,
            )
        )
        self.sums.append(Sum(text=description, line_sum=line_sum, vat_code=vat_code, shop_vat=shop_vat))

    def _vat_of(self, net: Decimal, vat_code: int) -> Decimal:
        return round_ore(net * self._sale.percents[vat_code] / 100)


def wanted_articles(order: ShopOrder, shop: ShopSettings) -> tuple[str, ...]:
    """Every article number that the order's rows may need."""
    settings = shop.articles
    numbers = {line.article_no: None for line in order.lines if line.article_no}
    numbers[settings.rounding] = None
    for line in order.lines:
        if line.kind is LineKind.SHIPPING:
            method = shop.orders.shipping_methods.get(line.method)
            numbers[(method.article if method else None) or settings.shipping] = None
        elif line.kind is LineKind.FEE:
            numbers[settings.fee] = None
    if shop.orders.discounts is DiscountChoice.ROW:
        numbers[settings.discount] = None
    if settings.unknown is UnknownArticle.GENERAL and settings.general:
        numbers[settings.general] = None
    if order.gift_cards and settings.gift_card:
        numbers[settings.gift_card] = None
    return tuple(numbers)


def shown(line: OrderLine) -> str:
    """The row's name for a reason's text, without what the customer had written on the goods: that may be a name."""
    return texts.line(line.name.partition(", ")[0], texts.DESCRIPTION_CHARS, "line", []) or f"#{line.line_id}"


def _can_be_article_no(number: str) -> bool:
    """Mamut would cut a longer number and lose characters outside its set: the article made would be another one."""
    return 0 < len(number) <= texts.ARTICLE_NO_CHARS and texts.encodable(number) == number
