"""What has changed between two settings, by the place in the file: what stood there and what stands there now."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from agent.model.ids import ShopKey
from agent.model.order import Frozen
from agent.settings.load import join
from agent.settings.secrets import Secrets
from agent.settings.tree import Settings

SECRETS_PATH = "secrets"
"""The place of a change that is in no `brygga.toml`: the name of the secret follows, never a value."""

_NAMES = ("key", "name", "id")
"""What a table in a list is known by, so that one more at the front is not a change of all."""


class Change(Frozen, frozen=True):
    """`before` and `after` are the values as JSON, empty where the setting was not or is not there."""

    path: str
    before: str
    after: str


def differences(before: Settings, after: Settings) -> tuple[Change, ...]:
    """Every setting whose value is another one, defaults included: what a line that was removed now means."""
    return tuple(_walk(msgspec.to_builtins(before), msgspec.to_builtins(after), ""))


def secrets_changed(before: Secrets, after: Secrets) -> tuple[Change, ...]:
    """Which secrets are others, without a word of them."""
    names = []
    if before.mamut_password != after.mamut_password:
        names.append("mamut.password")
    if before.mail_password != after.mail_password:
        names.append("mail.password")
    for key in sorted({*before.shops, *after.shops}):
        was, now = before.shops.get(ShopKey(key)), after.shops.get(ShopKey(key))
        if was is None or now is None:
            continue  # A shop that came or went is a change of the settings.
        names += [f"shop.{key}.{name}" for name in was.__struct_fields__ if getattr(was, name) != getattr(now, name)]
    return tuple(Change(path=f"{SECRETS_PATH}.{name}", before="", after="") for name in names)


class _NotThere:
    """Stands for a setting that one side lacks."""


_NOT_THERE = _NotThere()


def _walk(before: object, after: object, path: str) -> Iterator[Change]:
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for name in _both(before, after):
            yield from _walk(before.get(name, _NOT_THERE), after.get(name, _NOT_THERE), join(path, str(name)))
        return
    named_before, named_after = _named(before), _named(after)
    if named_before is None or named_after is None:
        yield Change(path=path, before=_shown(before), after=_shown(after))
        return
    for name in _both(named_before, named_after):
        yield from _walk(named_before.get(name, _NOT_THERE), named_after.get(name, _NOT_THERE), f"{path}[{name}]")
    kept_before = [name for name in named_before if name in named_after]
    kept_after = [name for name in named_after if name in named_before]
    if kept_before != kept_after:
        yield Change(path=path, before=_shown(kept_before), after=_shown(kept_after))


def _both(before: dict[str, object], after: dict[str, object]) -> list[str]:
    return [*before, *(name for name in after if name not in before)]


def _named(value: object) -> dict[str, object] | None:
    """The tables of a list by what each is known by, None where they have nothing of the kind."""
    if not isinstance(value, list | tuple):
        return None
    for known_by in _NAMES:
        names = [each.get(known_by) if isinstance(each, dict) else None for each in value]
        texts = [name for name in names if isinstance(name, str) and name]
        if len(texts) == len(value) and len(set(texts)) == len(texts):
            return dict(zip(texts, value, strict=True))
    return None


def _shown(value: object) -> str:
    return "" if isinstance(value, _NotThere) else msgspec.json.encode(value).decode()
