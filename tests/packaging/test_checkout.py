"""A clone without symbolic links says in one sentence what to do."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from symbiosis.checkout import broken_link, require_whole

PACKAGE = Path(__file__).parents[2] / "symbiosis"
LINKS = ("cli.py", "solvers", "parks", "scenarios")


@pytest.fixture
def linkless(tmp_path: Path) -> Path:
    """The tree as git writes it where ``core.symlinks`` is false: links as small text files."""
    package = tmp_path / "symbiosis"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", *LINKS))
    for name in LINKS:
        (package / name).write_text(f"../{name}")
    return tmp_path


def ran(tree: Path, *arguments: str, language: str = "en_GB.UTF-8") -> tuple[int, str]:
    """Exit code and stderr of Python, started in ``tree``."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=tree,
        env={"LC_ALL": language, "PYTHONPATH": str(tree), "PYTHONUTF8": "1"},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    return done.returncode, done.stderr


def test_a_whole_copy_is_not_complained_about() -> None:
    assert broken_link(str(PACKAGE)) == ""
    require_whole(str(PACKAGE))


def test_the_first_broken_link_is_named(linkless: Path) -> None:
    assert broken_link(str(linkless / "symbiosis")) == "symbiosis/solvers"


def test_the_import_fails_with_what_to_do(linkless: Path) -> None:
    code, stderr = ran(linkless, "-c", "import symbiosis")
    assert code == 1
    last = stderr.strip().splitlines()[-1]
    assert last.startswith("ImportError: This copy of symbiosis was checked out without symbolic")
    assert "git config core.symlinks true" in last


def test_the_command_says_one_sentence_and_no_traceback(linkless: Path) -> None:
    code, stderr = ran(linkless, "-m", "symbiosis", "parks")
    assert code == 4
    assert len(stderr.splitlines()) == 1
    assert "git config core.symlinks true" in stderr


def test_the_sentence_comes_in_chinese_too(linkless: Path) -> None:
    _, stderr = ran(linkless, "-m", "symbiosis", language="zh_CN.UTF-8")
    assert stderr.startswith("这份 symbiosis")
    assert "git config core.symlinks true" in stderr


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_what_the_sentence_says_brings_the_links_back(tmp_path: Path) -> None:
    """The two commands of the sentence, run on a clone that was made without links."""
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    (origin / "symbiosis").mkdir(parents=True)
    (origin / "solvers").mkdir()
    (origin / "solvers" / "__init__.py").touch()
    (origin / "symbiosis" / "solvers").symlink_to("../solvers")
    who = ["-c", "user.name=nobody", "-c", "user.email=nobody@example.org"]
    steps = [
        ["git", "init", "--quiet", str(origin)],
        ["git", "-C", str(origin), "add", "."],
        ["git", "-C", str(origin), *who, "commit", "--quiet", "-m", "links"],
        ["git", "clone", "--quiet", "-c", "core.symlinks=false", str(origin), str(clone)],
    ]
    for step in steps:
        subprocess.run(step, check=True)
    assert broken_link(str(clone / "symbiosis")) == "symbiosis/solvers"
    for step in (["config", "core.symlinks", "true"], ["checkout", "--", "symbiosis"]):
        subprocess.run(["git", "-C", str(clone), *step], check=True)
    assert (clone / "symbiosis" / "solvers").is_symlink()
    assert (clone / "symbiosis" / "solvers" / "__init__.py").exists()
