"""Every command that README.md shows, run through the shell in a temporary folder.

``make test`` is the one that is left out, for it runs this test. ``make run`` finds an environment
that is already made; ``test_make_run_sets_everything_up`` makes one.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COPIED = ("Makefile", "pyproject.toml", "README.md", "LICENSE", "cli.py", "solvers", "parks",
          "scenarios", "symbiosis")  # fmt: skip

pytestmark = pytest.mark.xdist_group("readme")


def commands() -> list[str]:
    """The commands in their order, each once, without the one that runs the tests."""
    lines = [line for block in BLOCK.findall(README) for line in block.splitlines()]
    return [line for line in dict.fromkeys(lines) if line.strip() and line != "make test"]


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the tree as it is cloned, with nothing made in it yet."""
    target = tmp_path_factory.mktemp("readme") / "tree"
    target.mkdir()
    for name in COPIED:
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, target / name, symlinks=True, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, target / name)
    return target


@pytest.fixture(scope="module")
def ready(tree: Path) -> Path:
    """The same with the environment of this test run, as ``make`` leaves it."""
    environment = tree / ".venv"
    (environment / "bin").mkdir(parents=True)
    for name in ("lib", "lib64", "pyvenv.cfg"):
        if (Path(sys.prefix) / name).exists():
            (environment / name).symlink_to(Path(sys.prefix) / name)
    (environment / "bin" / "python").symlink_to(sys.executable)
    command = environment / "bin" / "symbiosis"
    command.write_text(f'#!/bin/sh\nexec "{environment}/bin/python" -m symbiosis "$@"\n')
    command.chmod(0o755)
    (environment / "bin" / "activate").write_text(f'PATH="{environment}/bin:$PATH"\nexport PATH\n')
    for stamp in (".made", ".run"):
        (environment / stamp).touch()
    return tree


def shell(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(folder), "LC_ALL": "en_GB.UTF-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_the_readme_shows_every_verb() -> None:
    shown = README + " ".join(commands())
    for verb in ("parks", "scenarios", "show", "check", "new", "schema", "doctor", "optimise",
                 "explain", "pareto", "viability", "plan", "simulate", "draw"):  # fmt: skip
        assert f"symbiosis {verb} " in shown


@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_every_command_of_the_readme_succeeds(ready: Path) -> None:
    for line in commands():
        ran = shell(f". .venv/bin/activate && {line}", ready)
        assert ran.returncode == 0, f"{line}\n{ran.stdout}\n{ran.stderr}"
    assert (ready / "results" / "jinchang" / "manifest.json").is_file()
    assert (ready / "jinchang.svg").is_file()
    assert (ready / "taiyuan.json").stat().st_size > 1000


@pytest.mark.long
@pytest.mark.skipif(shutil.which("make") is None, reason="needs make")
def test_make_run_sets_everything_up(tree: Path, tmp_path: Path) -> None:
    """On a fresh copy: only Python, make and the package registry."""
    fresh = tmp_path / "fresh"
    shutil.copytree(tree, fresh, symlinks=True, ignore=shutil.ignore_patterns(".venv", "results"))
    ran = shell("unset PYTHONPATH; make run", fresh)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert (fresh / "results" / "jinchang" / "manifest.json").is_file()
