"""`brygga admin`: a way in for whoever may write the journal, and who else has one."""

from __future__ import annotations

from cyclopts import App

from agent.cli.context import Given
from agent.cli.desk import AsJson, open_desk
from agent.cli.figures import show_table, table
from agent.cli.output import say, say_json
from agent.cli.wishes import person
from agent.journal import records, users
from agent.shown.figures import iso_ms, moment_ms

app = App(name="admin", help="The admin in a browser: who may use it, and a way in.", help_format="plaintext")


@app.command
def code(*, json: AsJson = False, context: Given) -> int:
    """Make a one-time code with which a new user is made, or a forgotten password replaced. It is good for a day."""
    from agent.admin.first_user import SERVED_AT, give_code
    from agent.admin.server import address_of

    with open_desk(context, may_be_blank=True) as desk:
        now_ms = desk.now_ms()
        with desk.tx:
            made = give_code(desk.tx, now_ms)
            users.act(desk.tx, at_ms=now_ms, who=person(), kind="admin_code")
        # Before there are settings only the agent itself knows where it serves.
        there = "" if desk.settings.shop else records.value(desk.tx, SERVED_AT)
        where = f"{there or address_of(desk.settings.admin)}/first"
        if json:
            say_json({"code": made, "address": where})
        else:
            say(desk.text(f"Engångskod: {made}", f"One-time code: {made}"))
            say(desk.text(f"Använd den inom ett dygn på {where}", f"Use it within a day at {where}"))
    return 0


@app.command(name="users")
def list_users(*, json: AsJson = False, context: Given) -> int:
    """Show who may use the admin, and as what."""
    with open_desk(context) as desk:
        found = users.users(desk.tx)
        if json:
            say_json(
                [{"name": u.name, "role": u.role.value, "blocked": u.blocked, "made": iso_ms(u.made_ms)} for u in found]
            )
            return 0
        shown = table(desk.text("Namn", "Name"), desk.text("Roll", "Role"), desk.text("Skapad", "Made"), "")
        for user in found:
            blocked = desk.text("spärrad", "blocked") if user.blocked else ""
            shown.add_row(user.name, user.role.value, moment_ms(user.made_ms), blocked)
        show_table(shown)
    return 0
