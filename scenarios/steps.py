"""The durable steps by name: every place in the agent where something is committed, and whose direction it is.

A step's code name (Python's qualified name of the function that `journal.run` is given) is its identity; a new one that
is not in this table fails a test, so that nothing durable escapes the crash matrix. A further direction adds its rows.
"""

from __future__ import annotations

from agent.flows import DirectionName

ORDERS = DirectionName.ORDERS_TO_MAMUT

STEPS: dict[DirectionName, dict[str, str]] = {
    ORDERS: {
        "Agent._prepare": "start",
        "Agent._opened.<locals>.<lambda>": "mamut_opened",
        "OrderReader._recognise.<locals>.<lambda>": "know_shop",
        "OrderReader._freeze.<locals>.<lambda>": "freeze_shop",
        "OrderReader._poll.<locals>.<lambda>": "first_census",
        "OrderReader._list.<locals>.<lambda>": "move_cursor",
        "OrderReader._clock_went_back.<locals>.<lambda>": "clock_went_back",
        "OrderReader._prove_filter.<locals>.<lambda>": "filter_proved",
        "note_sights.<locals>.step": "note_sights",
        "note_unreadable.<locals>.step": "note_unreadable",
        "OrderReader._vanished.<locals>.step": "want_vanished",
        "OrderReader._census.<locals>.<lambda>": "census_done",
        "OrderReader._reread.<locals>.step": "want_reread",
        "OrderDirection._look_at_due.<locals>.step": "look_at_due",
        "OrderDirection._release.<locals>.<lambda>": "release",
        "commit_readings.<locals>.step": "decide",
        "MamutWriter._take.<locals>.<lambda>": "take_documents",
        "MamutWriter._give_back.<locals>.step": "give_back",
        "commit_tried.<locals>.step": "documents_tried",
        "ShopWriter._write.<locals>.<lambda>": "take_marks",
        "ShopWriter._marked.<locals>.step": "marked",
        "ShopWriter._again.<locals>.step_back": "marks_again",
        "Wishes._one.<locals>.run": "wish",
        "Wishes._accept.<locals>.step": "accept_shop",
        "Wishes._adopt.<locals>.<lambda>": "adopt_document",
        "_finishing.<locals>.step": "wish_answered",
        "Health._write.<locals>.<lambda>": "health",
    },
}


def name_of(code_name: str) -> str:
    """The step's name; the code name itself where it has none yet."""
    for rows in STEPS.values():
        if code_name in rows:
            return rows[code_name]
    return code_name


def names(direction: DirectionName) -> tuple[str, ...]:
    """All steps of a direction, in the order of an order's way."""
    return tuple(STEPS[direction].values())
