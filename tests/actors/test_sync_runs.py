"""First synchronisations that the agent does while it works: planned, applied, stopped, gone on with and taken back by
wishes; orders go on meanwhile, and nothing is made twice."""

from __future__ import annotations

from pathlib import Path

import trio
from trio.testing import MockClock

from agent.app import Agent
from agent.journal import plans, records, sync_runs
from agent.journal.sync_runs import SyncRun
from agent.model.ids import ShopKey
from agent.model.plan import PlanState, RowState
from scenarios.play import ShopSide, play, shop_settings
from simulators.faults import Fault, FaultOptions

GARN = ShopKey("garn")


def skus(shop: ShopSide) -> list[str]:
    rows = [row for page in (1, 2, 3) for row in shop.do("GET", f"/products?per_page=100&page={page}")]
    return sorted(row["sku"] for row in rows)


async def wish(agent: Agent, kind: str, **args: str) -> str:
    """The agent's answer."""
    wish_id = await agent.journal.run(lambda tx: records.wish(tx, at_ms=0, who="kim", kind=kind, shop=GARN, args=args))
    agent.shops[GARN].wishes.bell.ring()
    while True:
        await trio.sleep(1)
        row = agent.journal.view(
            lambda tx: tx.execute("SELECT result FROM wishes WHERE wish_id = ? AND done_ms > 0", (wish_id,)).fetchone()
        )
        if row is not None:
            return str(row[0])


async def ended(agent: Agent) -> SyncRun:
    with trio.fail_after(20_000):
        while True:
            run = agent.journal.view(sync_runs.newest)
            if run is not None and run.ended_ms is not None:
                return run
            await trio.sleep(1)


async def first_batch(shop: ShopSide) -> None:
    for _ in range(2_000):
        if skus(shop):
            return
        await trio.sleep(0.5)
    raise AssertionError("nothing was ever made")


async def work(agent: Agent, kind: str, **args: str) -> SyncRun:
    assert await wish(agent, kind, **args) == "done"
    return await ended(agent)


async def test_a_plan_is_made_applied_stopped_gone_on_with_and_taken_back_while_the_agent_works(
    tmp_path: Path, autojump_clock: MockClock
) -> None:
    async with play(tmp_path, seed=4) as world:
        world.mamut.fill(1, products=130)
        shop = world.add_shop(shop_settings("garn", name="Garnboden", flow=2))
        async with world.agent() as agent:
            # Paused at once, so that what the plan says is not done already.
            assert await wish(agent, "pause", direction="products_to_shop") == "done"
            run = await work(agent, "sync_plan", source="mamut")
            assert (run.result, run.detail, skus(shop)) == ("done", "", [])
            plan = agent.journal.view(lambda tx: plans.get(tx, run.plan))
            assert plan is not None
            assert (plan.state, len(plan.digest)) == (PlanState.PLANNED, 64)
            number = str(run.plan)
            assert await wish(agent, "sync_undo", plan=number) == "plan_not_so"
            assert await wish(agent, "sync_apply", plan="77") == "plan_unknown"
            assert await wish(agent, "sync_stop") == "nothing_under_way"
            # Stopped on the way, and gone on with.
            world.faults(shop.server, FaultOptions(share=1.0, faults=(Fault.SLOW,), seed=1, slow_s=8.0))
            assert await wish(agent, "sync_apply", plan=number) == "done"
            assert await wish(agent, "sync_plan", source="mamut") == "sync_busy"
            await first_batch(shop)
            assert await wish(agent, "sync_stop") == "done"
            assert (await ended(agent)).result == "stopped"
            assert 0 < len(skus(shop)) < 130
            # Killed with a batch under way, it waits for a person's word.
            assert await wish(agent, "sync_apply", plan=number) == "done"
            await trio.sleep(6)
        world.faults(shop.server, FaultOptions(share=0.0))
        async with world.agent() as agent:
            await trio.sleep(1)
            assert (await ended(agent)).result == "interrupted"
            run = await work(agent, "sync_apply", plan=number)
            assert run.result == "done"
            made = skus(shop)
            assert len(made) == len(set(made)) == 130
            counts = agent.journal.view(lambda tx: plans.counts(tx, run.plan))
            assert (counts.left, counts.in_state(RowState.REFUSED)) == (0, 0)
            # The agent goes on from there, and finds nothing to do.
            assert await wish(agent, "resume", direction="products_to_shop") == "done"
            await trio.sleep(2_000)
            assert skus(shop) == made
            # What the direction would make again at once is not taken away.
            assert await wish(agent, "sync_undo", plan=number) == "direction_runs"
            assert await wish(agent, "pause", direction="products_to_shop") == "done"
            assert (await work(agent, "sync_undo", plan=number)).result == "done"
            left = {row.number: row.state for row in agent.journal.view(lambda tx: list(plans.walk(tx, run.plan)))}
            assert sorted(number for number, state in left.items() if state is RowState.LEFT) == skus(shop)
