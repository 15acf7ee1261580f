"""A real Dask scheduler and real workers, as processes of their own on loopback."""

import importlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PATIENCE_S = 60
"""Long enough for any machine; nothing waits so long that has happened."""


def until(happened: Callable[[], bool], what: str) -> None:
    """Wait for a condition, never for a time."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not happened():
        if time.monotonic() > deadline_s:
            raise TimeoutError(what)
        time.sleep(0.02)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Cluster:
    """A scheduler and workers that can be killed one by one; ``close`` ends what is left."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self, workers: int = 0, **environment: str) -> None:
        """The scheduler, with its port open; then workers."""
        self.scheduler = self._spawn(
            "dask_scheduler", "--host", "127.0.0.1", "--port", str(self.port),
            "--no-dashboard", **environment,
        )  # fmt: skip
        until(self._listens, "the scheduler listens")
        for _ in range(workers):
            self.work()

    @property
    def path(self) -> list[str]:
        """Where its processes find this package and the work of the tests."""
        return [str(ROOT), str(HERE)]

    def wait_for_workers(self, number: int) -> None:
        """Until so many are known to the scheduler."""
        from distributed import Client

        with Client(self.address, set_as_default=False) as client:
            client.wait_for_workers(number, timeout=PATIENCE_S)

    def work(self, threads: int = 1, **environment: str) -> "subprocess.Popen[bytes]":
        """One more worker; it need not be there yet."""
        process = self._spawn(
            "dask_worker", self.address, "--nthreads", str(threads), "--no-nanny",
            "--no-dashboard", "--host", "127.0.0.1", "--local-directory", str(self.folder),
            **environment,
        )  # fmt: skip
        self.workers.append(process)
        return process

    def kill_scheduler(self) -> None:
        """As a power cut does it; its workers end by themselves."""
        assert self.scheduler is not None
        self.scheduler.kill()
        self.scheduler.wait()

    def kill(self, pid: int) -> None:
        """A worker, as a power cut does it."""
        process = next(worker for worker in self.workers if worker.pid == pid)
        process.kill()
        process.wait()

    def close(self) -> None:
        for process in [*self.workers, self.scheduler]:
            if process is not None and process.poll() is None:
                process.send_signal(signal.SIGCONT)
                process.kill()
            if process is not None:
                process.wait()

    def _spawn(self, program: str, *arguments: str, **more: str) -> "subprocess.Popen[bytes]":
        one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{program}", *arguments],
                env={**os.environ, **one, "PYTHONPATH": os.pathsep.join(self.path), **more},
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )

    def _listens(self) -> bool:
        assert self.scheduler is not None
        if self.scheduler.poll() is not None:
            raise RuntimeError((self.folder / "log").read_text())
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    """A cluster that is not started yet."""
    folder = tmp_path / "dask"
    folder.mkdir()
    made = Cluster(folder)
    yield made
    made.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A scheduler with two workers that nobody kills."""
    made = Cluster(tmp_path_factory.mktemp("dask"))
    made.start(workers=2)
    yield made
    made.close()


@contextmanager
def _when(folder: Path, pattern: str, act: Callable[[Path], None]) -> Iterator[None]:
    failed: list[BaseException] = []

    def watch() -> None:
        try:
            until(lambda: any(folder.glob(pattern)), pattern)
            act(next(folder.glob(pattern)))
        except Exception as error:  # noqa: BLE001 - told by the thread that waits
            failed.append(error)
            os.kill(os.getpid(), signal.SIGINT)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        watcher.join()
        if failed:
            raise failed[0]


@pytest.fixture(name="until")
def until_fixture() -> Any:
    """Wait for a condition."""
    return until


@pytest.fixture
def when() -> Any:
    """Meanwhile, do something with the first file of a folder that has such a name."""
    return _when


@pytest.fixture
def other_version(tmp_path: Path) -> Path:
    """A folder that, found first, makes symbiosis another version of itself."""
    folder = tmp_path / "other" / "symbiosis-9.9.9.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text("Metadata-Version: 2.1\nName: symbiosis\nVersion: 9.9.9\n")
    return folder.parent


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module of work that the workers find too."""
    monkeypatch.syspath_prepend(str(HERE))
    return importlib.import_module("cluster_work")
