"""Which field holds what. What is not known to be harmless is replaced."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a field holds, and so what becomes of it."""

    KEEP = "keep"
    TEXT = "text"
    ROWS = "rows"
    DESCRIPTION = "description"
    NUMBER = "number"
    VAT_NO = "vat_no"
    KEY = "key"
    EXT_ID = "ext_id"
    CARD = "card"
    URL = "url"
    NOTE = "note"
    POSTCODE = "postcode"
    COUNTRY = "country"
    REFERENCE = "reference"
    ORDER_NO = "order_no"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    COMPUTER = "computer"


REMOVED = "removed"
"""What stands on a tape where a secret stood."""

COMPUTER = "server"
"""The name of every computer on a tape."""

# What both systems' fields of these names hold, wherever they stand, is no person's: states, dates, amounts, registers.
_KEPT = """
    id parent_id order_id customer_id product_id variation_id rate_id contid custid order_no invoice_no
    status currency version created_via kind kinds type types edition modules fields
    date_created date_created_gmt date_modified date_modified_gmt date_completed date_completed_gmt date_paid
    date_paid_gmt created_at modified_at order_date stop_date date date_gmt
    total total_tax subtotal subtotal_tax discount discount_tax discount_total shipping_total shipping_tax cart_tax
    shipping_tax_total tax_total amount price prices_include_tax line_sum qty quantity percent discount_percent
    rate_percent rate_code tax_class tax_status compound nominal_amount free_shipping discount_type rounding
    sku product_no product_nos customer_nos external_no external_nos article global_unique_id
    payment_method method_id instance_id payment_terms delivery_form department vat_code vat_out warehouse
    inactive credit_stop origin_web ready_for_invoicing use_store is_editable needs_payment needs_processing
    slug namespaces field iso2 parent issue restock
    replace net_total mamut_total paid limit base mamut_vat shop_vat vat_percent shop word matched_by
    include orderby order per_page page offset dates_are_gmt _fields modified_after modified_before after before exclude
""".split()  # noqa: SIM905 - a list to read

_OTHERS = {
    "postcode": Kind.POSTCODE,
    "zip": Kind.POSTCODE,
    "country": Kind.COUNTRY,
    "invoice_country": Kind.COUNTRY,
    "delivery_country": Kind.COUNTRY,
    "number": Kind.ORDER_NO,
    "mamut_order_no": Kind.ORDER_NO,
    "order_key": Kind.KEY,
    "transaction_id": Kind.KEY,
    "cart_hash": Kind.KEY,
    "store_id": Kind.KEY,
    "ext_id": Kind.EXT_ID,
    "ext_ids": Kind.EXT_ID,
    "org_no": Kind.NUMBER,
    "org_nos": Kind.NUMBER,
    "client_no": Kind.NUMBER,
    "phone": Kind.NUMBER,
    "phones": Kind.NUMBER,
    "vat_no": Kind.VAT_NO,
    "url": Kind.URL,
    "home": Kind.URL,
    "invoice_address": Kind.ROWS,
    "delivery_address": Kind.ROWS,
    "reference": Kind.REFERENCE,
    "description": Kind.DESCRIPTION,
    "note": Kind.NOTE,
    "card_number": Kind.CARD,
    "token": Kind.SECRET,
    "password": Kind.SECRET,
    "consumer_key": Kind.SECRET,
    "consumer_secret": Kind.SECRET,
    "secret": Kind.SECRET,
    "computer": Kind.COMPUTER,
}

BY_NAME: dict[str, Kind] = dict.fromkeys(_KEPT, Kind.KEEP) | _OTHERS

BY_PLACE: dict[tuple[str, str], Kind] = {
    ("coupon_lines", "code"): Kind.TEXT,
    ("coupons", "code"): Kind.TEXT,
    ("gift_cards", "code"): Kind.CARD,
    ("error", "code"): Kind.KEEP,
    ("notes", "code"): Kind.KEEP,
    ("", "code"): Kind.KEEP,
    ("currencies", "code"): Kind.KEEP,
}
"""A field by the name of what it stands in, where the name alone says too little; "" is the answer itself."""

SHOP_TABLES = frozenset(
    """
    billing shipping line_items tax_lines shipping_lines fee_lines coupon_lines refunds gift_cards pw_gift_card_lines
    taxes meta_data image update create delete error data environment params
    """.split()  # noqa: SIM905 - a list to read
)
"""What of a shop's answers has fields of the names above. Plugins add tables in which a name says nothing."""

GIFT_CARD_META = "_ywgc_applied_gift_cards"
"""Order meta that has the cards' codes as names."""

KEPT_HEADERS = ("date", "retry-after", "content-type", "x-wp-total", "x-wp-totalpages")
"""Headers of answers that a tape keeps."""

SECRET_PARAMETERS = ("consumer_key", "consumer_secret", "oauth_")
"""Beginnings of the names of parameters that show a key."""
