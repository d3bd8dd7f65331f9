"""Agents that are broken on purpose in what they tell people and plugins."""

from __future__ import annotations

from tests.scenarios.mutants import Mutant

BESIDE_MUTANTS = (
    Mutant(
        "document_that_no_plugin_hears_of",
        "agent/actors/plugin_teller.py",
        "for each in sent\n",
        "for each in sent[1:]\n",
        "a_plugin_is_told_of_each_document_whatever_step_it_dies_in",
        ("plugins_are_told_of_every_document",),
    ),
    Mutant(
        "letter_sent_again_as_another",
        "agent/shown/letter.py",
        'repr(("trial", token))',
        "repr(object())",
        "whoever_is_to_be_told_is_told_whatever_step_the_agent_dies_in",
        ("what_is_told_by_mail_is_told_as_one",),
    ),
    Mutant(
        "code_that_lets_nobody_in",
        "agent/admin/server.py",
        'self._show_code(f"{where}/first", code)',
        'self._show_code(f"{where}/first", code[::-1])',
        "the_first_user_is_let_in_whatever_step_of_the_welcome_the_agent_dies_in",
        ("the_admin_lets_the_first_user_in",),
    ),
)
