"""A part of a result set that is not on any disk yet: its rows, packed as they come.

What is packed is a piece of the Parquet file that it will be, so that a part takes little memory
however many rows it has.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from symbiosis.batch.tables import Columns

PACKED_ROWS = 5_000
"""Rows of a table that wait to be packed, at most."""
Row = Mapping[str, Any]


@dataclass
class TableFile:
    """The file of one table of a part, in memory; ``rows`` is how many it has, packed or not."""

    columns: Columns
    rows: int = 0
    _loose: list[Row] = field(default_factory=list)

    @cached_property
    def _sink(self) -> Any:
        import pyarrow

        return pyarrow.BufferOutputStream()

    @cached_property
    def _schema(self) -> Any:
        return schema_of(self.columns)

    @cached_property
    def _writer(self) -> Any:
        from pyarrow import parquet

        return parquet.ParquetWriter(self._sink, self._schema, compression="zstd")

    def add(self, rows: Sequence[Row]) -> None:
        """More rows; the columns of the table are taken from them. None come after ``data``."""
        if not self._writer.is_open:
            raise ValueError("the file is whole")
        self._loose += rows
        self.rows += len(rows)
        if len(self._loose) >= PACKED_ROWS:
            self._pack()

    def _pack(self) -> None:
        import pyarrow

        arrays = [
            pyarrow.array([row.get(name) for row in self._loose], self._schema.field(name).type)
            for name in self.columns
        ]
        self._writer.write_batch(pyarrow.record_batch(arrays, schema=self._schema))
        self._loose = []

    @cached_property
    def data(self) -> bytes:
        """The whole file; no more rows come."""
        if self._loose or not self.rows:
            self._pack()
        self._writer.close()
        return bytes(self._sink.getvalue())


@dataclass
class Part:
    """Some cases with all their rows, each row with the key of its case in front."""

    tables: Mapping[str, Columns]

    @cached_property
    def files(self) -> dict[str, TableFile]:
        """The file of every table, by its name."""
        return {name: TableFile(columns) for name, columns in self.tables.items()}

    @property
    def rows(self) -> int:
        """How many rows all tables have together."""
        return sum(file.rows for file in self.files.values())

    def add(self, key: str, rows: Mapping[str, Sequence[Row]]) -> None:
        """One more case."""
        for name, own in rows.items():
            self.files[name].add([{"key": key, **row} for row in own])


def schema_of(columns: Columns) -> Any:
    """The schema of a table."""
    import pyarrow

    kinds = {"text": pyarrow.string(), "float": pyarrow.float64(), "int": pyarrow.int64(),
             "bool": pyarrow.bool_()}  # fmt: skip
    return pyarrow.schema([(name, kinds[kind]) for name, kind in columns.items()])
