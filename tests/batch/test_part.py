"""The rows of a part: what was packed on the way is what is read, and waits in little memory."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from pyarrow.parquet import ParquetFile, read_table

from symbiosis.batch import part as parts
from symbiosis.batch.part import Part, TableFile

COLUMNS = {"key": "text", "share": "float", "count": "int", "kept": "bool", "name": "text"}
rows = some.fixed_dictionaries(
    {"share": some.none() | some.floats(allow_nan=False)},
    optional={
        "count": some.none() | some.integers(-(2**63), 2**63 - 1),
        "kept": some.none() | some.booleans(),
        "name": some.none() | some.text(max_size=5),
        "no_column": some.text(max_size=3),
    },
)


def read(data: bytes) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = read_table(BytesIO(data)).to_pylist()
    return found


@settings(max_examples=50, deadline=None)
@given(cases=some.lists(some.lists(rows, max_size=7), max_size=6), packed=some.integers(1, 9))
def test_what_is_read_are_the_rows_that_were_added(
    cases: list[list[dict[str, Any]]], packed: int
) -> None:
    """Law: case by case, in order, with exactly the columns of the table; nothing where none is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(parts, "PACKED_ROWS", packed)
        part = Part({"table": COLUMNS})
        for number, own in enumerate(cases):
            part.add(str(number), {"table": own})
        found = read(part.files["table"].data)
    every = [{"key": str(n), **row} for n, own in enumerate(cases) for row in own]
    assert found == [{name: row.get(name) for name in COLUMNS} for row in every]
    assert part.rows == part.files["table"].rows == len(every)


def test_no_more_rows_wait_than_are_packed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten cases of three rows, packed as soon as seven wait: after 9, 18, 27 rows."""
    monkeypatch.setattr(parts, "PACKED_ROWS", 7)
    file = TableFile({"key": "text"})
    waiting = []
    for case in range(10):
        file.add([{"key": str(case)}] * 3)
        waiting.append(len(file._loose))
    assert waiting == [3, 6, 0, 3, 6, 0, 3, 6, 0, 3]
    metadata = ParquetFile(BytesIO(file.data)).metadata
    assert [metadata.row_group(i).num_rows for i in range(4)] == [9, 9, 9, 3]


def test_a_file_that_is_whole_takes_no_more_rows() -> None:
    file = TableFile({"key": "text"})
    file.add([{"key": "a"}])
    assert read(file.data) == [{"key": "a"}]
    with pytest.raises(ValueError, match="whole"):
        file.add([{"key": "b"}])


def test_a_table_without_rows_is_a_file_with_columns() -> None:
    file = TableFile(COLUMNS)
    assert read_table(BytesIO(file.data)).column_names == list(COLUMNS)
