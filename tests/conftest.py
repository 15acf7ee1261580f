"""What holds for every test: no clock decides, no GLPK executable helps, Ctrl-C is heard."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("steady", deadline=None, print_blob=True)
hypothesis.settings.load_profile("steady")


# Who starts tests in the background has them deaf to Ctrl-C, and so all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


def without(executable: str, folder: Path, mirror: Path) -> Path:
    """``folder``, or where it holds ``executable`` a mirror of links to everything else in it."""
    if not (folder / executable).exists():
        return folder
    mirror.mkdir(parents=True)
    for entry in folder.iterdir():
        if entry.stem != executable:
            (mirror / entry.name).symlink_to(entry)
    return mirror


@pytest.fixture(scope="session", autouse=True)
def no_glpsol_on_path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """GLPK must answer from its wheel: an executable on PATH would hide that it does not."""
    place = tmp_path_factory.mktemp("path")
    folders = [Path(entry) for entry in os.get_exec_path() if entry]
    kept = [str(without("glpsol", folder, place / str(i))) for i, folder in enumerate(folders)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", os.pathsep.join(kept))
        yield
