"""The durable steps by name: every place in the agent where something is committed, and whose direction it is.

A step's code name (Python's qualified name of the function that `journal.run` is given) is its identity; a new one that
is not in this table fails a test, so that nothing durable escapes the crash matrix. A further direction adds its rows.
Directions of goods work in one loop, whose steps each of them has, and each direction has its turn: those steps are
told apart by whose they are.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from agent.actors.goods_direction import GoodsLoop, Row
from agent.actors.turns import Turn
from agent.flows import DirectionName
from agent.journal.tasks import Task

ORDERS = DirectionName.ORDERS_TO_MAMUT
ARTICLES = DirectionName.PRODUCTS_TO_MAMUT
STATUSES = DirectionName.STATUSES_TO_SHOP
PRODUCTS = DirectionName.PRODUCTS_TO_SHOP
PRICES = DirectionName.PRICES_TO_SHOP
LISTS = DirectionName.PRICE_LISTS_TO_SHOP
STOCK = DirectionName.STOCK_TO_SHOP


class Beside(StrEnum):
    """Who has a table of the matrix and is no direction."""

    AGENT = "beside_the_agent"


Whose = DirectionName | Beside

LOOP: dict[str, str] = {
    "GoodsLoop.settle.<locals>.settling": "settle",
    "GoodsLoop._batch.<locals>.about_to_send": "about_to_send",
    "GoodsLoop._batch.<locals>.keeping_batch": "keep_batch",
    "GoodsLoop._failed.<locals>.splitting": "split",
    "GoodsLoop._untouched.<locals>.stepping_back": "step_back",
    "GoodsLoop._alone.<locals>.waiting_alone": "wait_alone",
}
"""What every direction of goods commits."""

TURN: dict[str, str] = {"Turn._keep.<locals>.keeping_turn": "keep_turn"}
"""What every direction commits that has a schedule."""

RINGS: dict[str, str] = {
    "noting_who_told.<locals>.noting_changes": "note_sights_and_who_told",
    "OrderReader._rang_and_gone.<locals>.rang_and_gone": "rang_and_gone",
    "Doorbell._pass_on.<locals>.counting_rings": "count_rings",
    "WebhookKeeper._look.<locals>.keeping_webhooks": "keep_webhooks",
    "WebhookKeeper._count_missed.<locals>.counting_missed": "count_missed",
}
"""What is committed about orders whose shop rings."""

RELOAD: dict[str, str] = {
    "Reloader._take_up.<locals>.answering_reload": "answer_reload",
    "Agent._take_up.<locals>.turning_over": "turn_over",
}
"""What is committed where settings change while the agent works."""

PLAN: dict[str, str] = {
    "FirstSync._opened.<locals>.<lambda>": "sync_opened",
    "FirstSync.recognise.<locals>.<lambda>": "sync_know_shop",
    "FirstSync.census.<locals>.beginning_census": "begin_census",
    "SyncTable._keep.<locals>.<lambda>": "keep_table",
    "FirstSync.census.<locals>.forgetting_census": "end_census",
    "FirstSync.plan.<locals>.<lambda>": "begin_plan",
    "FirstSync.plan.<locals>.planned": "end_plan",
    "keep_plan.<locals>.<lambda>": "name_plan",
    "Applier._begin": "begin_applying",
    "Applier._write.<locals>.putting_rows": "put_rows",
    "Applier._write.<locals>.<lambda>": "count_rows",
    "Applier._end": "end_applying",
}
"""What a first synchronisation commits, whichever way it goes."""

PLAN_TO_SHOP: dict[str, str] = {
    "ToShopPlanner._put.<locals>.<lambda>": "plan_to_shop",
    "ShopCheck.ready.<locals>.tying": "tie_rows",
    "ShopUndo.undo.<locals>.beginning_undo": "begin_undo_in_shop",
    "ShopUndo._settle.<locals>.taking_back": "take_back_product",
    "ShopUndo.undo.<locals>.ending_undo": "end_undo_in_shop",
}
PLAN_TO_MAMUT: dict[str, str] = {
    "ShopItems._gone.<locals>.leaving": "leave_items",
    "ShopItems._keep.<locals>.keeping_for_plan": "keep_items_for_plan",
    "ToMamutPlanner.plan.<locals>.planning": "plan_to_mamut",
    "MamutCheck.ready.<locals>.skipping": "skip_rows",
    "MamutCheck.note_made.<locals>.noting": "note_made",
    "MamutUndo.undo.<locals>.beginning_undo": "begin_undo_in_mamut",
    "MamutUndo._one.<locals>.taking_back_article": "take_back_article",
    "MamutUndo.undo.<locals>.ending_undo": "end_undo_in_mamut",
}
"""What it commits one way alone. It makes products and articles by the directions that do so in the agent."""

SYNC_RUN: dict[str, str] = {
    "Wishes._ask_for_sync.<locals>.asking_for_sync": "ask_for_sync",
    "SyncRuns._do.<locals>.beginning_run": "begin_sync",
    "SyncRuns._write_down.<locals>.telling_progress": "tell_progress",
    "SyncRuns._plan.<locals>.keeping_plan": "keep_synced_plan",
    "SyncRuns._do.<locals>.ending_run": "end_sync",
    "SyncRuns._recover.<locals>.<lambda>": "recover_syncs",
}
"""What the agent commits that does a first synchronisation itself, while it works."""

ASKED: dict[str, str] = {
    "Wishes._relink.<locals>.relinking": "relink_document",
    "Errands._keep.<locals>.keeping_examination": "keep_examination",
    "Errands._read_terms.<locals>.<lambda>": "keep_terms",
    "Errands._look_at_product.<locals>.keeping_product": "keep_product_looked_at",
    "Errands._look.<locals>.<lambda>": "note_webhooks",
    "Errands._remove.<locals>.<lambda>": "forget_webhooks",
    "KeyMaker.some.<locals>.keeping_keys": "keep_keys",
    "PluginTeller._beginning": "begin_telling",
    "PluginTeller._tell.<locals>.keeping_told": "keep_told",
}
"""What people send the agent to an order or a shop for, how orders are found, and what plugins are told of them."""

AROUND: dict[str, str] = {
    "Lookout.run.<locals>.keeping_start": "keep_start",
    "Lookout.look.<locals>.keeping_computer": "keep_computer",
    "Mailer._keep.<locals>.keeping_mail": "keep_mail",
    "Mailer._look.<locals>.noting_sent": "note_sent",
    "Mailer._answer.<locals>.answering_mail": "answer_mail",
    "_forget_health": "forget_mail_health",
    "AdminServer._welcome.<locals>.keeping_address": "keep_address",
    "AdminServer._welcome.<locals>.giving_code": "give_code",
}
"""What those commit who work beside the agent: who looks out, who mails, and the admin when it begins."""

ON_PAGES: dict[str, str] = {
    "Reloader.save_settings.<locals>.naming_writer": "name_writer",
    "Sessions.begin.<locals>.step": "begin_session",
    "Sessions.used.<locals>.<lambda>": "use_session",
    "Sessions.end.<locals>.<lambda>": "end_session",
    "Visit.act.<locals>.both": "act_on_a_page",
    "Visit.wish.<locals>.<lambda>": "wish_on_a_page",
    "make_first.<locals>.step": "make_first_user",
    "_leave.<locals>.wishing_for_all": "wish_for_all_like_it",
    "leave_correction.<locals>.asking_to_correct": "ask_to_correct",
    "SetUp.begin.<locals>.<lambda>": "begin_draft",
    "SetUp.change.<locals>.<lambda>": "change_draft",
    "SetUp.forget.<locals>.<lambda>": "forget_draft",
}
"""What the admin's pages commit. A test of the pages kills before and after each of them."""

NOT_COME_TO: dict[DirectionName, frozenset[str]] = {STOCK: frozenset({"about_to_send"})}
"""Stock makes no product, and what it has written in vain it finds by looking at the shop."""

STEPS: dict[DirectionName, dict[str, str]] = {
    ORDERS: {
        "Agent._prepare": "start",
        "Agent._opened.<locals>.<lambda>": "mamut_opened",
        "OrderReader._recognise.<locals>.<lambda>": "know_shop",
        "OrderReader._keep_facts.<locals>.<lambda>": "keep_facts",
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
        "AftermathDirection._do.<locals>.about_to": "about_to_change",
        "AftermathDirection._later.<locals>.put_off": "change_put_off",
        "settled.<locals>.aftermath_settled": "change_settled",
        "ShopWriter._write.<locals>.<lambda>": "take_marks",
        "ShopWriter._marked.<locals>.step": "marked",
        "ShopWriter._again.<locals>.step_back": "marks_again",
        "Wishes._of_order.<locals>.run": "wish",
        "Wishes._accept.<locals>.step": "accept_shop",
        "Wishes._adopt.<locals>.adopting": "adopt_document",
        "finishing.<locals>.step": "wish_answered",
        "Health._write.<locals>.<lambda>": "health",
        "PaceKeeper.keep.<locals>.keeping_paces": "keep_pace",
    },
    ARTICLES: {
        "ProductReader._first_listing.<locals>.ending_first_listing": "end_first_listing",
        "ProductReader._mark.<locals>.keeping_mark": "keep_products_mark",
        "ProductReader._keep_page.<locals>.keeping_items": "keep_items",
        "ProductReader._keep_variable.<locals>.keeping_variable": "keep_variable",
        "ProductReader._census.<locals>.keeping_census": "keep_products_census",
        "ProductReader._reread.<locals>.keeping_reread": "keep_products_reread",
        "ProductReader._gone.<locals>.keeping_gone": "keep_gone",
        "ArticleDirection._write.<locals>.about_to_make": "about_to_make",
        "GoodsLoop.settle_by.<locals>.settling_judged": "settle_articles",
    },
    PRODUCTS: {
        "begin_pass.<locals>.begin_register_pass": "begin_pass",
        "RegisterReader._read_registers.<locals>.keep_registers": "keep_registers",
        "RegisterReader._read_registers.<locals>.keep_vat_codes": "keep_vat_codes",
        "articles_page.<locals>.keep_articles_page": "keep_articles_page",
        "numbers_again.<locals>.keep_numbers_again": "keep_numbers_again",
        "RegisterReader._walk.<locals>.look_at_articles": "look_at_articles",
        "Linker._adopted.<locals>.adopting": "adopt",
        "ProductDirection._retry_taken": "retry_taken",
        "Wishes._one.<locals>.fulfilling": "wish_of_goods",
    },
    PRICES: {
        "PriceDirection._count_run.<locals>.stopping_run": "stop_run",
        "RegisterReader._read_discounts.<locals>.keep_discounts": "keep_discounts",
        "prices_page.<locals>.keep_prices_page": "keep_prices_page",
    },
    LISTS: {},
    STOCK: {
        "SetUpCheck._ask.<locals>.keeping_set_up": "keep_set_up",
        "stock_page.<locals>.keep_stock_page": "keep_stock_page",
        "SalesReader._note.<locals>.noting_sales": "note_sales",
        "SalesReader.recount.<locals>.recounting": "recount_sales",
        "SalesReader._set_mark.<locals>.moving_mark": "move_sales_mark",
        "SalesReader._look_for_gone.<locals>.giving_up_sales": "give_up_sales",
        "StockCheck._page.<locals>.comparing": "compare_shown",
        "StockDirection._send.<locals>.giving_up_belief": "give_up_belief",
        "StockDirection._tell_why_it_waits.<locals>.telling": "tell_why_it_waits",
    },
    STATUSES: {
        "take_up.<locals>.orders_followed": "take_up",
        "keep_families.<locals>.progress_kept": "keep_families",
        "StatusDirection._ran.<locals>.statuses_ran": "statuses_ran",
        "StatusDirection._wake.<locals>.held_woken": "held_woken",
        "StatusDirection._look_at_money.<locals>.money_looked_at": "money_looked_at",
        "StatusBook.about_to.<locals>.about_to": "about_to",
        "StatusSteps._parcel.<locals>.parcel_left": "parcel_left",
        "StatusSteps._parcels.<locals>.parcels_done": "parcels_done",
        "StatusSteps._status_kept.<locals>.status_kept": "status_kept",
        "StatusSteps._mail.<locals>.mail_kept": "mail_kept",
        "StatusSteps._capture_again.<locals>.capture_again": "capture_again",
        "StatusBook.end.<locals>.event_done": "event_done",
        "StatusBook.hold.<locals>.status_held": "status_held",
        "StatusBook.failed.<locals>.step_again": "step_again",
        "StatusBook.gone.<locals>.order_gone": "order_gone",
        "StatusBook.unreadable.<locals>.order_unreadable": "order_unreadable",
    },
}
"""The register is read for products first, so its own steps are theirs; each part's pages are their direction's."""


MORE: dict[DirectionName, tuple[dict[str, str], ...]] = {
    ORDERS: (RINGS, RELOAD, ASKED),
    ARTICLES: (PLAN, PLAN_TO_MAMUT, SYNC_RUN),
    PRODUCTS: (PLAN, PLAN_TO_SHOP, SYNC_RUN),
}
"""What else is a direction's: of who rings for it or asks for something, and of the plans that it does."""

SHARED: dict[str, str] = {**LOOP, **TURN}
"""Steps that stand for whose they are."""

TABLES: tuple[dict[str, str], ...] = (
    *STEPS.values(),
    SHARED,
    RINGS,
    RELOAD,
    PLAN,
    PLAN_TO_SHOP,
    PLAN_TO_MAMUT,
    SYNC_RUN,
    ASKED,
    AROUND,
    ON_PAGES,
)


def step_name(step: Callable[..., Any]) -> str:
    """The step's name; one of several directions with its own before it, "prices_to_shop/settle"."""
    code_name = step.__qualname__
    if code_name not in SHARED:
        return name_of(code_name)
    direction = next(filter(None, (_direction(cell.cell_contents) for cell in step.__closure__ or ())), "")
    return f"{direction}/{SHARED[code_name]}"


def _direction(held: object) -> str:
    """Whose a step is shows in what it holds on to: its loop, its turn, or the tasks that it is about."""
    match held:
        case GoodsLoop() | Turn():
            return held.name.value
        case Row():
            return held.task.direction
        case Task():
            return held.direction
        case [Row() | Task(), *_]:
            return _direction(held[0])
    return ""


def name_of(code_name: str) -> str:
    """The step's name; the code name itself where it has none yet."""
    for rows in TABLES:
        if code_name in rows:
            return rows[code_name]
    return code_name


def names(direction: Whose) -> tuple[str, ...]:
    """All steps of a direction, in the order of its way, or of those who work beside all of them."""
    if isinstance(direction, Beside):
        return tuple(AROUND.values())
    own = (*STEPS.get(direction, {}).values(), *(name for rows in MORE.get(direction, ()) for name in rows.values()))
    left_out = NOT_COME_TO.get(direction, frozenset())
    shared = LOOP | TURN if direction in (PRODUCTS, PRICES, LISTS, STOCK) else TURN
    return (*own, *(f"{direction.value}/{name}" for name in shared.values() if name not in left_out))
