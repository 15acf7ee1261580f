"""Where a result set is kept: a folder, or any address that fsspec knows.

A file is written whole or not at all: beside its place, on the disk, then moved there.
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from symbiosis.batch.steps import step
from symbiosis.errors import InputError, Problem

ADDRESS = "://"
TEMPORARY, LOCK = ".part", ".lock"
NO_LOCKS = (errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK)
"""What a folder says that knows no locks, as on some file systems of clusters."""


class Place:
    """A folder on some file system; names are relative to it, with ``/`` between their parts."""

    def __init__(self, fs: Any, root: str) -> None:
        self.fs, self.root = fs, root.rstrip("/")
        self._held: int | None = None
        self.local = "file" in fs.protocol if isinstance(fs.protocol, tuple) else (
            fs.protocol == "file"
        )  # fmt: skip

    @classmethod
    def at(cls, address: str) -> "Place":
        """The place behind a path or an address. Raises :class:`InputError`."""
        from fsspec.core import url_to_fs

        try:
            fs, root = url_to_fs(address if ADDRESS in address else str(Path(address).absolute()))
        except (ImportError, ValueError, OSError) as error:
            details = {"found": address, "reason": str(error)}
            raise InputError([Problem("batch_address", details=details)]) from error
        return cls(fs, root)

    def lock(self) -> None:
        """Keep others from writing here until :meth:`unlock`, or until this process is gone.

        Only a folder whose file system knows locks can be kept. Raises :class:`InputError` where
        another process has it.
        """
        if not self.local or os.name == "nt":
            return
        import fcntl

        self.fs.makedirs(self.root, exist_ok=True)
        held = os.open(self.path(LOCK), os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(held)
            raise InputError(
                [Problem("batch_in_use", self.root, details={"found": self.root})]
            ) from error
        except OSError as error:
            os.close(held)
            if error.errno in NO_LOCKS:
                return
            raise
        self._held = held

    def unlock(self) -> None:
        """Let others write here."""
        if self._held is not None:
            os.close(self._held)
            self._held = None

    def path(self, name: str) -> str:
        """The path of a name on its file system."""
        return f"{self.root}/{name}"

    def names(self) -> dict[str, int]:
        """Every file below with its size; nothing where the folder is not there."""
        with self._reached():
            if not self.fs.exists(self.root):
                return {}
            self.fs.invalidate_cache()
            found = self.fs.find(self.root, detail=True)
        cut = len(self.fs._strip_protocol(self.root).rstrip("/")) + 1
        sizes = {path[cut:]: int(info["size"]) for path, info in found.items()}
        return {name: size for name, size in sizes.items() if name != LOCK}

    def read(self, name: str) -> bytes:
        """What a file holds."""
        with self._reached(), self.fs.open(self.path(name), "rb") as file:
            return bytes(file.read())

    def write(self, name: str, data: bytes) -> None:
        """Give a name what it shall hold, all of it or nothing."""
        with self._reached():
            self._write(name, data)

    def remove(self, name: str) -> None:
        """Take a file away."""
        with self._reached():
            self.fs.rm_file(self.path(name))

    def _write(self, name: str, data: bytes) -> None:
        path = self.path(name)
        beside = f"{path}{TEMPORARY}"
        self.fs.makedirs(path.rpartition("/")[0], exist_ok=True)
        step(f"begin {name}")
        with self.fs.open(beside, "wb") as file:
            file.write(data)
            file.flush()
            step(f"written {name}")
            if self.local:
                os.fsync(file.fileno())
        step(f"synced {name}")
        if self.local:
            os.replace(beside, path)
            _sync_folder(path.rpartition("/")[0])
        else:
            self.fs.mv(beside, path)
        step(f"moved {name}")

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """An :class:`OSError` that says why, whatever kind a file system afar has of its own."""
        try:
            yield
        except Exception as error:
            if self.local or getattr(error, "strerror", None):
                raise
            why = " ".join(str(error).split()) or type(error).__name__
            raise OSError(errno.EIO, why) from error


def _sync_folder(folder: str) -> None:
    """The new name of a file is on the disk; folders cannot be opened on Windows."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
