"""The machine and the versions that numbers were measured with; no names of hosts or people."""

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from shutil import which
from subprocess import run

from peers.table import VERSIONS


def machine() -> str:
    """Processor, cores, memory, system."""
    model = _field("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()
    kilobytes = _field("/proc/meminfo", "MemTotal").split(" ")[0]
    memory = f", {int(kilobytes) / 1024**2:.0f} GiB of memory" if kilobytes else ""
    return f"{model}, {os.cpu_count()} cores{memory}, {platform.system()}"


def versions() -> str:
    """Python, GLPK's executable where it is there, and the packages."""
    found = [f"Python {platform.python_version()}"]
    for name in VERSIONS:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found + _glpsol())


def _glpsol() -> list[str]:
    path = which("glpsol")
    if path is None:
        return []
    first = run([path, "--version"], capture_output=True, text=True, check=True).stdout
    return [f"glpsol {first.splitlines()[0].rsplit(' ', 1)[-1]}"]


def _field(path: str, name: str) -> str:
    """The first value of a field of one of Linux's tables, or nothing."""
    source = Path(path)
    lines = source.read_text(encoding="utf-8").splitlines() if source.exists() else []
    found = (line.partition(":")[2].strip() for line in lines if line.startswith(name))
    return next(found, "")
