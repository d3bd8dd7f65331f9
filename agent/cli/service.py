"""`brygga service`: the agent as a service of the computer, that begins with it and begins again when it fails."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from agent.cli.context import CommandContext, Given
from agent.cli.desk import NO, AsJson
from agent.cli.errors import UserError
from agent.cli.output import complain, say, say_json
from agent.cli.service_texts import NAME, STATE, Service, task, unit
from agent.cli.settings import check_lines
from agent.model.order import Frozen
from agent.model.reasons import Fault
from agent.model.words import Language, words
from agent.settings.check_webhooks import host_and_port
from agent.settings.judge import judge
from agent.settings.secrets import FILE_NAME, Secrets, credential
from agent.settings.tree import Settings

app = App(name="service", help="Let the computer run the agent.", help_format="plaintext")

UNIT = Path("/etc/systemd/system") / f"{NAME}.service"
CREDENTIALS = Path("/etc") / NAME / "credentials"
TASK = "Brygga"
WINDOWS = os.name == "nt"

System = Literal["systemd", "windows"]
_System = Annotated[System | None, Parameter(name="--for", help="systemd or windows; else this computer's own.")]
_Root = Annotated[Path | None, Parameter(help="Write below this folder and start nothing, as for an image.")]


class _Piece(Frozen, frozen=True):
    """A file to be written. `secret` ones are root's alone and never shown."""

    path: Path
    text: str
    secret: bool = False


@app.command
def install(
    *,
    user: Annotated[str, Parameter(help="The user that the agent runs as; made where it is missing.")] = NAME,
    system: _System = None,
    keep_secrets_file: Annotated[bool, Parameter(negative="", help="Leave secrets.toml where it is.")] = False,
    dry_run: Annotated[bool, Parameter(negative="", help="Print what would be written, and do nothing.")] = False,
    root: _Root = None,
    context: Given,
) -> int:
    """Install the agent as a service, hardened, and start it. Run it again after an upgrade or a change of secrets.

    With systemd the secrets are moved into files that root alone can read and that only the service is given.
    """
    judgement = judge(context.settings_file(), context.environ)
    language = context.speak(judgement.language)
    if judgement.settings is None or judgement.secrets is None:
        for line in check_lines(judgement, language):
            complain(line)
        return NO
    kind = system or ("windows" if WINDOWS else "systemd")
    service = _service(judgement.settings, context, user)
    if kind == "windows":
        return _install_task(service, language, dry_run=dry_run)
    secrets = {} if keep_secrets_file else _by_name(judgement.secrets)
    base = root or Path("/")
    pieces = _pieces(service, secrets, base)
    if dry_run:
        say(f"# {UNIT}")
        say(pieces[0].text)
        for piece in pieces[1:]:
            say(words(f"# {piece.path}: en hemlighet", f"# {piece.path}: a secret").in_(language))
        return 0
    if root is None:
        _require_systemd()
        _make_user(user)
    for piece in pieces:
        _write(piece)
    if secrets:
        _move_secrets(context.settings_file(), base)
    if root is None:
        _own(context.settings_file(), service)
        _call("systemctl", "daemon-reload")
        _call("systemctl", "enable", f"{NAME}.service")
        _call("systemctl", "restart", f"{NAME}.service")
    if not judgement.settings.data_dir:
        say(
            words(
                f'Skriv data_dir = "{STATE}" i {service.config}, så att kommandona hittar tjänstens journal.',
                f'Enter data_dir = "{STATE}" in {service.config}, so that commands find the service\'s journal.',
            ).in_(language)
        )
    say(
        words(f"Tjänsten är installerad: {pieces[0].path}", f"The service is installed: {pieces[0].path}").in_(language)
    )
    return 0


@app.command
def status(*, json: AsJson = False, context: Given) -> int:
    """Show whether the service is installed and runs. Ends with 1 when it does not run."""
    language = context.speak()
    if WINDOWS:
        found = _asked("schtasks", "/Query", "/TN", TASK, "/FO", "LIST")
        say(found or words("Inte installerad.", "Not installed.").in_(language))
        return 0 if found else NO
    told = {
        "installed": UNIT.exists(),
        "enabled": _asked("systemctl", "is-enabled", f"{NAME}.service") == "enabled",
        "state": _asked("systemctl", "is-active", f"{NAME}.service") or "unknown",
    }
    if json:
        say_json(told)
    elif not told["installed"]:
        say(words("Tjänsten är inte installerad.", "The service is not installed.").in_(language))
    else:
        begins = words("startar med datorn", "begins with the computer") if told["enabled"] else words("av", "off")
        say(f"{NAME}.service: {told['state']}, {begins.in_(language)}")
    return 0 if told["state"] == "active" else NO


@app.command
def remove(*, root: _Root = None, context: Given) -> int:
    """Stop the service and take it away. Settings, journal and user stay; the secrets go back into secrets.toml."""
    language = context.speak()
    base = root or Path("/")
    if WINDOWS and root is None:
        _call("schtasks", "/Delete", "/TN", TASK, "/F")
        return 0
    path = _below(base, UNIT)
    if not path.exists():
        complain(words("Tjänsten är inte installerad.", "The service is not installed.").in_(language))
        return NO
    if root is None:
        _require_systemd()
        _call("systemctl", "disable", "--now", f"{NAME}.service")
    path.unlink()
    folder = _below(base, CREDENTIALS)
    kept, target = folder / FILE_NAME, context.settings_file().parent / FILE_NAME
    if kept.exists() and not target.exists():
        shutil.move(kept, target)
    if folder.exists() and not kept.exists():
        shutil.rmtree(folder)
    if root is None:
        _call("systemctl", "daemon-reload")
    say(words("Tjänsten är borttagen.", "The service has been removed.").in_(language))
    return 0


def _service(settings: Settings, context: CommandContext, user: str) -> Service:
    places = (host_and_port(settings.webhooks.listen), host_and_port(settings.admin.listen))
    return Service(
        program=sys.executable,
        config=str(context.settings_file().resolve()),
        user=user,
        data=str(Path(settings.data_dir).resolve()) if settings.data_dir else "",
        ports=tuple(place[1] for place in places if place is not None),
    )


def _by_name(secrets: Secrets) -> dict[str, str]:
    """The secrets by the names under which the agent looks for its credentials."""
    found = {credential(("mamut", "password")): secrets.mamut_password.reveal()}
    if secrets.mail_password is not None:
        found[credential(("mail", "password"))] = secrets.mail_password.reveal()
    for key, pair in secrets.shops.items():
        for name, secret in (
            ("consumer_key", pair.consumer_key),
            ("consumer_secret", pair.consumer_secret),
            ("webhook_secret", pair.webhook_secret),
        ):
            if secret is not None:
                found[credential(("shop", key, name))] = secret.reveal()
    return found


def _pieces(service: Service, secrets: dict[str, str], base: Path) -> list[_Piece]:
    with_secrets = Service(
        program=service.program,
        config=service.config,
        user=service.user,
        data=service.data,
        credentials=tuple(secrets),
        credentials_in=str(CREDENTIALS),
        ports=service.ports,
    )
    made = [_Piece(path=_below(base, UNIT), text=unit(with_secrets))]
    folder = _below(base, CREDENTIALS)
    return made + [_Piece(path=folder / name, text=text, secret=True) for name, text in secrets.items()]


def _write(piece: _Piece) -> None:
    """Whole or not at all, and with narrow rights from its first byte."""
    piece.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if piece.secret else 0o755)
    part = piece.path.with_name(f"{piece.path.name}.part")
    part.unlink(missing_ok=True)
    mode = 0o600 if piece.secret else 0o644
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "w", encoding="utf-8") as file:
        file.write(piece.text)
    part.replace(piece.path)


def _move_secrets(config: Path, base: Path) -> None:
    """Kept beside the credentials, where root alone reads it: `remove` puts it back."""
    file = config.parent / FILE_NAME
    if file.exists():
        shutil.move(file, _below(base, CREDENTIALS) / FILE_NAME)


def _own(config: Path, service: Service) -> None:
    """The settings are written by the admin, so they belong to the service's user, with what lies in `data_dir`."""
    shutil.chown(config.parent, service.user)
    for file in (config, config.parent / FILE_NAME):
        if file.exists():
            shutil.chown(file, service.user)
    if service.data:
        folder = Path(service.data)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for each in (folder, *folder.glob("journal.db*")):
            shutil.chown(each, service.user)


def _make_user(user: str) -> None:
    if not _asked("id", "-u", user):
        shell = "/usr/sbin/nologin"
        _call("useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", shell, user)


def _require_systemd() -> None:
    if not Path("/run/systemd/system").is_dir():
        raise UserError(Fault.SERVICE_NOT_POSSIBLE, {"problem": "systemd"})
    if os.geteuid() != 0:
        raise UserError(Fault.SERVICE_NOT_POSSIBLE, {"problem": "root"})


def _install_task(service: Service, language: Language, *, dry_run: bool) -> int:
    text = task(service)
    if dry_run or not WINDOWS:
        say(text)
        return 0
    file = Path(service.config).parent / "brygga-task.xml"
    file.write_text(text, encoding="utf-16")  # The scheduler reads nothing else.
    _call("schtasks", "/Create", "/TN", TASK, "/XML", str(file), "/F")
    _call("schtasks", "/Run", "/TN", TASK)
    say(words("Uppgiften är upplagd: Brygga", "The task has been made: Brygga").in_(language))
    return 0


def _below(base: Path, path: Path) -> Path:
    return base / path.relative_to(path.anchor)


def _call(*command: str) -> None:
    """Raises UserError with the command's own first words where it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words alone
    except OSError as error:
        raise UserError(Fault.SERVICE_NOT_POSSIBLE, {"problem": f"{command[0]}: {error.strerror}"}) from error
    if done.returncode:
        said = next(iter(done.stderr.strip().splitlines()), f"exit {done.returncode}")
        raise UserError(Fault.SERVICE_NOT_POSSIBLE, {"problem": f"{command[0]}: {said}"})


def _asked(*command: str) -> str:
    """What a command says, nothing where it fails or is not there."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own words alone
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
