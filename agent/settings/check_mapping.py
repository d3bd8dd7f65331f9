"""What the field mappings mean: each is compiled as the agent would, so that none fails first when an order comes."""

from __future__ import annotations

from collections.abc import Iterator

from agent.model.words import Words, words
from agent.rules.tree import FieldMapping
from agent.settings.finding import Finding, wrong
from agent.settings.kinds import choose, did_you_mean, shown

_PROBLEMS: dict[str, tuple[Words, Words]] = {
    "fixed": (
        words("{detail} får inte mappas till.", "{detail} cannot be mapped to."),
        words(
            "Fältet är det som en post känns igen på, eller det som beloppet bevisas med. Välj ett annat fält.",
            "A record is known by the field, or its amount is proved by it. Choose another field.",
        ),
    ),
    "no_single_value": (
        words("{detail} är inte ett enda värde.", "{detail} is not a single value."),
        words("Ange ett fält i det, eller skriv en regel.", "Name a field in it, or write a rule."),
    ),
    "expression_wrong": (
        words("Uttrycket kan inte läsas: {detail}", "The expression cannot be read: {detail}"),
        words("Se docs/mapping.md.", "See docs/mapping.md."),
    ),
    "expression_too_long": (
        words("Uttrycket är längre än {detail} tecken.", "The expression is longer than {detail} characters."),
        words("Korta det, eller skriv en plugin.", "Shorten it, or write a plugin."),
    ),
    "expression_too_deep": (
        words("Uttrycket är nästlat djupare än {detail}.", "The expression is nested deeper than {detail}."),
        words("Dela upp det.", "Divide it."),
    ),
    "no_calls": (
        words("Ett uttryck kan inte anropa något.", "An expression cannot call anything."),
        words("Använd ett filter, till exempel value|upper.", "Use a filter, such as value|upper."),
    ),
}
"""What is wrong and what helps, by the compiler's short word."""


def check_mapping(mappings: tuple[FieldMapping, ...], path: str) -> Iterator[Finding]:
    if not mappings:
        return
    # Asked for here alone: the sandbox takes longer to load than all the rest of a small command.
    from agent.rules.mapping import Mapper, MappingWrong

    names: set[str] = set()
    for index, mapping in enumerate(mappings):
        place = f"{path}[{index}]"
        if mapping.name in names or not mapping.name.strip():
            name = shown(mapping.name)
            yield wrong(
                f"{place}.name",
                words(f"Namnet {name} är inte mappningens eget.", f"The name {name} is not the mapping's own."),
                words("Ge varje mappning ett eget namn.", "Give each mapping a name of its own."),
            )
        names.add(mapping.name)
        try:
            Mapper((mapping,), mapping.object)
        except MappingWrong as error:
            if error.problem == "field_unknown":
                name = shown(error.detail)
                remedy = did_you_mean(error.detail.rpartition(".")[2], error.known, choose(error.known[:12]))
                problem = words(f"Fältet {name} finns inte.", f"There is no field {name}.")
            else:
                told, remedy = _PROBLEMS[error.problem]
                detail = error.detail[:60]
                problem = words(told.sv.replace("{detail}", detail), told.en.replace("{detail}", detail))
            yield wrong(f"{place}.{error.key}", problem, remedy)
