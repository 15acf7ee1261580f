"""SQL on a result set, or on the kept folder of one result: each table is a view, read and no more.

DuckDB gets the tables handed to it and then loses every other access: to files, to the network, to
extensions, to what stands in this process; the lock on its settings holds that.
"""

import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from symbiosis.batch.manifest import KIND, MANIFEST
from symbiosis.batch.place import Place
from symbiosis.batch.store import committed
from symbiosis.errors import InputError, Problem, listed, nearest

if TYPE_CHECKING:
    import duckdb

LOCKED = (
    "SET python_enable_replacements = false",
    "SET enable_external_access = false",
    "SET lock_configuration = true",
)
KEPT_TABLE = re.compile(r"tables/(\w+)\.parquet|(runs)\.parquet")
"""The tables of one kept result."""
NO_TABLE = re.compile(r"Table with name (.+?) does not exist")
NO_COLUMN = re.compile(r'(?:Referenced column|have a column named) "(.+?)"')
ASKING = ("SELECT", "EXPLAIN", "MULTI")
"""Statements that only ask; a pivot is called MULTI."""
BATCH_ROWS = 10_000
"""Rows that are in memory at a time."""


@dataclass(frozen=True)
class Column:
    """A column of a table or an answer, with its type in SQL."""

    name: str
    type: str


@dataclass(frozen=True)
class Answer:
    """What a query came to: columns, and rows in portions that are read once."""

    columns: tuple[Column, ...]
    portions: Iterator[list[tuple[Any, ...]]]


class ResultSet:
    """The tables of a result set, ready to be asked; see :func:`opened`."""

    def __init__(self, database: "duckdb.DuckDBPyConnection", files: dict[str, list[str]]) -> None:
        self._database, self.files = database, files

    @property
    def tables(self) -> dict[str, tuple[Column, ...]]:
        """Every table with its columns."""
        return {name: self._columns(f'FROM "{name}" LIMIT 0') for name in self.files}

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        found = self._database.execute(f'SELECT count(*) FROM "{table}"').fetchone()
        return int(found[0]) if found else 0

    def ask(self, sql: str) -> Answer:
        """The answer of one query. Raises :class:`InputError` for what is no query of these."""
        with self._told(sql):
            self._only_asks(sql)
            return Answer(self._columns(sql), self._portions(sql))

    def save_parquet(self, sql: str, file: str) -> int:
        """Write the answer of one query as Parquet; how many rows it has."""
        from pyarrow import parquet

        count = 0
        with self._told(sql):
            self._only_asks(sql)
            relation: Any = self._database.sql(sql)
            reader = relation.to_arrow_reader(BATCH_ROWS)
            schema = reader.schema
            for place, name in enumerate(once(schema.names)):
                schema = schema.set(place, schema.field(place).with_name(name))
            with parquet.ParquetWriter(file, schema) as writer:
                for batch in reader:
                    writer.write_batch(batch.rename_columns(schema.names))
                    count += batch.num_rows
        return count

    def _columns(self, sql: str) -> tuple[Column, ...]:
        description = self._database.execute(sql).description or ()
        names = [str(entry[0]) for entry in description]
        return tuple(
            Column(name, str(entry[1]))
            for name, entry in zip(once(names), description, strict=True)
        )

    def _only_asks(self, sql: str) -> None:
        statements = self._database.extract_statements(sql)
        if len(statements) != 1:
            raise _problem("sql_not_one", found=len(statements))
        kind = statements[0].type.name
        if kind not in ASKING:
            raise _problem("sql_not_asking", found=kind)

    def _portions(self, sql: str) -> Iterator[list[tuple[Any, ...]]]:
        with self._told(sql):
            while portion := self._database.fetchmany(BATCH_ROWS):
                yield portion

    @contextmanager
    def _told(self, sql: str) -> Iterator[None]:
        """What DuckDB refuses, with the nearest table or column of the set."""
        import duckdb

        try:
            yield
        except duckdb.InterruptException as error:
            raise KeyboardInterrupt from error
        except duckdb.Error as error:
            raise _problem("sql_wrong", **self._said(str(error), sql)) from error

    def _said(self, text: str, sql: str) -> dict[str, Any]:
        first = re.split(r"\nDid you mean|\nCandidate bindings|\n\n", text)[0]
        details: dict[str, Any] = {"said": " ".join(first.split()).rstrip("!.")}
        if match := NO_TABLE.search(text):
            details |= _among(match[1], list(self.files))
        elif match := NO_COLUMN.search(text):
            named = [table for table in self.files if re.search(rf"\b{table}\b", sql)]
            columns = [column.name for table in named for column in self.tables[table]]
            details |= _among(match[1], list(dict.fromkeys(columns)))
        return details


def _among(found: str, allowed: list[str]) -> dict[str, str]:
    return {"nearest": nearest(found, allowed), "allowed": listed(allowed, 20)}


def _problem(code: str, **details: Any) -> InputError:
    return InputError([Problem(code, key="SQL", details=details)])


def once(names: list[str]) -> list[str]:
    """Names of columns, each once: a second ``key`` is ``key_2``."""
    found: list[str] = []
    for name in names:
        number, own = 1, name
        while own in found:
            number += 1
            own = f"{name}_{number}"
        found.append(own)
    return found


@contextmanager
def opened(address: str) -> Iterator[ResultSet]:
    """The result set, or the one kept result, in a folder or at an address.

    Raises :class:`InputError` where there is none, and for each file of it that is damaged.
    """
    with opened_together({"": address}) as there:
        yield there


@contextmanager
def opened_together(addresses: Mapping[str, str], memory: str = "") -> Iterator[ResultSet]:
    """Several of them, by a prefix that the names of their tables get. Raises as :func:`opened`.

    What does not fit into ``memory`` (``1GB``; by default most of what the machine has) goes to
    the disk.
    """
    import duckdb

    found: dict[str, Any] = {}
    files: dict[str, list[str]] = {}
    for prefix, address in addresses.items():
        place = Place.at(address)
        own = files_of(place, address)
        files |= {prefix + table: names for table, names in own.items()}
        found |= {prefix + table: data for table, data in datasets(place, own).items()}
    limit = {"memory_limit": memory} if memory else {}
    with (
        tempfile.TemporaryDirectory(prefix="symbiosis-") as spill,
        duckdb.connect(":memory:", config={"temp_directory": spill, **limit}) as database,
    ):
        for name, data in found.items():
            database.register(name, data)
        for setting in LOCKED:
            database.execute(setting)
        yield ResultSet(database, files)


def kind_of(address: str) -> str:
    """The kind that the manifest at an address says; empty where there is none that can be read.

    Raises :class:`InputError` for an address that cannot be reached.
    """
    place = Place.at(address)
    try:
        there = MANIFEST in place.names()
        return str(json.loads(place.read(MANIFEST))["kind"]) if there else ""
    except (ValueError, KeyError, TypeError):
        return ""
    except OSError as error:
        raise _unreached(address, error) from error


def files_of(place: Place, address: str) -> dict[str, list[str]]:
    """The files of every table, by the name of the table."""
    try:
        return _files_of(place, address)
    except OSError as error:
        raise _unreached(address, error) from error


def _unreached(address: str, error: OSError) -> InputError:
    details = {"found": address, "reason": error.strerror or type(error).__name__}
    return InputError([Problem("batch_address", address, details=details)])


def _files_of(place: Place, address: str) -> dict[str, list[str]]:
    names = place.names()
    if MANIFEST not in names:
        raise InputError([Problem("not_a_result_set", address, details={"found": address})])
    try:
        kind = json.loads(place.read(MANIFEST))["kind"]
    except (ValueError, KeyError, TypeError) as error:
        details = {"found": address, "file": MANIFEST}
        raise InputError([Problem("broken_result", address, details=details)]) from error
    if kind == KIND:
        return committed(place)
    found = {name: match for name in sorted(names) if (match := KEPT_TABLE.fullmatch(name))}
    if not found:
        raise InputError([Problem("not_a_result_set", address, details={"found": address})])
    return {match[1] or match[2]: [name] for name, match in found.items()}


def datasets(place: Place, files: dict[str, list[str]]) -> dict[str, Any]:
    """Every table as something that is read in portions; all damaged files are told at once."""
    from pyarrow import ArrowInvalid, dataset, parquet

    problems, found = [], {}
    for table, names in files.items():
        for name in names:
            try:
                with place.fs.open(place.path(name), "rb") as file:
                    parquet.read_metadata(file)
            except (ArrowInvalid, OSError) as error:
                details = {"found": name, "reason": " ".join(str(error).split())[:200]}
                problems.append(Problem("table_damaged", place.path(name), details=details))
        if not problems:
            paths = [place.path(name) for name in names]
            found[table] = dataset.dataset(paths, filesystem=place.fs, format="parquet")
    if problems:
        raise InputError(problems)
    return found
