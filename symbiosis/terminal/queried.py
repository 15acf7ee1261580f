"""``query`` on the terminal: rows of a result set as a table, as JSON or as a file."""

import csv
import json
import math
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from symbiosis.batch.query import Answer, ResultSet, opened
from symbiosis.terminal.problems import chosen, refusal
from symbiosis.terminal.table import Column, show_table, show_text
from symbiosis.terminal.talk import Talk
from symbiosis.terminal.writing import writing

MOST_ROWS = 200
"""Rows on the screen; all are in the JSON and in files."""
NUMBERS = ("INT", "DOUBLE", "FLOAT", "DECIMAL")
ENDINGS = (".csv", ".parquet")


def show_query(folder: str, sql: str | None, file: Path | None, talk: Talk) -> None:
    """The answer of a query, or where none is given the tables that can be asked."""
    if file is not None:
        chosen(file.suffix, ENDINGS, "--output")
    if file is not None and sql is None:
        raise refusal("no_sql", "SQL", found=str(file))
    with opened(folder) as there:
        if sql is None:
            show_schema(there, talk)
        elif file is not None:
            save(there, sql, file, talk)
        elif talk.json:
            talk.document(records(there.ask(sql)))
        else:
            show_rows(there.ask(sql), talk)


def show_schema(there: ResultSet, talk: Talk) -> None:
    """Every table with its columns and how many rows it has."""
    tables = {name: (there.rows(name), columns) for name, columns in there.tables.items()}
    if talk.json:
        talk.document({"tables": [
            {"table": name, "rows": rows,
             "columns": [{"name": column.name, "type": column.type} for column in columns]}
            for name, (rows, columns) in tables.items()
        ]})  # fmt: skip
        return
    heads = [Column(talk.say(f"column_{key}")) for key in ("sql_column", "sql_type")]
    for name, (rows, columns) in tables.items():
        title = talk.say("title_sql_table", table=name, rows=f"{rows:,}")
        show_table(heads, [(column.name, column.type) for column in columns], title=title)


def show_rows(answer: Answer, talk: Talk) -> None:
    """The first rows as a table, and how many more there are."""
    shown: list[list[str]] = []
    count = 0
    for portion in answer.portions:
        shown += [[_text(value) for value in row] for row in portion[: MOST_ROWS - len(shown)]]
        count += len(portion)
    heads = [
        Column(column.name, number=any(kind in column.type for kind in NUMBERS))
        for column in answer.columns
    ]
    show_table(heads, shown)
    show_text(talk.say("sql_rows", rows=f"{count:,}"))
    if count > len(shown):
        show_text(talk.say("sql_more", shown=len(shown)))


def records(answer: Answer) -> list[dict[str, Any]]:
    """Rows as JSON: what is no finite number is null, dates are text."""
    names = [column.name for column in answer.columns]
    return [
        dict(zip(names, map(plain, row), strict=True)) for part in answer.portions for row in part
    ]


def plain(value: Any) -> Any:
    """A value of DuckDB as JSON has it."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value if isinstance(value, str | int | bool | None) else str(value)


def _text(value: Any) -> str:
    """A cell; nothing for what is not there."""
    kept = plain(value)
    if isinstance(kept, float):
        return f"{kept:.10g}"
    if isinstance(kept, dict | list):
        return json.dumps(kept, ensure_ascii=False)
    return "" if kept is None else str(kept)


def save(there: ResultSet, sql: str, file: Path, talk: Talk) -> None:
    """Write every row into a file and say so."""
    rows = written(there, sql, file)
    if talk.json:
        talk.document({"path": str(file), "rows": rows})
    else:
        show_text(talk.say("sql_written", path=file, rows=f"{rows:,}"))


def written(there: ResultSet, sql: str, file: Path) -> int:
    """Write every row into a file, all of it or nothing; how many."""
    ways: dict[str, Callable[[str], int]] = {
        ".csv": lambda beside: _write_csv(there.ask(sql), beside),
        ".parquet": lambda beside: there.save_parquet(sql, beside),
    }
    with writing(file), whole(file) as beside:
        return ways[file.suffix.lower()](beside)


@contextmanager
def whole(file: Path) -> Iterator[str]:
    """A name beside a file, which becomes the file when all is written."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        yield str(beside)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)


def _write_csv(answer: Answer, file: str) -> int:
    count = 0
    with open(file, "w", encoding="utf-8-sig", newline="") as opened_file:
        writer = csv.writer(opened_file)
        writer.writerow([column.name for column in answer.columns])
        for portion in answer.portions:
            writer.writerows([[_cell(value) for value in row] for row in portion])
            count += len(portion)
    return count


def _cell(value: Any) -> Any:
    if value is None or isinstance(value, str):
        return value
    kept = plain(value)
    return json.dumps(kept, ensure_ascii=False) if isinstance(kept, dict | list) else kept
