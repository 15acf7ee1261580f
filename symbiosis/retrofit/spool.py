"""Numbers of many runs in a file that is gone when nobody needs it: memory stays flat."""

import tempfile
from typing import IO

import numpy as np

from symbiosis.seasons import Floats


class Spool:
    """Rows of equal length, written one after another, read column by column.

    Life: :meth:`add` rows; :meth:`columns` reads some of them over all rows. The file has no name
    and vanishes with the object.
    """

    def __init__(self, width: int) -> None:
        self.width, self.rows = width, 0
        self._file: IO[bytes] = tempfile.TemporaryFile(prefix="symbiosis-")  # noqa: SIM115

    def add(self, row: Floats) -> None:
        """One more row. Raises ``ValueError`` for one of another length."""
        if row.shape != (self.width,):
            raise ValueError(f"a row of {row.shape}, not of {self.width}")
        self._file.write(np.ascontiguousarray(row, dtype=np.float64).tobytes())
        self.rows += 1

    def columns(self, first: int, last: int) -> Floats:
        """Rows x the columns from ``first`` to before ``last``."""
        if not self.rows or last <= first:
            return np.zeros((self.rows, max(last - first, 0)))
        self._file.flush()
        shape = self.rows, self.width
        whole = np.memmap(self._file, dtype=np.float64, mode="r", shape=shape)
        return np.array(whole[:, first:last])
