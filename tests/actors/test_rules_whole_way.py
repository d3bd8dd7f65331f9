"""Rules and field mappings on the whole way: from the shop's own record to Mamut's document."""

from __future__ import annotations

import msgspec
from trio.testing import MockClock

from agent.rules.tree import FieldMapping, MappedObject, ProcessingRule
from scenarios.play import shop_settings
from tests.actors.small_shop import Opened, assert_once_and_equal

REFERENCE = FieldMapping(
    name="referens",
    object=MappedObject.ORDER,
    field="reference",
    pick="meta_data[?key=='_inkopare'].value | [0]",
    compute="value|upper ~ ' ' ~ record.created_via",
)
"""`created_via` is no field that the agent reads of an order by itself."""


def rule(**fields: object) -> ProcessingRule:
    return msgspec.convert({"name": "regeln", "object": "order", "side": "read"} | fields, ProcessingRule)


async def test_a_field_of_the_shops_record_becomes_a_field_of_the_document(
    opened: Opened, autojump_clock: MockClock
) -> None:
    async with opened(settings=shop_settings(mapping=(REFERENCE,))) as shop:
        order_id = shop.order(meta_data=[{"key": "_inkopare", "value": "Avd 7"}])
        plain_id = shop.order(1)
        await shop.world.run_once()
        assert_once_and_equal(shop, [order_id, plain_id])
        references = {document.external_no: document.reference for document in shop.world.mamut.orders()}
        assert references[f"butik:{order_id}"] == "AVD 7 rest-api"
        assert references[f"butik:{plain_id}"] == "rest-api"


async def test_a_rule_changes_what_is_booked_and_the_story_tells_it(opened: Opened, autojump_clock: MockClock) -> None:
    change = rule(
        when=[{"field": "billing.city", "any_of": ["umeå"]}],
        do=[{"do": "build", "field": "customer_note", "value": "Norrland: {number}"}],
    )
    async with opened(settings=shop_settings(processing=(change,))) as shop:
        order_id = shop.order()
        await shop.world.run_once()
        assert_once_and_equal(shop, [order_id])
        (document,) = shop.world.mamut.orders()
        assert document.packing_text == f"Norrland: {order_id}"


async def test_a_rule_that_fails_holds_its_order_and_no_other(opened: Opened, autojump_clock: MockClock) -> None:
    change = rule(when=[{"field": "billing.last_name", "ends": "1"}], do=[{"do": "fail", "value": "saknar referens"}])
    async with opened(settings=shop_settings(processing=(change,))) as shop:
        bad, good = shop.order(1), shop.order(2)
        await shop.world.run_once()
        assert shop.states() == {bad: ("held", "BRY-H28"), good: ("transferred", "")}


async def test_a_rule_that_is_corrected_lets_its_orders_go(opened: Opened, autojump_clock: MockClock) -> None:
    change = rule(do=[{"do": "fail"}])
    async with opened(settings=shop_settings(processing=(change,))) as shop:
        order_id = shop.order()
        await shop.world.run_once()
        assert shop.states() == {order_id: ("held", "BRY-H28")}
        shop.world.change("butik", shop_settings())
        await shop.world.run_once()
        assert_once_and_equal(shop, [order_id])
