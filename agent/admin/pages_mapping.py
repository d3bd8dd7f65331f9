"""The field mappings of each shop: from where to where, and one of them written, tried and saved."""

from __future__ import annotations

import msgspec
import trio
from starlette.responses import Response

from agent.admin.door import post
from agent.admin.house import MenuEntry
from agent.admin.rule_form import Table
from agent.admin.table_edit import chosen_shop, standing
from agent.admin.table_pages import Fields, Kind, TablePages
from agent.admin.trying import around, in_words, secrets_of
from agent.admin.visit import Form, Visit
from agent.journal.users import Role
from agent.model.order import Frozen
from agent.packages import Feature, cheapest_lacked
from agent.remote.trouble import Trouble
from agent.rules.fields import Kind as FieldKind
from agent.rules.fields import fields_of
from agent.rules.tree import FieldMapping, MappedObject, WhenLong
from agent.settings.tree import Settings, ShopSettings
from agent.shown.rules import MAPPED, WHEN_LONG, mapping_text
from agent.trials import source_fields

FIELDS_OF = 30
"""The newest orders and articles whose fields are listed."""

READ_S = 20.0
"""The longest that a page waits for the shop's fields."""


class Line(Frozen, frozen=True):
    """One mapping in plain words."""

    place: int
    name: str
    enabled: bool
    way: str
    source: str
    field: str
    first: bool
    last: bool


class MapForm(Frozen, frozen=True):
    name: str = ""
    object: str = MappedObject.ORDER.value
    field: str = ""
    pick: str = ""
    compute: str = ""
    empty_clears: bool = False
    when_long: str = WhenLong.CUT.value
    enabled: bool = True


class Target(Frozen, frozen=True):
    """A field that may be mapped to. `most` are the characters that are kept of it, None where that is no text."""

    path: str
    kind: FieldKind
    most: int | None


def lines(visit: Visit, shop: ShopSettings) -> list[Line]:
    about = [each.object for each in shop.mapping]
    return [
        Line(
            place=place,
            name=each.name,
            enabled=each.enabled,
            way=MAPPED[each.object].in_(visit.language),
            source=mapping_text(each, visit.language),
            field=each.field,
            first=each.object not in about[:place],
            last=each.object not in about[place + 1 :],
        )
        for place, each in enumerate(shop.mapping)
    ]


# -- the form ---------------------------------------------------------------------------------------------------------


def _typed(form: Form) -> MapForm:
    objects, long = [each.value for each in MappedObject], [each.value for each in WhenLong]
    about, when_long = form.get("object"), form.get("when_long")
    return MapForm(
        name=form.get("name"),
        object=about if about in objects else objects[0],
        field=form.get("field").strip(),
        pick=form.get("pick").strip(),
        compute=form.get("compute").strip(),
        empty_clears=form.get("empty_clears") == "yes",
        when_long=when_long if when_long in long else long[0],
        enabled=form.get("enabled") == "yes",
    )


def _table(mapping: MapForm) -> Table:
    made: Table = {"name": mapping.name.strip(), "object": mapping.object, "field": mapping.field}
    if not mapping.enabled:
        made["enabled"] = False
    for name in ("pick", "compute"):
        if text := getattr(mapping, name):
            made[name] = text
    if mapping.empty_clears:
        made["empty_clears"] = True
    if mapping.when_long != WhenLong.CUT.value:
        made["when_long"] = mapping.when_long
    return made


def _form(table: Table) -> MapForm | None:
    try:
        made = msgspec.convert(table, FieldMapping)
    except msgspec.ValidationError:
        return None
    values = {name: getattr(made, name) for name in MapForm.__struct_fields__}
    return MapForm(**{**values, "object": made.object.value, "when_long": made.when_long.value})


def _choices(visit: Visit, settings: Settings, mapping: MapForm | None) -> dict[str, object]:
    # Loaded here alone: the sandbox is large, and most who open the admin have no mapping.
    from agent.rules.mapping import FILTERS, LENGTHS, TARGETS, TEXT_MAX

    about = None if mapping is None else MappedObject(mapping.object)
    targets: list[Target] = []
    for field in () if about is None else fields_of(TARGETS[about]):
        if not field.fixed and not field.rows and field.kind not in (FieldKind.ROWS, FieldKind.TABLE, FieldKind.MOMENT):
            most = LENGTHS[about].get(field.path, TEXT_MAX) if about and field.kind is FieldKind.TEXT else None
            targets.append(Target(path=field.path, kind=field.kind, most=most))
    return {
        "ways": [(each.value, text.in_(visit.language)) for each, text in MAPPED.items()],
        "long": [(each.value, text.in_(visit.language)) for each, text in WHEN_LONG.items()],
        "targets": targets,
        "filters": sorted(FILTERS),
        "lacking": cheapest_lacked(settings.package, Feature.FIELD_MAPPING),
    }


def _only(shop: ShopSettings, place: int, alone: bool) -> ShopSettings:
    mapping = msgspec.structs.replace(shop.mapping[place], enabled=True)
    several = (*shop.mapping[:place], mapping, *shop.mapping[place + 1 :])
    return msgspec.structs.replace(shop, mapping=(mapping,) if alone else several, processing=(), plugins=())


# -- what can be picked from ------------------------------------------------------------------------------------------


async def fields(visit: Visit) -> Response:
    """The names of the fields that the shop's newest orders have, those of its extensions too: a piece of a page. Of
    those a rule sees only the extensions', under names of its own."""
    template = "rules/metas.html" if visit.form.get("of") == "rules" else "mapping/fields.html"
    shop = chosen_shop(visit, standing(visit))
    pair = None if shop is None else secrets_of(visit, shop.key)
    if shop is None or pair is None or visit.admin.outside is None:
        return visit.page(template, sources=None, trouble="")
    try:
        with trio.fail_after(READ_S):
            found = await source_fields(shop, pair, FIELDS_OF, around(visit, shop))
    except trio.TooSlowError:
        return visit.page(template, sources=None, trouble=visit.text("trial.too_slow", seconds=int(READ_S)))
    except Trouble as trouble:
        return visit.page(template, sources=None, trouble=in_words(visit, shop, trouble).trouble)
    return visit.page(template, sources=found, trouble="")


PAGES = TablePages(
    Kind(
        name="mapping",
        base="/mapping",
        act="mapping_changed",
        fields=Fields(
            blank=lambda _visit: MapForm(),
            typed=_typed,
            of_table=_form,
            to_table=_table,
            after=lambda _act, form: form,
            choices=_choices,
        ),
        chain=lambda table: table.get("object"),
        only=_only,
        listed=lines,
        also=lambda _visit, settings: {"lacking": cheapest_lacked(settings.package, Feature.FIELD_MAPPING)},
    )
)

ROUTES = (*PAGES.routes(), post("/mapping/fields", fields, Role.CONFIGURE))
MENU = (MenuEntry(65, "/mapping", "mapping.title"),)
