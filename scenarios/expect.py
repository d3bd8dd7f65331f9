"""What a story itself expects in the end, beyond what every play is checked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from agent.flows import DirectionName
from agent.model.reasons import Reason
from scenarios.acts import KEY
from scenarios.ended import Ended
from scenarios.goods_end import GoodsEnd
from scenarios.story import Expect, Story
from scenarios.trace import Exchange
from simulators.woocommerce.products_model import Product

EXPECTED = "what_the_story_expects"
"""The name of a story's own expectations among the checks."""


def unmet(story: Story, ended: Ended, placed: Sequence[int], kills: int) -> dict[str, list[str]]:
    """The story's own expectations that are not met, as a check of its own."""
    expect, wrong = story.expect, []
    for number, order_id in enumerate(placed, start=1):
        wanted = expect.orders.get(str(number), expect.all)
        row = ended.row(KEY, order_id)
        found = "unknown" if row is None else row.reason or row.state
        if wanted and wanted not in (found, "" if row is None else row.state):
            wrong.append(f"order {number} is {found}, not {wanted}")
    seen = reasons_seen(ended)
    wrong += [f"{code} was never seen" for code in (*expect.reasons, *expect.faults) if code not in seen]
    kinds = {kind for _shop, _order, kind, _data in ended.events}
    wrong += [f"no story tells of {kind}" for kind in expect.told if kind not in kinds]
    figures: tuple[tuple[str, int | None, Callable[[], int]], ...] = (
        ("documents", expect.documents, lambda: sum(map(len, ended.living.values()))),
        ("contacts", expect.contacts, lambda: sum(1 for contact in ended.contacts if contact.ext_id)),
        ("counted", expect.counted, lambda: sum(ended.usage.values())),
    )
    wrong += [f"{name}: {found()}, not {wanted}" for name, wanted, found in figures if wanted not in (None, found())]
    if kills < expect.kills:
        wrong.append(f"the agent was killed {kills} times, not {expect.kills}")
    wrong += [f"{code} is no code" for code in expect.reasons if code not in set(Reason)]
    wrong += _asked(expect, ended)
    wrong += _after_transfer(expect, ended, placed)
    wrong += _late(expect, ended)
    for word, count in expect.plan.items():
        if ended.plan.get(word, 0) != count:
            wrong.append(f"{ended.plan.get(word, 0)} rows of the plan are {word}, not {count}")
    if ended.goods is not None:
        wrong += _of_goods(expect, ended.goods, ended, placed)
    return {EXPECTED: wrong} if wrong else {}


def _asked(expect: Expect, ended: Ended) -> Iterator[str]:
    for kind, wanted in expect.answers.items():
        heard = list(dict.fromkeys(result for asked, result in ended.asked.answers if asked == kind))
        if heard != wanted:
            yield f"who asked for {kind} heard {heard}, not {wanted}"
    if ended.beside is not None and expect.letters is not None:
        subjects = sorted({letter.identity: letter.subject for letter in ended.beside.letters}.values())
        if subjects != sorted(expect.letters):
            yield f"the letters are {subjects}, not {expect.letters}"
    if expect.webhooks not in (None, ended.asked.webhooks):
        yield f"the shop has {ended.asked.webhooks} webhooks, not {expect.webhooks}"
    if expect.nameless not in (None, ended.asked.nameless):
        yield f"{ended.asked.nameless} orders cannot be found, not {expect.nameless}"


def _late(expect: Expect, ended: Ended) -> Iterator[str]:
    """Orders whose document came later than the story allows; one without any is another check's."""
    made = {number: found[0].created_at for number, found in ended.living.items()}
    for key, most_s in expect.within_s.items():
        for row in ended.rows:
            if str(row.shop) == key and row.external_no in made:
                took_s = made[row.external_no].timestamp() - row.created_at
                if took_s > most_s:
                    yield f"order {row.order_id} of {key} took {took_s:.0f} s to its document, more than {most_s:.0f}"


def _after_transfer(expect: Expect, ended: Ended, placed: Sequence[int]) -> Iterator[str]:
    """What the merchant finds in both systems of orders that were changed after their transfer."""
    numbers = {str(number): order_id for number, order_id in enumerate(placed, start=1)}
    living = ended.living
    for number, totals in expect.credited.items():
        prefix = f"{KEY}:{numbers[number]}/r"
        notes = [note for key in sorted(living) if key.startswith(prefix) for note in living[key]]
        found = [str(note.total) for note in sorted(notes, key=lambda note: note.order_no)]
        if found != totals:
            yield f"order {number} is credited {found}, not {totals}"
    for number, wanted in expect.booked.items():
        row = ended.row(KEY, numbers[number])
        documents = [each for each in ended.documents if row is not None and each.order_no == row.mamut_order_no]
        shown = ", ".join(f"{each.status} {each.total}" for each in documents)
        if shown != wanted:
            yield f"order {number} is booked as {shown}, not {wanted}"
    for number, fields in expect.document.items():
        row = ended.row(KEY, numbers[number])
        document = next((each for each in ended.documents if row and each.order_no == row.mamut_order_no), None)
        for name, text in fields.items():
            stands = str(getattr(document, name, ""))
            if stands != text:
                yield f"{name} of order {number} is {stands!r}, not {text!r}"
    for number, wanted in expect.attends.items():
        outcome, code = ended.aftermath.get((KEY, numbers[number]), ("", ""))
        if (code if outcome == "attend" else "") != wanted:
            yield f"the change of order {number} is {outcome} {code}, not {wanted}"


def _of_goods(expect: Expect, goods: GoodsEnd, ended: Ended, placed: Sequence[int]) -> Iterator[str]:
    side = goods.sides[KEY]
    codes = _codes(goods)
    yield from (f"{code} was never told" for code in expect.goods if code not in codes)
    for sku, wanted in expect.articles.items():
        found = _waits_with(goods, sku)
        if wanted not in found:
            yield f"{sku} waits with {sorted(found)}, not {wanted}"
    for sku, wanted in expect.products.items():
        shown = ",".join(sorted(f"{one.type} {one.status}" for one in goods.things(side, sku)))
        if shown != wanted:
            yield f"{sku} is {shown or 'no product'}, not {wanted or 'no product'}"
    yield from _shown(expect, goods)
    yield from _to_mamut(expect, goods)
    documents = {row["order_id"]: row for row in goods.tables["documents"] if row["shop"] == KEY}
    ids = {str(number): order_id for number, order_id in enumerate(placed, start=1)}
    for number, wanted in expect.statuses.items():
        status = ended.shops[KEY].orders[ids[number]]["status"] if number in ids else "never placed"
        if status != wanted:
            yield f"order {number} is {status}, not {wanted}"
    for number, wanted in expect.captures.items():
        row = documents.get(ids.get(number, 0), {})
        if wanted not in (row.get("capture"), row.get("code")):
            yield f"the capture of order {number} is {row.get('capture')!r} {row.get('code')!r}, not {wanted}"
    mails = [mail.kind for mail in ended.shops[KEY].mails]
    for kind, count in expect.mails.items():
        if mails.count(kind) != count:
            yield f"{mails.count(kind)} mails {kind} went out, not {count}"
    writes = sum(1 for one in ended.trace.exchanges if one.system == KEY and _writes_goods(one))
    if expect.goods_writes is not None and writes > expect.goods_writes:
        yield f"{writes} requests wrote goods, more than {expect.goods_writes}"


def _writes_goods(one: Exchange) -> bool:
    """A batch of products or of one product's variations."""
    return one.path.endswith(("/products/batch", "/variations/batch")) and one.writes


def _shown(expect: Expect, goods: GoodsEnd) -> Iterator[str]:
    for sku, wanted in expect.stock.items():
        found = [_stock(goods, one) for one in goods.things(goods.sides[KEY], sku)]
        if found != [wanted]:
            yield f"{sku} is shown as {found}, not {wanted}"
    for sku, price in expect.prices.items():
        prices = [
            "/".join(filter(None, (one.regular_price, one.sale_price))) for one in goods.things(goods.sides[KEY], sku)
        ]
        if prices != [price]:
            yield f"{sku} costs {prices}, not {price}"


def _to_mamut(expect: Expect, goods: GoodsEnd) -> Iterator[str]:
    """Products of the shop, and the articles that they have become."""
    for number, wanted in expect.in_mamut.items():
        found = ", ".join(
            f"{article.price_out} {article.description}{' inactive' if article.inactive else ''}"
            for article in goods.mamut.books.products_by_no(number)
        )
        if found != wanted:
            yield f"{number} is {found or 'no article'}, not {wanted or 'no article'}"
    for named, wanted in expect.held.items():
        things = goods.sides[KEY].shop.products.shelf.things.values()
        ids = {-one.id for one in things if named in (one.sku, one.name)}
        codes = {
            row["code"]
            for row in goods.tables["tasks"]
            if row["direction"] == DirectionName.PRODUCTS_TO_MAMUT and row["pk"] in ids
        }
        if codes != ({wanted} if wanted else set()):
            yield f"{named} is held with {sorted(codes)}, not {wanted}"


def _stock(goods: GoodsEnd, one: Product) -> str:
    """The quantity, or the status where nothing is counted; what is hidden is in brackets."""
    holder = goods.sides[KEY].shop.stock.holder(one)
    text = one.stock_status if holder is None else str(holder.stock)
    if holder is not None and holder.backorders != "no":
        text += f" {holder.backorders}"
    return f"({text})" if one.details.visibility == "hidden" or one.status == "private" else text


def _waits_with(goods: GoodsEnd, sku: str) -> set[str]:
    pks = {article.pk for article in goods.mamut.books.products_by_no(sku)}
    return {
        goods.waits(KEY, direction, pk) for direction in DirectionName for pk in pks if goods.waits(KEY, direction, pk)
    }


def _codes(goods: GoodsEnd) -> set[str]:
    """Every code that a direction has told of, also those that a later one has replaced."""
    rows: list[dict[str, Any]] = [
        row for table in ("tasks", "said", "documents", "directions") for row in goods.tables[table]
    ]
    return {str(row["code"]) for row in rows}


def reasons_seen(ended: Ended) -> set[str]:
    told = {str(data.get("reason", "")) for _shop, _order, _kind, data in ended.events}
    logged = {str(line.get("fault", "")) for line in ended.trace.log_lines}
    return (told | logged | {row.reason for row in ended.rows}) - {""}
