"""Sets at an address that fsspec knows, when whatever holds it is not there or knows no locks."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from symbiosis.batch.place import Place
from symbiosis.cli import main
from tests.batch.sets import rows_of, work_through

Written = Callable[..., Path]


class NoCredentialsError(Exception):
    """An error of its own, as the libraries of object stores raise them."""


class Afar(MemoryFileSystem):  # type: ignore[misc]
    """A store that sometimes cannot be reached."""

    protocol = "afar"
    store: dict[str, Any] = {}  # noqa: RUF012 - as the class that it is made from has it
    pseudo_dirs: list[str] = [""]  # noqa: RUF012
    cachable = False
    refused: Callable[[str], Exception | None] = staticmethod(lambda _: None)

    def exists(self, path: str, **rest: Any) -> bool:
        """Whether there is such a file, if it can be known."""
        self._try(path)
        return bool(super().exists(path, **rest))

    def _open(self, path: str, *rest: Any, **more: Any) -> Any:
        self._try(path)
        return super()._open(path, *rest, **more)

    def _try(self, path: str) -> None:
        if error := self.refused(path):
            raise error


@pytest.fixture
def afar(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], Exception | None]], None]:
    """Empty, and there; what is given says which path raises what from now on."""
    fsspec.register_implementation("afar", Afar, clobber=True)
    monkeypatch.setattr(Afar, "store", {})
    monkeypatch.setattr(Afar, "pseudo_dirs", [""])

    def refuse(refused: Callable[[str], Exception | None]) -> None:
        monkeypatch.setattr(Afar, "refused", staticmethod(refused))

    return refuse


def batch(path: Path) -> int:
    return main(["batch", str(path), "-o", "afar://sets/one", "--resume", "--workers", "1",
                 "--lang", "en"])  # fmt: skip


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (NoCredentialsError("no\ncredentials"), "no credentials"),
        (NoCredentialsError(), "NoCredentialsError"),
        (PermissionError("Access Denied"), "Access Denied"),
        (ConnectionResetError(errno.ECONNRESET, "it hung up"), "it hung up"),
    ],
)
def test_a_store_that_cannot_be_reached_is_no_fault_of_the_program(
    afar: Any, scenario: Written, capsys: pytest.CaptureFixture[str], error: Exception, said: str
) -> None:
    afar(lambda _: error)
    assert batch(scenario()) == 2
    assert f"'afar://sets/one' cannot be written: {said}" in capsys.readouterr().err
    assert main(["query", "afar://sets/one", "SELECT 1", "--lang", "en"]) == 2
    assert f"'afar://sets/one' cannot be reached: {said}" in capsys.readouterr().err


@pytest.mark.parametrize("lost", ["commits/part-000001.json", "cases/part-000001.parquet"])
def test_what_cannot_be_read_for_once_is_not_taken_for_damaged(
    afar: Any, scenario: Written, capsys: pytest.CaptureFixture[str], lost: str
) -> None:
    """A set of six cases: the next command fails at one file and takes nothing away."""
    path = scenario()
    assert batch(path) == 0
    before = {name: bytes(file.getvalue()) for name, file in Afar.store.items()}
    afar(lambda name: ConnectionResetError("gone") if name.endswith(lost) else None)
    assert batch(path) == 2
    afar(lambda _: None)
    assert {name: bytes(file.getvalue()) for name, file in Afar.store.items()} == before
    capsys.readouterr()
    assert batch(path) == 0
    assert "0 done, 0 failed, 6 were there already" in capsys.readouterr().out


@pytest.mark.parametrize("number", [errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK])
def test_a_folder_that_knows_no_locks_holds_a_set_all_the_same(
    scenario: Written, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    fcntl = pytest.importorskip("fcntl")

    def flock(*_: Any) -> None:
        raise OSError(number, "no locks here")

    monkeypatch.setattr(fcntl, "flock", flock)
    tally, _ = work_through([str(scenario())], str(tmp_path / "set"))
    assert tally.done == len(rows_of(str(tmp_path / "set"))["cases"]) == 6


def test_a_lock_that_fails_otherwise_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fcntl = pytest.importorskip("fcntl")

    def flock(*_: Any) -> None:
        raise OSError(errno.EIO, "the disk is broken")

    monkeypatch.setattr(fcntl, "flock", flock)
    with pytest.raises(OSError, match="the disk is broken"):
        Place.at(str(tmp_path / "set")).lock()
