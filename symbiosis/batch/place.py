"""Where a result set is kept: a folder, or any address that fsspec knows.

A file is written whole or not at all: beside its place, on the disk, then moved there. Where moving
is copying and deleting, as in object stores, a name still holds all or nothing, for there a copy
appears whole. Where it does not, the records of the set tell: they hold the hash of every file.

Libraries of file systems raise errors of their own: here they become ``OSError``.
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
TEMPORARY, LOCK, PROBE = ".part", ".lock", "manifest.json.part"
UNKNOWN = -1
"""The size of a file where its file system does not say it."""
NO_LOCKS = (errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOLCK)
"""What a folder says that knows no locks, as on some file systems of clusters."""


class Place:
    """A folder on some file system; names are relative to it, with ``/`` between their parts."""

    def __init__(self, fs: Any, root: str, address: str = "") -> None:
        self.fs, self.root = fs, root.rstrip("/")
        self.address = address or self.root
        self._held: int | None = None
        self.local = "file" in fs.protocol if isinstance(fs.protocol, tuple) else (
            fs.protocol == "file"
        )  # fmt: skip

    @classmethod
    def at(cls, address: str) -> "Place":
        """The place behind a path or an address. Raises :class:`InputError`."""
        from fsspec.core import url_to_fs

        known = ADDRESS in address or "::" in address
        try:
            fs, root = url_to_fs(address if known else str(Path(address).absolute()))
        except Exception as error:
            raise _unreachable(address, error) from error
        return cls(fs, str(root), address if known else "")

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
        """Every file below with its size; nothing where the folder is not there.

        Raises :class:`InputError` where it is a file.
        """
        with self._reached():
            found = self._found()
        cut = len(self.fs._strip_protocol(self.root).rstrip("/")) + 1
        sizes = {path[cut:]: _size(info) for path, info in found.items()}
        if "" in sizes:
            raise InputError([Problem("batch_file", details={"found": self.address})])
        return {name: size for name, size in sizes.items() if name != LOCK}

    def _found(self) -> dict[str, Any]:
        self.fs.invalidate_cache()
        if not self.fs.exists(self.root):
            return {}
        found: dict[str, Any] = self.fs.find(self.root, detail=True)
        return found

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

    def try_writing(self) -> None:
        """Raise ``OSError`` where nothing can be written or moved, before any work is done.

        A folder of this machine has shown it when it was locked.
        """
        if not self.local:
            self.write(PROBE, b"")
            self.remove(PROBE)

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """An :class:`OSError` that says why, whatever kind a file system afar has of its own."""
        try:
            yield
        except NotImplementedError as error:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS)) from error
        except Exception as error:
            if self.local or getattr(error, "strerror", None):
                raise
            why = " ".join(str(error).split()) or type(error).__name__
            raise OSError(errno.EIO, why) from error


def _size(info: Any) -> int:
    size = info.get("size")
    return UNKNOWN if size is None else int(size)


def _unreachable(address: str, error: Exception) -> InputError:
    said = getattr(error, "strerror", "") or " ".join(str(error).split())[:200]
    details = {"found": address, "reason": said or type(error).__name__}
    return InputError([Problem("batch_address", details=details)])


def _sync_folder(folder: str) -> None:
    """The new name of a file is on the disk; folders cannot be opened on Windows."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
