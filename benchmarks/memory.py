"""The most memory that this process has had."""

from __future__ import annotations

import resource
from pathlib import Path


def peak_mb() -> float:
    """Megabytes, of this program alone. What the system says of a process's resources also knows how large the one was
    that started it (getrusage(2): the peak is kept over execve), so that a measurement begun by a large program shows
    that one."""
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
