"""Why a direction of goods wrote or did not write, in stable codes: they stand in journals, logs and what people read.

`Said` is the last decision about one article in one direction: nothing is wrong. `GoodsReason` is what stops an article
until a person has looked. The texts of both, in Swedish and English, stand in `agent/model/catalogue_goods.py`; what is
in braces there are the params kept beside the code (table `said`).
"""

from enum import StrEnum


class Said(StrEnum):
    """What a direction did, or why it did not need to. The params of each are named in its text."""

    WRITTEN = "written"
    UNCHANGED = "unchanged"
    MADE = "made"
    MADE_AGAIN = "made_again"
    ADOPTED = "adopted"
    WRITTEN_WITHOUT_GTIN = "written_without_gtin"
    WRITTEN_WITHOUT_SALE = "written_without_sale"
    NOT_FOR_WEB = "not_for_web"
    GROUP_NOT_CHOSEN = "group_not_chosen"
    NOT_CREATED = "not_created"
    NOT_IN_SHOP = "not_in_shop"
    NO_PRODUCT = "no_product"
    NO_PRICE = "no_price"
    PRICED_BY_VARIANTS = "priced_by_variants"
    ARTICLE_GONE = "article_gone"
    LOOKED_FOR = "looked_for"

    STATUS_SET = "status_set"
    STATUS_THERE = "status_there"
    STATUS_BEYOND = "status_beyond"
    STATUS_TERMINAL = "status_terminal"
    STATUS_SUPERSEDED = "status_superseded"
    STATUS_NONE_CHOSEN = "status_none_chosen"
    STATUS_OLD_NEWS = "status_old_news"
    STATUS_NOTHING_NEW = "status_nothing_new"
    CUSTOMER_TOLD = "customer_told"
    PARCEL_LEFT = "parcel_left"
    ORDER_GONE = "order_gone"
    CAPTURE_PROVED = "capture_proved"
    CAPTURE_AGAIN = "capture_again"
    CAPTURE_UNKNOWN = "capture_unknown"
    SHOP_WAITS = "shop_waits"

    STOCK_WRITTEN = "stock_written"
    STOCK_PUT_RIGHT = "stock_put_right"
    STOCK_NOT_AS_WRITTEN = "stock_not_as_written"
    STOCK_BY_VARIANTS = "stock_by_variants"
    STOCK_LEFT_ALONE = "stock_left_alone"
    STOCK_NOT_READ = "stock_not_read"
    SALES_UNREAD = "sales_unread"


class GoodsReason(StrEnum):
    """What needs a person before an article, its price, its stock or an order's status can be written."""

    KIND_DIFFERS = "BRY-G01"
    SHOP_REFUSED = "BRY-G02"
    SHOP_FAILS = "BRY-G03"
    SKU_TWICE_IN_SHOP = "BRY-G04"
    NUMBER_TWICE_IN_MAMUT = "BRY-G05"
    SKU_TAKEN = "BRY-G06"
    SKU_IN_TRASH = "BRY-G07"
    PRODUCT_GONE = "BRY-G08"
    MAIN_MISSING = "BRY-G09"
    MAIN_WAITS = "BRY-G10"
    PROPERTY_MISSING = "BRY-G11"
    VARIANT_TWICE = "BRY-G12"
    PARENT_DIFFERS = "BRY-G13"
    TAX_CLASS_MISSING = "BRY-G14"
    VAT_CODE_UNKNOWN = "BRY-G15"
    EXCHANGE_MISSING = "BRY-G16"
    PRICE_ZERO = "BRY-G17"
    PRICE_JUMP = "BRY-G18"
    PRICES_MANY = "BRY-G19"

    STATUS_NOT_IN_SHOP = "BRY-G40"
    STATUS_UNRANKED = "BRY-G41"
    STATUS_NOT_TAKEN = "BRY-G42"
    STATUS_UNSURE = "BRY-G43"
    ORDER_REFUSED = "BRY-G44"
    ORDER_FAILS = "BRY-G45"
    CAPTURE_AMOUNT = "BRY-G46"
    CAPTURE_FAILED = "BRY-G47"
    CAPTURE_NOT_PROVED = "BRY-G48"
    CAPTURE_EXPIRING = "BRY-G49"
    CAPTURE_EXPIRED = "BRY-G50"
    DOCUMENT_MISSING = "BRY-G51"
