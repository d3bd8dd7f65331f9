"""Writing `brygga.toml` anew: whole or not at all, with what stood there beside it."""

from __future__ import annotations

import os
import stat
from pathlib import Path

BACKUP_ENDING = ".bak"


def write_settings(file: Path, text: str) -> None:
    """Puts `text` in the file's place; what stood there is kept as `brygga.toml.bak`. Raises OSError.

    A reader finds the old file or the new one, and so does whoever starts after a power cut. The file keeps its
    rights, and a link is followed, so that what it points at is what is written.
    """
    file = file.resolve()
    before = file.read_bytes() if file.exists() else None
    mode = stat.S_IMODE(file.stat().st_mode) if before is not None else 0o644
    if before is not None:
        replace_file(file.with_name(file.name + BACKUP_ENDING), before, mode)
    replace_file(file, text.encode("utf-8"), mode)


def replace_file(file: Path, content: bytes, mode: int) -> None:
    """Puts `content` in the file's place, with these rights from its first byte on. Raises OSError."""
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
        with os.fdopen(descriptor, "wb") as written:
            written.write(content)
            written.flush()
            os.fsync(written.fileno())
        beside.chmod(mode)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
