"""Is this copy of the program whole?

``symbiosis/cli.py``, ``solvers``, ``parks`` and ``scenarios`` are relative links in the source tree
and real files in a wheel. Git without ``core.symlinks`` (Windows without developer mode) writes
small text files in their place, and nothing can run. Only ``os`` and ``sys`` are loaded here.
"""

import os
import sys

LINKED_FOLDERS = ("solvers", "parks", "scenarios")
EXIT_FAULT = 4


def broken_link(package: str) -> str:
    """The first linked folder of ``package`` (a path) that is no folder; empty where all are."""
    for name in LINKED_FOLDERS:
        if not os.path.isdir(os.path.join(package, name)):
            return f"symbiosis/{name}"
    return ""


def is_command() -> bool:
    """Whether this process is the ``symbiosis`` command and not a program that imports it."""
    name = os.path.splitext(os.path.basename(sys.argv[0]))[0] if sys.argv else ""
    return name == "symbiosis" or sys.orig_argv[1:3] == ["-m", "symbiosis"]


def require_whole(package: str) -> None:
    """Say in one sentence what to do where links were checked out as text files.

    ``package`` is the folder of the package. Raises ``ImportError`` with the sentence; as the
    command, the sentence goes to stderr and the process ends with exit code 4.
    """
    broken = broken_link(package)
    if not broken:
        return
    from symbiosis.words import default_language, say

    sentence = say("checkout.no_links", default_language(), path=broken)
    if is_command():
        sys.stderr.write(sentence + "\n")
        raise SystemExit(EXIT_FAULT)
    raise ImportError(sentence)
