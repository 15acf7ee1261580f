"""The command in this process: fast, and through the same ``main`` that the script calls."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from symbiosis.cli import main

TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"


@dataclass(frozen=True)
class Ran:
    """How one command ended and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


Run = Callable[..., Ran]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run ``symbiosis`` with some arguments in an empty folder, in English unless asked."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setenv("COLUMNS", "160")

    def ran(*arguments: str | Path) -> Ran:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return ran


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A copy of the smallest park, in the folder where commands run."""
    copy = tmp_path / "tiny.yaml"
    copy.write_text(TINY.read_text(encoding="utf-8"), encoding="utf-8")
    return copy
