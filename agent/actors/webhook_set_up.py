"""Making and removing a shop's webhooks, as a person asks for it. Doing either twice is doing it once."""

from __future__ import annotations

from agent.decide.webhooks import WebhookPlan, is_ours, plan
from agent.model.order import Frozen
from agent.model.webhook import WebhookWrite
from agent.remote.ports import WebhookPort
from agent.remote.trouble import Trouble, TroubleKind
from agent.settings.secret import Secret

TRIES = 3
"""A write whose answer is lost is looked for and, where it did not happen, made again, so many times in all."""


class Installed(Frozen, frozen=True):
    """`made`, `renewed` and `removed` are topics; those renewed were there and have got the secret again."""

    made: tuple[str, ...]
    renewed: tuple[str, ...]
    removed: tuple[str, ...]


async def install(port: WebhookPort, topics: tuple[str, ...], delivery_url: str, secret: Secret) -> Installed:
    """One active webhook for each topic, signed with the secret, which the shop never shows: so those that are there
    are given it again. Raises Trouble."""
    first = await look(port, topics, delivery_url)
    found = first
    for tries_left in reversed(range(TRIES)):
        signs = secret.reveal()
        writes = (
            *(WebhookWrite(topic=topic, delivery_url=delivery_url, secret=signs) for topic in found.missing),
            *(WebhookWrite(hook_id=hook.hook_id, secret=signs) for hook in found.kept),
        )
        try:
            await port.write_webhooks(writes, tuple(hook.hook_id for hook in found.surplus))
            break
        except Trouble as trouble:
            if trouble.kind is not TroubleKind.UNSURE or not tries_left:
                raise
        found = await look(port, topics, delivery_url)
    return Installed(
        made=first.missing,
        renewed=tuple(hook.topic for hook in first.kept),
        removed=tuple(hook.topic for hook in first.surplus),
    )


async def remove(port: WebhookPort, delivery_url: str) -> tuple[str, ...]:
    """Deletes those of ours, by name and address; their topics. Raises Trouble, UNSURE when it may have been done."""
    ours = [hook for hook in await port.list_webhooks() if is_ours(hook, delivery_url)]
    if ours:
        await port.write_webhooks((), tuple(hook.hook_id for hook in ours))
    return tuple(hook.topic for hook in ours)


async def look(port: WebhookPort, topics: tuple[str, ...], delivery_url: str) -> WebhookPlan:
    return plan(topics, delivery_url, await port.list_webhooks())
