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


class GoodsReason(StrEnum):
    """What needs a person before an article, its price, its stock or an order's status can be written."""

    KIND_DIFFERS = "BRY-G01"
