"""What every act of a story has: the moment at which it happens."""

from __future__ import annotations

from typing import Literal

import msgspec

Moment = str
"""Time of the play since its start: "5" or "5:30" are minutes (and seconds), "2:05:00" hours, "3d" days, "3d 2:00:00"
both."""

Which = list[int] | Literal["all"]
"""Orders by the order in which the story placed them, from 1 on."""


class Act(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="do"):
    """Something that happens at a moment."""

    at: Moment = "0"


def seconds(moment: Moment) -> float:
    """A moment of the play in seconds since its start. Raises ValueError when it is none."""
    days, _, rest = moment.partition("d") if "d" in moment else ("0", "", moment)
    parts = [float(part) for part in rest.strip().split(":")] if rest.strip() else [0.0]
    if len(parts) == 1:
        clock = parts[0] * 60
    elif len(parts) == 2:
        clock = parts[0] * 60 + parts[1]
    elif len(parts) == 3:
        clock = parts[0] * 3600 + parts[1] * 60 + parts[2]
    else:
        raise ValueError(f"{moment} is no moment")
    return float(days) * 86_400 + clock
