"""Two tables without an empty cell: the agent killed before and after each durable step, and each fault for itself.

A direction adds the stories in which its steps are come to, and the story in which its faults are tried.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from agent.flows import DirectionName
from scenarios.engine import Played, play_story
from scenarios.faults import FAULTS, FaultSettings, Place
from scenarios.play import StepKill, When
from scenarios.steps import (
    ARTICLES,
    LISTS,
    ORDERS,
    PLAN,
    PLAN_TO_MAMUT,
    PLAN_TO_SHOP,
    PRICES,
    PRODUCTS,
    RELOAD,
    RINGS,
    STATUSES,
    STOCK,
    SYNC_RUN,
    Beside,
    Whose,
    names,
)
from scenarios.story import STORIES, Expect, KillInStep, Story, load

MOMENTS: tuple[When, ...] = ("before", "after")
DIRECTIONS: tuple[DirectionName, ...] = (ORDERS, ARTICLES, PRODUCTS, PRICES, LISTS, STOCK, STATUSES)
WHOSE: tuple[Whose, ...] = (*DIRECTIONS, Beside.AGENT)
GOODS: tuple[DirectionName, ...] = (PRODUCTS, PRICES, LISTS, STOCK, STATUSES)

FROM_MAMUT = "a_plan_from_mamut_is_applied_and_taken_back_whatever_step_it_dies_in"
FROM_SHOP = "a_plan_from_the_shop_is_applied_and_taken_back_whatever_step_it_dies_in"
RUNG = "an_order_that_rings_is_made_once_whatever_step_of_the_ring_it_dies_in"
RELOADED = "a_reload_that_dies_in_any_step_is_at_work_in_the_end"
TURNS = "every_direction_works_at_its_times_whatever_it_dies_in"
HALVED = "a_batch_that_the_shop_fails_on_is_halved_in_every_direction"

ERRANDS = "what_people_send_the_agent_to_the_shop_for_is_done_whatever_step_it_dies_in"
HERALD = "a_plugin_is_told_of_each_document_whatever_step_it_dies_in"
SYNCED_SHOP = "the_agent_synchronises_a_shop_itself_whatever_step_it_dies_in"
SYNCED_MAMUT = "the_agent_synchronises_mamut_itself_whatever_step_it_dies_in"
BROKEN_OFF = "a_synchronisation_that_a_full_disk_broke_off_is_gone_on_with_when_asked"
WELCOME = "the_first_user_is_let_in_whatever_step_of_the_welcome_the_agent_dies_in"

COMES_TO: dict[Whose, dict[str, str]] = {
    Beside.AGENT: {"keep_address": WELCOME, "give_code": WELCOME},
    ORDERS: {
        **dict.fromkeys(
            ("keep_examination", "keep_terms", "keep_product_looked_at", "note_webhooks", "forget_webhooks"), ERRANDS
        ),
        **dict.fromkeys(("begin_telling", "keep_told"), HERALD),
        "relink_document": "an_order_tied_to_another_document_is_tied_once_whatever_step_it_dies_in",
        "keep_keys": "orders_read_by_an_older_version_are_found_whatever_step_it_dies_in",
        **dict.fromkeys(RINGS.values(), RUNG),
        **dict.fromkeys(RELOAD.values(), RELOADED),
        "orders_to_mamut/keep_turn": TURNS,
        "freeze_shop": "a_shop_that_has_moved_goes_on_when_a_person_accepts_it",
        "clock_went_back": "a_shop_whose_clock_goes_back_hides_no_change",
        "filter_proved": "a_shop_that_ignores_utc_is_found_out",
        "note_unreadable": "an_order_that_cannot_be_read_is_shown_and_holds_up_no_other",
        "want_vanished": "an_order_trashed_before_it_was_paid_is_accounted_for",
        "census_done": "an_order_trashed_before_it_was_paid_is_accounted_for",
        "look_at_due": "an_article_that_is_missing_is_found_when_somebody_has_made_it",
        "release": "a_bigger_package_lets_the_held_orders_over",
        "give_back": "a_header_without_rows_is_not_taken_for_the_document",
        "about_to_change": "an_order_edited_after_its_transfer_is_brought_up_to_date",
        "change_settled": "an_order_edited_after_its_transfer_is_brought_up_to_date",
        "change_put_off": "an_order_trashed_after_its_transfer_waits_for_a_person",
        "marks_again": "a_batch_of_marks_that_times_out_is_written_again_without_harm",
        "wish": "what_a_person_holds_stays_held_and_what_is_excluded_stays_out",
        "accept_shop": "a_shop_that_has_moved_goes_on_when_a_person_accepts_it",
        "adopt_document": "a_document_made_by_hand_becomes_the_orders_own",
        "wish_answered": ERRANDS,
    },
    ARTICLES: {
        **dict.fromkeys((*PLAN.values(), *PLAN_TO_MAMUT.values()), FROM_SHOP),
        **dict.fromkeys(SYNC_RUN.values(), SYNCED_MAMUT),
        "recover_syncs": BROKEN_OFF,
        "products_to_mamut/keep_turn": TURNS,
    },
    PRODUCTS: {
        **dict.fromkeys((*PLAN.values(), *PLAN_TO_SHOP.values()), FROM_MAMUT),
        **dict.fromkeys(SYNC_RUN.values(), SYNCED_SHOP),
        "recover_syncs": BROKEN_OFF,
        "products_to_shop/keep_turn": TURNS,
        "keep_numbers_again": "an_article_renamed_in_mamut_keeps_its_product",
        "adopt": "where_products_are_the_shops_own_they_are_found_by_their_numbers",
        "wish_of_goods": "a_price_of_nothing_is_stopped_until_a_person_lets_it_through",
        "products_to_shop/split": HALVED,
        "products_to_shop/step_back": "a_product_whose_making_was_not_answered_is_not_made_twice",
        "products_to_shop/wait_alone": HALVED,
    },
    PRICES: {
        "prices_to_shop/keep_turn": TURNS,
        "stop_run": "too_many_new_prices_wait_for_a_person",
        "keep_discounts": "a_discount_of_a_product_group_is_in_the_price",
        "prices_to_shop/split": HALVED,
        "prices_to_shop/step_back": HALVED,
        "prices_to_shop/wait_alone": HALVED,
    },
    LISTS: {
        "price_lists_to_shop/keep_turn": TURNS,
        "price_lists_to_shop/split": HALVED,
        "price_lists_to_shop/step_back": HALVED,
        "price_lists_to_shop/wait_alone": HALVED,
    },
    STOCK: {
        "stock_to_shop/keep_turn": TURNS,
        "keep_set_up": "a_stock_profile_keeps_some_back",
        "compare_shown": "a_campaign_begins_and_ends_at_the_shops_own_midnight",
        "recount_sales": "variants_of_one_stock_share_it",
        "give_up_sales": "an_order_put_in_the_trash_gives_its_goods_back",
        "stock_to_shop/split": HALVED,
        "stock_to_shop/step_back": HALVED,
        "stock_to_shop/wait_alone": HALVED,
    },
    STATUSES: {
        "statuses_to_shop/keep_turn": TURNS,
        "held_woken": "an_amount_put_right_is_captured",
        "money_looked_at": "a_reservation_that_runs_out_is_warned_of",
        "capture_again": "a_capture_that_svea_refuses_is_told_although_the_shop_says_completed",
        "status_held": "a_capture_that_klarna_refuses_is_told",
        "step_again": "a_customer_gets_one_mail_whatever_answers_are_lost",
        "order_gone": "an_order_that_the_shop_has_deleted_is_told_and_left",
        "order_unreadable": "an_order_whose_record_is_spoilt_holds_up_no_others_status",
    },
}
"""In which story a step is come to; for all others, `PLAIN`."""

PLAIN: dict[Whose, str] = {
    Beside.AGENT: "whoever_is_to_be_told_is_told_whatever_step_the_agent_dies_in",
    ORDERS: "a_guest_who_buys_three_times_is_one_contact",
    ARTICLES: "a_shop_that_governs_has_all_its_products_in_mamut",
    PRODUCTS: "prices_end_as_the_merchant_wants_them_to",
    PRICES: "a_price_of_nothing_is_stopped_until_a_person_lets_it_through",
    LISTS: "prices_of_customer_groups_are_left_for_the_plugins_that_read_them",
    STOCK: "the_goods_of_a_held_order_are_not_offered_again",
    STATUSES: "without_a_tracking_plugin_the_parcel_is_a_note",
}
SEEDS: dict[str, int] = {
    "products_to_shop/split": 7,
    "products_to_shop/wait_alone": 14,
    "prices_to_shop/split": 7,
    "prices_to_shop/step_back": 16,
    "prices_to_shop/wait_alone": 15,
    "price_lists_to_shop/split": 18,
    "price_lists_to_shop/step_back": 16,
    "price_lists_to_shop/wait_alone": 35,
    "stock_to_shop/split": 15,
    "stock_to_shop/step_back": 15,
    "stock_to_shop/wait_alone": 22,
}
"""Where a step is come to by chance: a seed with which it is."""

SEEDS_MORE = 12
"""Where it was not come to with that one: so many further seeds are tried."""

TRIED_IN: dict[DirectionName, str] = {
    ORDERS: "a_fault_of_one_kind_harms_nothing",
    ARTICLES: "each_kind_of_trouble_for_itself_doubles_no_article",
    **dict.fromkeys(GOODS, "each_kind_of_trouble_for_itself_harms_no_goods"),
}
WRITES: dict[DirectionName, str] = {
    PRODUCTS: "products_to_shop/keep_batch",
    PRICES: "prices_to_shop/keep_batch",
    LISTS: "price_lists_to_shop/keep_batch",
    STOCK: "stock_to_shop/keep_batch",
    STATUSES: "status_kept",
}
"""By which step a direction shows that it was at work while a fault was tried."""


class Cell(msgspec.Struct, frozen=True):
    """One cell: whether it happened at all, and what did not hold afterwards."""

    direction: Whose
    row: str
    column: str
    happened: bool
    broken: dict[str, list[str]]

    @property
    def sign(self) -> str:
        if not self.happened:
            return ""
        return "holds" if not self.broken else "BROKEN"


def crash_cells(seed: int = 1) -> Iterator[Cell]:
    """Every durable step of every direction and of those beside them, the agent killed before and after it."""
    for whose in WHOSE:
        for step in names(whose):
            yield from crash_row(whose, step, seed)


def crash_row(direction: Whose, step: str, seed: int = 1) -> tuple[Cell, ...]:
    """A cell for each moment: killed before the step, and after it in a life that comes to it again. One play shows
    both where it can; else, and when something breaks in it, each moment has a play of its own."""
    story = load(STORIES / f"{COMES_TO[direction].get(step, PLAIN[direction])}.toml")
    both = _killed(story, step, MOMENTS, SEEDS.get(step, seed))
    cells = []
    for when in MOMENTS:
        played = both
        first = SEEDS.get(step, seed)
        for more in range(1 + (SEEDS_MORE if step in SEEDS else 0)):
            if (step, when) in played.killed_in and (played is not both or played.holds):
                break
            played = _killed(story, step, (when,), first + more)
        cells.append(Cell(direction, step, when, (step, when) in played.killed_in, played.broken))
    return tuple(cells)


def _killed(story: Story, step: str, moments: tuple[When, ...], seed: int) -> Played:
    kills = tuple(KillInStep(kill=StepKill(step=step, when=when)) for when in moments)
    return play_story(msgspec.structs.replace(story, then=(*kills, *story.then)), seed)


def fault_cells(seed: int = 1) -> Iterator[Cell]:
    """Every fault for itself, in every direction."""
    for name in FAULTS:
        yield fault_cell(name, seed)
        yield from goods_fault_cells(name, seed)
        yield article_fault_cell(name, seed)


def fault_cell(name: str, seed: int = 1) -> Cell:
    """A fault among orders that go to Mamut."""
    played = _tried(name, TRIED_IN[ORDERS], seed)
    return Cell(ORDERS, name, "holds", _struck(name, played), played.broken)


def article_fault_cell(name: str, seed: int = 1) -> Cell:
    """A fault among products that become articles in Mamut."""
    played = _tried(name, TRIED_IN[ARTICLES], seed)
    return Cell(ARTICLES, name, "holds", _struck(name, played) and "about_to_make" in played.steps, played.broken)


def goods_fault_cells(name: str, seed: int = 1) -> tuple[Cell, ...]:
    """A fault among all that Mamut governs: one play, in which each of the directions writes."""
    played = _tried(name, TRIED_IN[PRODUCTS], seed)
    return tuple(
        Cell(direction, name, "holds", _struck(name, played) and WRITES[direction] in played.steps, played.broken)
        for direction in GOODS
    )


def _tried(name: str, told: str, seed: int) -> Played:
    story = load(STORIES / f"{told}.toml")
    faults = msgspec.structs.replace(story.faults, names=(name,), swarm=False)
    return play_story(msgspec.structs.replace(story, faults=faults, expect=_expected(story, faults)), seed)


def _expected(story: Story, faults: FaultSettings) -> Expect:
    """A held order is no failure where a fault is a cause to hold it."""
    return story.expect if "mamut_article_inactive" not in faults.names else Expect()


def _struck(name: str, played: Played) -> bool:
    """Whether it came at all. That a habit met somebody is the simulator's to know; it was there to be met."""
    return played.faults.get(name, 0) > (FAULTS[name].place is Place.EXCHANGE)


def table(cells: Iterator[Cell]) -> Iterator[str]:
    """The cells as lines of text, a row for each step or fault."""
    rows: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        rows.setdefault((cell.direction.value, cell.row), []).append(cell)
    for (direction, row), found in rows.items():
        yield f"{direction:<18}{row:<32}" + "".join(
            f"{cell.column if cell.column != 'holds' else '':>8} {cell.sign:<7}" for cell in found
        )
