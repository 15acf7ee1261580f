"""``query`` through the real entry point: SQL on a batch and on single results, and nothing else.

The batch is the tiny park with its ash yard at 10, 20 and 30 CNY/t: all links are open, 40,000 t of
ash go to the yard, so the year costs 1,500,000 + 40,000 x yard.
"""

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

Run = Callable[..., Any]
YARD = "enterprises.power.units.boiler.byproducts.ash.routes.yard.cost"
SWEEP = f"""\
schema_version: 1
id: asked
park: tiny.yaml
name_zh: 试
name_en: Try
open: [existing, potential]
sweep:
  method: grid
  keys:
    {YARD}: {{values: [10 CNY/t, 20 CNY/t, 30 CNY/t]}}
"""


@pytest.fixture
def batch(run: Run, tiny: Path) -> str:
    """A result set of three cases."""
    tiny.with_name("sweep.yaml").write_text(SWEEP, encoding="utf-8")
    ran = run("batch", "sweep.yaml", "-o", "set", "--workers", "1")
    assert ran.code == 0, ran.err
    return "set"


@pytest.fixture
def one(run: Run, tiny: Path) -> str:
    """One kept optimum: with the existing link alone, 60,000 t of ash are used."""
    assert run("optimise", tiny, "-o", "one", "--links", "existing").code == 0
    return "one"


def test_cases_and_tables_join_by_their_key(run: Run, batch: str) -> None:
    sql = (
        f'SELECT c."{YARD}" AS yard, s.cost_cny FROM cases c JOIN summary s USING (key) ORDER BY 1'
    )
    ran = run("query", batch, sql, "--json")
    assert ran.code == 0, ran.err
    assert [row["yard"] for row in ran.json] == [10, 20, 30]
    costs = [row["cost_cny"] for row in ran.json]
    assert costs == pytest.approx([1_900_000, 2_300_000, 2_700_000])


def test_a_kept_result_is_asked_in_the_same_way(run: Run, one: str) -> None:
    ran = run("query", one, "SELECT link, amount_t FROM flows", "--json")
    assert ran.json == [{"link": "ash_cement", "amount_t": pytest.approx(60_000)}]


def test_a_set_at_an_address_is_asked_where_it_is(run: Run, tiny: Path) -> None:
    tiny.with_name("sweep.yaml").write_text(SWEEP, encoding="utf-8")
    address = f"memory://{tiny.parent.name}/set"
    assert run("batch", "sweep.yaml", "-o", address, "--workers", "1").code == 0
    ran = run("query", address, "SELECT count(*) AS n FROM cases WHERE status = 'done'", "--json")
    assert ran.json == [{"n": 3}]


def test_rows_are_shown_as_a_table(run: Run, one: str) -> None:
    ran = run("query", one, "FROM flows SELECT link, amount_t, name_zh")
    assert ran.out.splitlines()[0].split() == ["link", "amount_t", "name_zh"]
    assert ran.out.splitlines()[2].split() == ["ash_cement", "60000", "粉煤灰作混合材"]
    assert "Rows: 1\n" in ran.out


def test_the_screen_shows_the_first_rows_and_says_so(run: Run, one: str) -> None:
    ran = run("query", one, "SELECT range AS n FROM range(12345)")
    assert "Rows: 12,345" in ran.out
    assert "The first 200 are shown" in ran.out
    assert len(ran.out.splitlines()) < 210
    assert len(run("query", one, "SELECT * FROM range(12345)", "--json").json) == 12345


def test_without_a_query_tables_and_columns_are_listed(run: Run, batch: str) -> None:
    ran = run("query", batch, "--json")
    tables = {table["table"]: table for table in ran.json["tables"]}
    assert tables["cases"]["rows"] == 3
    assert {"name": "cost_cny", "type": "DOUBLE"} in tables["summary"]["columns"]
    shown = run("query", batch, "--lang", "zh").out
    assert "cases（3 行）" in shown
    assert "cost_cny" in shown


@pytest.mark.parametrize("sql", ["DESCRIBE flows", "SUMMARIZE flows", "SHOW TABLES",
                                 "EXPLAIN SELECT 1", "PIVOT flows ON link USING sum(amount_t)",
                                 "WITH a AS (FROM flows) FROM a"])  # fmt: skip
def test_every_way_of_asking_is_allowed(run: Run, one: str, sql: str) -> None:
    ran = run("query", one, sql, "--json")
    assert ran.code == 0, ran.err
    assert ran.json


def test_values_are_what_json_has(run: Run, one: str) -> None:
    """No NaN, no infinity; whole sums are whole numbers, dates are text, lists stay lists."""
    sql = ("SELECT 'nan'::DOUBLE AS a, 'inf'::DOUBLE AS b, sum(1) AS c, 1.5::DECIMAL(4,2) AS d, "
           "DATE '2026-01-31' AS e, [1, 2] AS f, {'x': 'y'} AS g, NULL AS h, 1 AS a")  # fmt: skip
    ran = run("query", one, sql, "--json")
    assert ran.json == [
        {"a": None, "b": None, "c": 1, "d": 1.5, "e": "2026-01-31", "f": [1, 2],
         "g": {"x": "y"}, "h": None, "a_2": 1}
    ]  # fmt: skip


def test_an_answer_is_written_as_csv_and_parquet(run: Run, one: str, tmp_path: Path) -> None:
    sql = "SELECT link, name_zh, amount_t, [1] AS l, link FROM flows"
    ran = run("query", one, sql, "-o", "new/a.csv")
    assert (ran.code, ran.out) == (0, "Rows written to new/a.csv: 1\n")
    with open(tmp_path / "new" / "a.csv", encoding="utf-8-sig", newline="") as file:
        head, row = csv.reader(file)
    assert head == ["link", "name_zh", "amount_t", "l", "link_2"]
    assert [row[0], row[1], float(row[2]), row[3]] == [
        "ash_cement", "粉煤灰作混合材", pytest.approx(60_000), "[1]",
    ]  # fmt: skip
    ran = run("query", one, sql, "-o", "a.parquet", "--json")
    assert ran.json == {"schema_version": 1, "path": "a.parquet", "rows": 1}
    found = pq.read_table(tmp_path / "a.parquet").to_pylist()
    assert found == [{"link": "ash_cement", "name_zh": "粉煤灰作混合材", "l": [1],
                      "amount_t": pytest.approx(60_000), "link_2": "ash_cement"}]  # fmt: skip
    assert sorted(path.name for path in (tmp_path / "new").iterdir()) == ["a.csv"]


def test_a_failed_answer_leaves_the_earlier_file(run: Run, one: str, tmp_path: Path) -> None:
    for name in ("a.csv", "a.parquet"):
        (tmp_path / name).write_text("earlier", encoding="utf-8")
        ran = run("query", one, "SELECT error('no') FROM flows", "-o", name)
        assert ran.code == 2
        assert (tmp_path / name).read_text(encoding="utf-8") == "earlier"
    assert not list(tmp_path.glob(".a.*"))


# --- nothing else can be reached


@pytest.mark.parametrize(
    "sql",
    [
        "COPY flows TO '{folder}/stolen.csv'",
        "COPY (SELECT 1) TO '{folder}/stolen.csv'",
        "ATTACH '{folder}/stolen.csv' AS other",
        "EXPORT DATABASE '{folder}/stolen.csv'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "CREATE TABLE t AS SELECT 1",
        "DROP VIEW flows",
        "DELETE FROM flows",
        "PRAGMA enable_profiling",
        "CALL pragma_version()",
    ],
)
def test_what_is_no_query_is_refused(run: Run, one: str, tmp_path: Path, sql: str) -> None:
    ran = run("query", one, sql.format(folder=tmp_path))
    assert ran.code == 2
    assert "a result set is only read" in ran.err
    assert not (tmp_path / "stolen.csv").exists()


@pytest.mark.parametrize(
    "sql",
    [
        "SELECT * FROM read_csv('{secret}')",
        "SELECT * FROM read_text('{secret}')",
        "SELECT * FROM read_blob('{secret}')",
        "SELECT * FROM '{secret}'",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM sniff_csv('{secret}')",
        "SELECT * FROM parquet_scan('{folder}/one/tables/flows.parquet')",
        "SELECT * FROM query('SELECT * FROM read_csv(''{secret}'')')",
        "SELECT * FROM read_csv('https://example.org/a.csv')",
        "SELECT * FROM local",
    ],
)
def test_a_query_reaches_nothing_but_the_set(run: Run, one: str, tmp_path: Path, sql: str) -> None:
    """Not files, not the network, not the values of this process."""
    (tmp_path / "secret.csv").write_text("word\nsesame\n", encoding="utf-8")
    ran = run("query", one, sql.format(folder=tmp_path, secret=tmp_path / "secret.csv"))
    assert ran.code == 2
    assert "DuckDB says: " in ran.err
    assert "sesame" not in ran.out + ran.err


def test_the_settings_are_locked_even_below_the_command(one: str) -> None:
    """What the command refuses, the database refuses too."""
    import duckdb

    from symbiosis.batch.query import opened

    with opened(one) as there:
        for sql in ("SET enable_external_access = true", "COPY flows TO 'x.csv'",
                    "ATTACH 'x.db' AS x"):  # fmt: skip
            with pytest.raises(duckdb.Error):
                there._database.execute(sql)


# --- what is wrong


def test_the_nearest_table_and_column_are_named(run: Run, one: str) -> None:
    ran = run("query", one, "SELECT * FROM flow")
    assert ran.code == 2
    assert "Table with name flow does not exist. Did you mean 'flows'? Allowed: " in ran.err
    ran = run("query", one, "SELECT amout_t FROM flows")
    assert 'Referenced column "amout_t"' in ran.err
    assert "Did you mean 'amount_t'?" in ran.err
    ran = run("query", one, "SELECT f.lnk FROM flows f", "--json")
    assert "Did you mean 'link'?" in ran.json["errors"][0]["hint"]
    assert "DuckDB 提示" in run("query", one, "SELEC 1", "--lang", "zh").err


@pytest.mark.parametrize(
    ("sql", "count"), [("", 0), ("/* nothing */", 0), ("SELECT 1; SELECT 2", 2)]
)
def test_one_query_is_needed(run: Run, one: str, sql: str, count: int) -> None:
    assert f"one query is needed, and {count} were found" in run("query", one, sql).err
    assert "须给出一条查询" in run("query", one, sql, "--lang", "zh").err


def test_a_file_needs_a_query_and_a_known_ending(run: Run, one: str) -> None:
    ran = run("query", one, "-o", "a.csv")
    assert (ran.code, "give a query" in ran.err) == (2, True)
    ran = run("query", one, "SELECT 1", "-o", "a.xls")
    assert "'.xls' is not allowed here. Did you mean '.csv'? Allowed: .csv, .parquet." in ran.err


def test_a_place_that_cannot_be_written_is_told(run: Run, one: str, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert run("query", one, "SELECT 1", "-o", "file/a.csv").code == 2


@pytest.mark.parametrize("prepared", ["missing", "empty", "stranger"])
def test_a_folder_that_is_no_result_is_refused(run: Run, tmp_path: Path, prepared: str) -> None:
    if prepared != "missing":
        (tmp_path / prepared).mkdir()
    if prepared == "stranger":
        (tmp_path / prepared / "manifest.json").write_text('{"kind": "x"}', encoding="utf-8")
    ran = run("query", prepared, "SELECT 1")
    assert ran.code == 2
    assert f"'{prepared}' holds no result" in ran.err
    assert "中没有结果" in run("query", prepared, "SELECT 1", "--lang", "zh").err


def test_a_broken_manifest_is_named(run: Run, one: str, tmp_path: Path) -> None:
    (tmp_path / one / "manifest.json").write_text("{", encoding="utf-8")
    ran = run("query", one, "SELECT 1")
    assert ran.code == 2
    assert "manifest.json is missing or broken" in ran.err


def test_every_truncated_file_is_named(run: Run, one: str, tmp_path: Path) -> None:
    for name in ("flows", "costs"):
        path = tmp_path / one / "tables" / f"{name}.parquet"
        path.write_bytes(path.read_bytes()[:300])
    ran = run("query", one, "SELECT 1")
    assert ran.code == 2
    assert "'tables/flows.parquet' is no whole Parquet file" in ran.err
    assert "'tables/costs.parquet' is no whole Parquet file" in ran.err
    assert "不是完整的 Parquet 文件" in run("query", one, "SELECT 1", "--lang", "zh").err


def test_a_truncated_part_of_a_batch_is_named(run: Run, batch: str, tmp_path: Path) -> None:
    path = next((tmp_path / batch / "flows").glob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-10])
    ran = run("query", batch, "SELECT * FROM cases")
    assert ran.code == 2
    assert f"flows/{path.name}" in ran.err


def test_help_tells_what_a_query_is(run: Run) -> None:
    assert "Ask a result set in SQL" in run("query", "--help", "--lang", "en").out
    assert "SELECT * FROM cases" in json.dumps(run("query", "--help").out)


PAGE = Path(__file__).parents[2] / "docs" / "query.md"
SQL = re.compile(r"^```sql\n(.*?)^```$", re.MULTILINE | re.DOTALL)
QUERIES = SQL.findall(PAGE.read_text(encoding="utf-8"))


@pytest.mark.parametrize("sql", QUERIES, ids=range(len(QUERIES)))
def test_the_queries_of_the_page_have_answers(run: Run, tiny: Path, sql: str) -> None:
    """On a sweep of the two keys that the page names."""
    text = SWEEP.replace(f"{YARD}: {{values: [10 CNY/t, 20 CNY/t, 30 CNY/t]}}",
                         "links.ash_cement.distance: {values: [10 km, 20 km]}")  # fmt: skip
    tiny.with_name("sweep.yaml").write_text(text, encoding="utf-8")
    assert run("batch", "sweep.yaml", "-o", "set", "--workers", "1").code == 0
    ran = run("query", "set", sql, "--json")
    assert ran.code == 0, ran.err
    assert ran.json
