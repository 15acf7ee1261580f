"""``plan`` and ``simulate`` in a batch keep what the commands keep, column by column.

The batch asks through its own options, the command through its own; both write Parquet.
"""

import json
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from symbiosis.batch.case import Verb
from symbiosis.batch.tables import OF
from symbiosis.cli import main
from tests.batch.sets import rows_of

Written = Callable[..., Path]
LINE = """start: 2025
horizon: 4 a
open: [existing, planned]
add:
  projects:
    line:
      name_zh: 矿渣线
      name_en: Slag line
      types: [chain_filling]
      status: planned
      links: [slag_cement]
      life: 2 a
      sizes: [{id: half, share: 50 %, investment: 60 万元}, {id: full, share: 100 %, investment: 100 万元}]
retrofit:
  sources: {own: {title: A plan of one's own}}
  finance:
    own: 80 万元
    instruments:
      pool: {kind: subsidy, name_zh: 补助, name_en: Subsidy, share: 10 %}
      bank: {kind: loan, name_zh: 贷款, name_en: Loan, share: 40 %, interest: 4 %,
             interest_subsidy: 50 %, term: 3 a}
  projects:
    line:
      stages:
        build: {name_zh: 建, name_en: Build,
                duration: {shape: triangular, low: 100 d, value: 300 d, high: 600 d}}
  targets:
    built: {name_zh: 建成, name_en: Built, milestone: all.finished, by: 2026-02-28}
    rate: {name_zh: 利用率, name_en: Rate, indicator: utilisation_rate, comparator: ">=",
           value: 60 %, year: 2027, document: own}
    priced: {name_zh: 利用率, name_en: Rate, indicator: utilisation_rate, comparator: ">=",
             value: 90 %, year: 2027, document: own, price: 1 CNY/t}
"""  # noqa: E501 - one line for each size
CHANGED = """\
    grown: {name_zh: 利用率, name_en: Rate, indicator: utilisation_rate, comparator: ">=",
            value: 5 %, year: 2027, document: own, change: from_base}
"""
BY_PAYER = {"given_cny": ["given_pool_cny", "given_{loan}_cny"],
            "repaid_cny": ["repaid_pool_cny", "repaid_{loan}_cny"]}  # fmt: skip


def both(folder: Path, verb: str, park: object, scenario: object, *asking: str) -> tuple[Any, Any]:
    """The rows of a batch of one case, and the folder that the command keeps."""
    where = folder / "set"
    assert main(["batch", str(scenario), "-o", str(where), "--verb", verb, "--workers", "1",
                 *asking]) == 0  # fmt: skip
    rows = rows_of(str(where))
    seed = rows["cases"][0]["seed"]
    drawn = [] if seed is None else ["--seed", str(seed), "--workers", "1"]
    kept = folder / "kept"
    assert main([verb, str(park), "-s", str(scenario), "-o", str(kept), *asking, *drawn]) in (0, 1)
    return rows, kept


def as_kept(row: dict[str, Any], column: str, loan: str) -> Any:
    """What the command keeps in a column; money by payer has a column for each payer there."""
    if column in BY_PAYER:
        return sum(row[name.format(loan=loan)] for name in BY_PAYER[column])
    return row[column]


def agree(rows: Any, kept: Path, verb: str, loan: str, empty: Collection[str] = ()) -> None:
    """Every documented column is filled somewhere, and every value is the kept one, bit by bit."""
    told = json.loads((kept / "result.json").read_text(encoding="utf-8"))
    manifest = json.loads((kept / "manifest.json").read_text(encoding="utf-8"))
    told = {**told, "missed": len(told.get("missed", ())), "solver": manifest["solver"]}
    for table, columns in OF[Verb(verb)].items():
        called = ("name_zh", "name_en") if (verb, table) == ("simulate", "years") else ()
        names = [name for name in columns if name not in ("key", *called)]
        if table == "summary":
            assert rows[table] == [{"key": rows[table][0]["key"], **{n: told[n] for n in names}}]
            continue
        ours = [{name: row[name] for name in names} for row in rows[table]]
        theirs = [
            {name: as_kept(row, name, loan) for name in names}
            for row in pq.read_table(kept / "tables" / f"{table}.parquet").to_pylist()
        ]
        assert sorted(ours, key=repr) == sorted(plain(theirs), key=repr), table
        for name in names:
            filled = any(row[name] is not None for row in ours)
            assert filled != (name in empty), (table, name)


def plain(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Empty numbers, which pandas keeps as NaN, as None."""
    return [{k: None if v != v else v for k, v in row.items()} for row in rows]


def test_a_plan_keeps_the_targets_of_its_scenario_and_every_column(
    scenario: Written, folder: Path
) -> None:
    """R is 37.5 % without the line, 56.25 % with half of it and 75 % with all: 60 % needs all.

    It costs 100 万元, of which the pool gives 10 and the bank 40; the state pays half of the bank's
    interest. It lives for 2 of the 4 years.
    """
    path = scenario("line", LINE)
    rows, kept = both(folder, "plan", folder / "tiny.yaml", path, "--target", "50 %")
    agree(rows, kept, "plan", "bank")
    found = [(row["rate"], row["price_cny_per_t"]) for row in rows["targets"]]
    assert sorted(found, key=repr) == [(0.5, None), (0.6, None), (0.9, 1.0)]
    (line,) = rows["projects"]
    assert (line["size"], line["share"], line["cost_cny"]) == ("full", 1.0, 1_000_000)
    assert line["again_cny"] > 0
    assert rows["summary"][0]["subsidies_cny"] > 0
    begun = next(row for row in rows["years"] if row["year"] == line["year"])
    assert (begun["invested_cny"], begun["given_cny"]) == pytest.approx((1_000_000, 500_000))


def test_a_simulation_keeps_every_column_of_the_command(scenario: Written, folder: Path) -> None:
    path = scenario("line", LINE + CHANGED)
    rows, kept = both(folder, "simulate", folder / "tiny.yaml", path, "--runs", "6")
    agree(rows, kept, "simulate", "bank")
    (line,) = rows["projects"]
    assert line["criticality"] == 1.0
    assert "2025-04-11" <= line["commissioned_p50"] <= "2026-08-24"


@pytest.mark.parametrize("solver", ["glpk", "highs"])
def test_a_simulation_says_who_answered(scenario: Written, folder: Path, solver: str) -> None:
    """Whoever is named; ``auto`` takes GLPK for so small a model."""
    path = scenario("line", LINE)
    asking = ["--runs", "2", *(["--solver", solver] if solver != "glpk" else [])]
    rows, kept = both(folder, "simulate", folder / "tiny.yaml", path, *asking)
    assert rows["summary"][0]["solver"] == solver
    assert json.loads((kept / "manifest.json").read_text(encoding="utf-8"))["solver"] == solver


@pytest.mark.long
@pytest.mark.parametrize(
    ("verb", "name", "asking"),
    [("simulate", "jinchang-replay", ["--runs", "4"]),
     ("plan", "jinchang-budget-cut", ["--budget", "2e8"])],
)  # fmt: skip
def test_bundled_scenarios_agree_to_the_last_bit(
    folder: Path, verb: str, name: str, asking: list[str]
) -> None:
    """Jinchang's projects come in one size each, and its targets have no price."""
    rows, kept = both(folder, verb, "jinchang", name, *asking)
    agree(rows, kept, verb, "loan", {"size", "price_cny_per_t"})
