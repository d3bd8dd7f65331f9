"""The table of `brygga.toml` about products of the shop as articles in Mamut: flows 1 and 3."""

from __future__ import annotations

from agent.model.node import Node
from agent.settings.tree_goods import Keep


class ToMamutSettings(Node, frozen=True):
    """Products of the shop as articles in Mamut, off unless `enabled`: a register is not filled unasked.

    `create` false links and changes only. Products in one of `statuses` become articles; one that has become an article
    stays one, and is marked for the web while it is published. Each field is written always, once when the article is
    made, or never; the flow's owner of a field comes first, so that in flow 3 a price is given once at most.
    `vat_codes` maps the shop's tax class ("standard" for the standard one) to Mamut's VAT code; a class that is not in
    it is mapped by its percentage. `groups` maps a category, by name or as "parent > child", to Mamut's product group;
    `default_group` is the one of products in no such category, `default_unit` the unit of products that name none.
    `main_prefix` makes article numbers for variable products without a number of their own: the prefix and the
    product's id; empty leaves them to a person. `renumber` lets an article be renumbered in Mamut when its number
    changes in the shop.
    """

    enabled: bool = False
    create: bool = True
    statuses: tuple[str, ...] = ("publish", "private")
    name: Keep = Keep.ALWAYS
    text: Keep = Keep.ALWAYS
    unit: Keep = Keep.ALWAYS
    weight: Keep = Keep.ALWAYS
    gtin: Keep = Keep.ALWAYS
    vat: Keep = Keep.ALWAYS
    group: Keep = Keep.ALWAYS
    price: Keep = Keep.ALWAYS
    active: Keep = Keep.ALWAYS
    vat_codes: dict[str, int] = {}
    groups: dict[str, int] = {}
    default_group: int | None = None
    default_unit: str = ""
    main_prefix: str = ""
    renumber: bool = False
