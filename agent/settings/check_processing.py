"""What the processing rules mean: each is compiled as the agent would, so that none fails first when an order comes."""

from __future__ import annotations

from collections.abc import Iterator

from agent.model.words import Words, words
from agent.rules.chain import Chains, RuleWrong
from agent.rules.tree import ProcessingRule, RuleAction, RuleCondition
from agent.settings.finding import Finding, conflict, risky, wrong
from agent.settings.kinds import choose, did_you_mean, shown
from agent.settings.tree_goods import StatusSettings

_PROBLEMS: dict[str, tuple[Words, Words]] = {
    "missing": (
        words("Nyckeln behövs för {detail}.", "The key is needed for {detail}."),
        words("Lägg till den, se docs/rules.md.", "Add it, see docs/rules.md."),
    ),
    "unused": (
        words("{detail} använder inte nyckeln.", "{detail} does not use the key."),
        words("Ta bort den, se docs/rules.md.", "Remove it, see docs/rules.md."),
    ),
    "fixed": (
        words("{detail} får ingen regel ändra.", "No rule may change {detail}."),
        words(
            "Fältet är det som en post känns igen på, eller det som beloppet bevisas med. Välj ett annat fält.",
            "A record is known by the field, or its amount is proved by it. Choose another field.",
        ),
    ),
    "no_single_value": (
        words("{detail} är inte ett enda värde.", "{detail} is not a single value."),
        words("Ange ett fält i det, till exempel billing.city.", "Name a field in it, such as billing.city."),
    ),
    "no_rows": (
        words("{detail} är ingen lista med rader.", "{detail} is no list of rows."),
        words("Ange en lista, till exempel lines.", "Name a list, such as lines."),
    ),
    "no_addresses": (
        words("Posten har inga två adresser att byta.", "The record has no two addresses to switch."),
        words("Använd regeln på object order, side read.", "Use the rule on object order, side read."),
    ),
    "only_orders_read": (
        words("{detail} hör hemma på lästa order.", "{detail} belongs to orders as read."),
        words('Ange object = "order" och side = "read".', 'Give object = "order" and side = "read".'),
    ),
    "template_broken": (
        words("Mallen kan inte läsas.", "The template cannot be read."),
        words("Skriv fält inom klamrar: {number}. Inget annat får stå där.", "Write fields in braces: {number}."),
    ),
    "template_too_long": (
        words("Mallen är längre än {detail} tecken.", "The template is longer than {detail} characters."),
        words("Korta den.", "Shorten it."),
    ),
    "too_many_rules": (
        words("Fler än {detail} regler för samma sak.", "More than {detail} rules about the same thing."),
        words("Slå ihop några.", "Join some of them."),
    ),
    "too_long": (words("Texten är för lång.", "The text is too long."), words("Korta den.", "Shorten it.")),
    "not_a_number": (words("Det är inget tal.", "That is no number."), words("Ange ett tal.", "Give a number.")),
    "not_whole": (words("Det är inget heltal.", "That is no whole number."), words("Ange ett heltal.", "Give one.")),
    "not_yes_or_no": (
        words("Fältet är ja eller nej.", "The field is yes or no."),
        words('Ange "yes" eller "no".', 'Give "yes" or "no".'),
    ),
    "not_a_day": (
        words("Det är inget datum.", "That is no date."),
        words("Skriv det som 2026-01-31.", "Write it as 2026-01-31."),
    ),
    "not_a_choice": (
        words("Värdet finns inte att välja i {detail}.", "The value is not one of {detail}'s choices."),
        words("Se docs/rules.md.", "See docs/rules.md."),
    ),
    "not_a_value": (
        words("{detail} kan inte ha det värdet.", "{detail} cannot have that value."),
        words("Ange ett annat.", "Give another."),
    ),
    "not_text": (words("{detail} är ingen text.", "{detail} is no text."), words("Välj ett textfält.", "Choose one.")),
    "not_number": (words("{detail} är inget tal.", "{detail} is no number."), words("Välj ett tal.", "Choose one.")),
    "not_positive": (
        words("Talet måste vara större än noll.", "The number must be above zero."),
        words("Ange till exempel 1.", "Give 1, for example."),
    ),
    "out_of_range": (
        words("Längden är orimlig.", "The length makes no sense."),
        words("Ange ett tal från 1 till 4000.", "Give a number from 1 to 4000."),
    ),
}
"""What is wrong and what helps, by the compiler's short word."""


def check_processing(rules: tuple[ProcessingRule, ...], path: str) -> Iterator[Finding]:
    names: set[str] = set()
    for index, rule in enumerate(rules):
        place = f"{path}[{index}]"
        if not rule.name.strip():
            yield wrong(
                f"{place}.name",
                words("Regeln saknar namn.", "The rule has no name."),
                words("Orderns historia visar det.", "An order's story shows it."),
            )
        if rule.name in names:
            name = shown(rule.name)
            yield wrong(
                f"{place}.name",
                words(f"Två regler heter {name}.", f"Two rules are called {name}."),
                words("Ge varje regel ett eget namn.", "Give each rule a name of its own."),
            )
        names.add(rule.name)
        if not rule.do:
            yield wrong(
                f"{place}.do",
                words("Regeln gör ingenting.", "The rule does nothing."),
                words("Ange minst en ändring.", "Give at least one change."),
            )
        yield from _compiled(rule, place)
        yield from _asking_nothing(rule, place)


def _asking_nothing(rule: ProcessingRule, place: str) -> Iterator[Finding]:
    groups = [("when", rule.when), *((f"do[{number}].where", each.where) for number, each in enumerate(rule.do))]
    for at, conditions in groups:
        for number, condition in enumerate(conditions):
            if condition == RuleCondition(field=condition.field):
                yield risky(
                    f"{place}.{at}[{number}].field",
                    words(
                        "Villkoret jämför inte med något, så det stämmer alltid.",
                        "It compares with nothing, so it holds.",
                    ),
                    words(
                        "Ange vad fältet ska jämföras med, till exempel any_of.",
                        "Say what it is compared with, such as any_of.",
                    ),
                )


def check_shop_status(rules: tuple[ProcessingRule, ...], statuses: StatusSettings, path: str) -> Iterator[Finding]:
    """A rule that gives the shop's order a status needs the direction that writes statuses, and a place in its rank."""
    for index, rule in enumerate(rules):
        for number, change in enumerate(rule.do):
            if change.do is not RuleAction.SHOP_STATUS or not rule.enabled:
                continue
            place = f"{path}[{index}].do[{number}].value"
            if not statuses.enabled:
                yield conflict(
                    place,
                    words(
                        "Statusen skrivs aldrig: [shop.statuses] är avstängt.",
                        "The status is never written: [shop.statuses] is off.",
                    ),
                    words("Ange enabled = true i [shop.statuses].", "Give enabled = true in [shop.statuses]."),
                )
            elif change.value not in (*statuses.order, "cancelled", "refunded", "failed"):
                yield conflict(
                    place,
                    words(
                        f"{shown(change.value)} har ingen plats i order i [shop.statuses].",
                        f"{shown(change.value)} has no place in order in [shop.statuses].",
                    ),
                    words("Lägg in statusen där, lägst först.", "Put the status there, lowest first."),
                )


def _compiled(rule: ProcessingRule, place: str) -> Iterator[Finding]:
    try:
        Chains((rule,))
    except RuleWrong as error:
        yield _finding(error, place)


def _finding(error: RuleWrong, place: str) -> Finding:
    path = place + "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in error.key.split(".") if part)
    if error.problem == "field_unknown":
        name = shown(error.detail)
        remedy = did_you_mean(error.detail.rpartition(".")[2], error.known, choose(error.known[:12]))
        return wrong(path, words(f"Fältet {name} finns inte.", f"There is no field {name}."), remedy)
    problem, remedy = _PROBLEMS[error.problem]
    detail = error.detail[:60]
    return wrong(path, words(problem.sv.replace("{detail}", detail), problem.en.replace("{detail}", detail)), remedy)
