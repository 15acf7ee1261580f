"""Result sets beside each other, made by hand: which cases are paired, and what differs."""

import json
import math
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symbiosis.batch import query
from symbiosis.batch.place import Place
from symbiosis.comparing.sets import SetComparison, SetRow, compared_sets, is_set
from symbiosis.errors import InputError
from tests.comparing.made_sets import costing, indicator, made

DISTANCE = "links.ash.distance"


@pytest.fixture
def place() -> Callable[[str], str]:
    """Addresses in memory that no other test has."""
    return places()


def places() -> Callable[[str], str]:
    folder = uuid.uuid4().hex
    return lambda name: f"memory://{folder}/{name}"


def the_row(found: SetComparison, name: str, by: str | None = None) -> SetRow:
    (row,) = (row for row in found.rows if (row.id, row.by) == (name, by))
    return row


def left_out(found: SetComparison) -> dict[str, tuple[int, tuple[str, ...]]]:
    return {one.why: (one.cases, one.names) for one in found.left_out}


# --- numbers


def test_what_five_pairs_come_to(place: Callable[[str], str]) -> None:
    """Costs 10, 20, 30, 40, none, and 13, 20, 29, none, 7: gaps 3, 0, -1 over three pairs.

    Means 20 and 62/3 = 20.667, gap 2/3; median 0; one up, one down, one the same; the fourth has a
    number in the base alone, the fifth in the other.
    """
    base = dict(zip("abcde", map(costing, (10, 20, 30, 40, None)), strict=True))
    other = dict(zip("abcde", map(costing, (13, 20, 29, None, 7)), strict=True))
    with compared_sets([made(place("A"), base), made(place("B"), other)]) as found:
        row = the_row(found, "cost")
        assert (row.n, row.base, row.other) == (3, 20, pytest.approx(62 / 3))
        assert (row.difference, row.median) == (pytest.approx(2 / 3), 0)
        assert (row.smallest, row.smallest_case) == (-1, "c")
        assert (row.greatest, row.greatest_case) == (3, "a")
        assert (row.rise, row.fall, row.stay) == (1, 1, 1)
        assert (row.base_only, row.other_only, row.changed) == (1, 1, True)
        assert (row.name_zh, row.name_en) == ("园区成本", "private cost of the park")
        (counts,) = found.cases
        assert (counts.base, counts.other, counts.compared) == (5, 5, 5)


def test_a_difference_of_rounding_is_none(place: Callable[[str], str]) -> None:
    """1e9 and 1e9 + 0.5 differ by 5e-10 of themselves; with 1.5 by 1.5e-9."""
    base = made(place("A"), {"a": costing(1e9), "b": costing(1e9)})
    other = made(place("B"), {"a": costing(1e9 + 0.5), "b": costing(1e9 + 1.5)})
    with compared_sets([base, other]) as found:
        row = the_row(found, "cost")
        assert (row.rise, row.fall, row.stay) == (1, 0, 1)


def test_of_equal_ends_the_first_case_is_named(place: Callable[[str], str]) -> None:
    base = made(place("A"), {name: costing(1) for name in "cab"})
    other = made(place("B"), {name: costing(2) for name in "bca"})
    with compared_sets([base, other]) as found:
        row = the_row(found, "cost")
        assert (row.smallest_case, row.greatest_case) == ("a", "a")


def flow(link: str, tonnes: float | None = None, **more: Any) -> dict[str, Any]:
    return {"link": link, "amount_t": tonnes, "name_zh": "灰", "name_en": "Ash"} | more


def test_a_link_without_a_flow_and_an_item_without_a_cost_carry_nothing(
    place: Callable[[str], str],
) -> None:
    """60 + 40 t over two uses and nothing, against nothing and 30 t: gaps -100 and +30.

    The item is there in one case of one set alone: 0, 5 against 0, 0.
    """
    base = {
        "a": {"flows": [flow("ash", 60, use="one"), flow("ash", 40, use="two")]},
        "b": {"costs": [{"item": "tax", "cost_cny": 5.0}]},
    }
    other = {"a": {"flows": []}, "b": {"flows": [flow("ash", 30)]}}
    with compared_sets([made(place("A"), base), made(place("B"), other)]) as found:
        ash = the_row(found, "ash")
        assert (ash.n, ash.base, ash.other, ash.difference) == (2, 50, 15, -35)
        assert (ash.smallest, ash.greatest, ash.base_only) == (-100, 30, 0)
        assert (ash.name_zh, ash.name_en, ash.unit) == ("灰", "Ash", "t")
        tax = the_row(found, "tax")
        assert (tax.n, tax.base, tax.other) == (2, 2.5, 0)
        assert tax.name_en == "environmental protection tax"


def test_an_item_that_this_version_does_not_know_keeps_its_id(place: Callable[[str], str]) -> None:
    base = made(place("A"), {"a": {"costs": [{"item": "joy", "cost_cny": 1.0}]}})
    with compared_sets([base, base]) as found:
        assert the_row(found, "joy").name_zh == "joy"


def test_flows_in_other_units_stand_apart(place: Callable[[str], str]) -> None:
    both = flow("pipe", None, amount_gj=7.0), flow("pipe", 2.0)
    base = made(place("A"), {"a": {"flows": list(both)}})
    with compared_sets([base, base]) as found:
        assert {(row.unit, row.base) for row in found.rows} == {("GJ", 7.0), ("t", 2.0)}


def test_parks_are_not_thrown_together(place: Callable[[str], str]) -> None:
    """The link of one park is no empty link of the other."""
    cases = {
        "a": costing(1, park="p") | {"flows": [flow("ash", 5)]},
        "b": costing(3, park="q"),
    }
    base, other = made(place("A"), cases), made(place("B"), cases)
    with compared_sets([base, other]) as found:
        told = [(row.park, row.id, row.n, row.base) for row in found.rows]
    assert told == [("p", "cost", 1, 1), ("p", "ash", 1, 5), ("q", "cost", 1, 3)]


def test_carbon_comes_from_the_summary(place: Callable[[str], str]) -> None:
    sets = [
        made(place(str(tonnes)), {"a": {"summary": [{"money_year": 2025, "co2e_t": tonnes}]}})
        for tonnes in (5.0, 4.0)
    ]
    with compared_sets(sets) as found:
        assert (the_row(found, "co2e").difference, the_row(found, "co2e").unit) == (-1, "t")


def test_what_is_no_number_counts_as_none(place: Callable[[str], str]) -> None:
    base = made(place("A"), {"a": costing(math.nan), "b": costing(1)})
    other = made(place("B"), {"a": costing(2), "b": costing(math.inf)})
    with compared_sets([base, other]) as found:
        row = the_row(found, "cost")
        assert (row.n, row.base_only, row.other_only) == (0, 1, 1)
        assert (row.base, row.difference, row.smallest_case) == (None, None, None)


def test_a_plan_by_hand(place: Callable[[str], str]) -> None:
    """NPV 5 and 7; rates of two years; a project in 2026, then in 2028, then in none."""

    def plan(npv: float, rates: list[float], year: int | None, met: bool) -> dict[str, Any]:
        worth = {"npv_cny": npv, "invested_cny": 1.0, "subsidies_cny": 0.0, "missed": int(not met)}
        project = {"id": "line", "name_zh": "线", "name_en": "Line", "year": year}
        return {
            "summary": [{"money_year": 2025, **worth}],
            "years": [{"year": 2025 + i, "utilisation_rate": rate} for i, rate in enumerate(rates)],
            "projects": [project] if year else [],
            "targets": [{"rate": 0.6, "by": 2026, "met": met}],
        }

    base = {"a": plan(5, [0.5, 0.6], 2026, True), "b": plan(5, [0.5, 0.6], 2026, True)}
    other = {"a": plan(7, [0.5, 0.7], 2028, True), "b": plan(7, [0.5, 0.4], None, False)}
    sets = [made(place("A"), base, "plan"), made(place("B"), other, "plan")]
    with compared_sets(sets) as found:
        assert (the_row(found, "npv").difference, the_row(found, "npv").unit) == (2, "CNY")
        assert the_row(found, "invested").stay == 2
        assert not the_row(found, "subsidies").changed
        assert (the_row(found, "missed").rise, the_row(found, "missed").unit) == (1, "count")
        assert the_row(found, "utilisation_rate", "2025").stay == 2
        later = the_row(found, "utilisation_rate", "2026")
        assert (later.smallest, later.greatest) == (pytest.approx(-0.2), pytest.approx(0.1))
        line = the_row(found, "line")
        assert (line.n, line.base, line.other, line.base_only) == (1, 2026, 2028, 1)
        target = the_row(found, "0.6 @ 2026", "2026")
        assert (target.base, target.other, target.fall) == (1, 0.5, 1)
        assert {row.name_zh for row in found.rows if row.subject == "plan"} == {
            "净现值", "全期投资", "全期补贴", "未达成的目标数",
        }  # fmt: skip


def simulation(
    odds: float, rate: float, date: str | None, seed: int = 1, value: float = 0.5, **more: Any
) -> dict[str, Any]:
    target = {"id": "half", "name_zh": "半", "name_en": "Half", "by": "2028", "value": value,
              "indicator": "heat_recovery", "comparator": ">=", "probability": odds}  # fmt: skip
    means = {"utilisation_rate": rate, "heat_recovery": 0.1, "energy": 9.0, **more}
    return {
        "years": [
            {"year": 2028, "indicator": name, "unit": "1", "mean": mean}
            for name, mean in means.items()
        ],
        "targets": [target],
        "projects": [{"id": "line", "name_zh": "线", "name_en": "Line", "commissioned_p50": date}],
        "cases": [{"seed": seed}],
    }


def test_a_simulation_by_hand(place: Callable[[str], str]) -> None:
    """From 28 February to 1 March 2028 is one day, for years have 365; the mean day is 28 February.

    A project that is never there has no day. The target asks for 60 % in the last case, where it
    is not compared.
    """
    base = {
        "a": simulation(0.2, 0.5, "2028-02-28"),
        "b": simulation(0.4, 0.5, "2028-02-28"),
        "c": simulation(0.4, 0.5, None),
    }
    other = {
        "a": simulation(0.5, 0.6, "2028-03-01"),
        "b": simulation(0.4, 0.6, "2028-02-28", seed=2),
        "c": simulation(0.9, 0.6, "2028-01-01", value=0.6),
    }
    sets = [made(place("A"), base, "simulate"), made(place("B"), other, "simulate")]
    with compared_sets(sets) as found:
        half = the_row(found, "half", "2028")
        assert (half.n, half.greatest, half.other_meaning) == (2, pytest.approx(0.3), 1)
        assert half.name_en == "Half"
        line = the_row(found, "line")
        assert (line.base, line.other, line.difference) == ("2028-02-28", "2028-02-28", 0.5)
        assert (line.unit, line.greatest, line.other_only) == ("d", 1, 1)
        assert [row.id for row in found.rows if row.subject == "indicator"] == [
            "heat_recovery", "utilisation_rate",
        ]  # fmt: skip
        assert found.cases[0].same_seed == 2
        kept = [row for part in found.there.ask(found.table).portions for row in part]
        dates = [row[10:12] for row in kept if row[3] == "project"]
        assert dates == [("2028-02-28", "2028-03-01"), ("2028-02-28",) * 2, (None, "2028-01-01")]
        assert {row[7:9] for row in kept if row[3] == "project"} == {(None, None)}


def test_further_indicators_of_simulations_are_asked_for(place: Callable[[str], str]) -> None:
    base = made(place("A"), {"a": simulation(0, 0, None, own=1.0)}, "simulate")
    other = made(place("B"), {"a": simulation(0, 0, None)}, "simulate")
    with compared_sets([base, other], ["energy"]) as found:
        assert the_row(found, "energy", "2028").base == 9
    with pytest.raises(InputError, match=r"'energi' is not allowed here Did you mean 'energy'"):
        asked(base, other, "energi")
    with pytest.raises(InputError, match="'own' is not allowed"):
        asked(base, other, "own")


def asked(base: str, other: str, *indicators: str) -> dict[str, Any]:
    with compared_sets([base, other], indicators) as found:
        return found.document()


# --- pairs


def test_cases_are_paired_by_name_and_park(place: Callable[[str], str]) -> None:
    base = {"a": costing(1), "b": costing(1), "c": costing(1), "d": costing(1, park="q")}
    other = {"d": costing(2, park="r"), "c": costing(2), "e": costing(2), "f": costing(2)}
    with compared_sets([made(place("A"), base), made(place("B"), other)]) as found:
        assert left_out(found) == {
            "base_only": (2, ("a", "b")),
            "other_only": (2, ("e", "f")),
            "other_park": (1, ("d",)),
        }
        (counts,) = found.cases
        assert (counts.base, counts.other, counts.compared) == (4, 4, 1)
        assert the_row(found, "cost").n == 1


def test_failed_cases_are_told_by_where_they_failed(place: Callable[[str], str]) -> None:
    """A case whose park cannot be read has none: it fails, and is no case of another park."""
    unread = {"cases": [{"status": "failed", "park": None}]}
    base = {"a": None, "b": costing(1), "c": None, "d": costing(1), "e": costing(1)}
    other = {"a": None, "b": None, "c": costing(1), "d": costing(1), "e": unread}
    with compared_sets([made(place("A"), base), made(place("B"), other)]) as found:
        assert left_out(found) == {
            "both_failed": (1, ("a",)),
            "base_failed": (1, ("c",)),
            "other_failed": (2, ("b", "e")),
        }


def test_money_of_another_year_is_not_compared(place: Callable[[str], str]) -> None:
    dear = {"summary": [{"money_year": 2020}], **costing(1)}
    base = made(place("A"), {"a": costing(1), "b": costing(1)})
    with compared_sets([base, made(place("B"), {"a": dear, "b": costing(1)})]) as found:
        assert left_out(found) == {"other_money": (1, ("a",))}


@pytest.mark.parametrize(
    ("kinds", "values", "same"),
    [
        ((("float", "km"), ("float", "km")), (10.0, 10.0), True),
        ((("float", "km"), ("float", "km")), (10.0, 10.000000001), True),
        ((("float", "km"), ("float", "km")), (10.0, 10.001), False),
        ((("float", "km"), ("float", "km")), (None, None), True),
        ((("float", "km"), ("float", "km")), (None, 10.0), False),
        ((("int", ""), ("float", "")), (10, 10.0), True),
        ((("float", "km"), ("float", "t")), (10.0, 10.0), True),
        ((("text", ""), ("text", "")), ("a", "a"), True),
        ((("text", ""), ("text", "")), ("a", "b"), False),
        ((("bool", ""), ("bool", "")), (True, False), False),
        ((("text", ""), ("float", "km")), ("10 km", 10.0), False),
    ],
)
def test_pairs_have_one_value_of_every_axis_that_both_have(
    place: Callable[[str], str],
    kinds: tuple[tuple[str, str], tuple[str, str]],
    values: tuple[Any, Any],
    same: bool,
) -> None:
    sets = [
        made(place(name), {"a": costing(1, **{DISTANCE: value})}, axes={DISTANCE: kind})
        for name, kind, value in zip("AB", kinds, values, strict=True)
    ]
    with compared_sets(sets) as found:
        assert left_out(found) == ({} if same else {"other_meaning": (1, ("a",))})


def test_an_axis_of_one_set_alone_keeps_nobody_apart(place: Callable[[str], str]) -> None:
    one, two = 'say "x"', "b.c"
    base = made(place("A"), {"a": costing(1, **{one: 7.0})}, axes={one: ("float", "")})
    other = made(place("B"), {"a": costing(2, **{two: "u"})}, axes={two: ("text", "")})
    with compared_sets([base, other]) as found:
        assert found.cases[0].compared == 1
        columns = [column.name for column in found.there.ask(found.table).columns]
        assert columns[:6] == ["result", "name", "park", one, two, "subject"]
        ((row,),) = found.there.ask(found.table).portions
        assert row == (other, "a", "p", 7, "u", "indicator", "cost", None, "CNY", 1, 2, 1,
                       None, None)  # fmt: skip


def test_an_axis_that_results_count_otherwise_is_text_in_the_table(
    place: Callable[[str], str],
) -> None:
    def one(name: str, kind: str, value: Any) -> str:
        case = {"a": costing(1, **{DISTANCE: value})}
        return made(place(name), case, axes={DISTANCE: (kind, "")})

    sets = [made(place("A"), {"a": costing(1)}), one("B", "int", 3), one("C", "text", "far")]
    with compared_sets(sets) as found:
        (rows,) = found.there.ask(found.table).portions
        assert [(row[0], row[3]) for row in rows] == [(sets[1], "3"), (sets[2], "far")]


def test_the_first_ten_names_of_many_are_told(place: Callable[[str], str]) -> None:
    many = {f"c{i:02d}": costing(1) for i in range(15)}
    few = {"c14": costing(1)}
    with compared_sets([made(place("A"), many), made(place("B"), few)]) as found:
        assert left_out(found) == {"base_only": (14, tuple(sorted(many)[:10]))}


def test_several_sets_stand_beside_the_base(place: Callable[[str], str]) -> None:
    sets = [made(place(str(cny)), {"a": costing(cny)}) for cny in (1, 3, 7)]
    with compared_sets(sets) as found:
        assert [(row.result, row.difference) for row in found.rows] == [(sets[1], 2), (sets[2], 6)]
        document = found.document()
    assert document["kind"] == "batch"
    assert (document["verb"], document["base"]) == ("optimise", sets[0])
    assert document["results"] == sets[1:]
    assert [counts["result"] for counts in document["cases"]] == sets[1:]


# --- laws

NUMBER = st.none() | st.floats(-1e6, 1e6, allow_nan=False).map(lambda x: round(x, 3))
TABLE = st.dictionaries(
    st.sampled_from("abcdef"),
    st.fixed_dictionaries({"cost": NUMBER, "co2": NUMBER, "flow": st.floats(0, 100).map(round)}),
    min_size=1,
)


def drawn(address: str, table: dict[str, dict[str, Any]]) -> str:
    return made(address, {
        name: {
            "indicators": [indicator("cost", own["cost"]), indicator("waste_left", own["co2"])],
            "flows": [flow("ash", float(own["flow"]))] if own["flow"] else [],
        }
        for name, own in table.items()
    })  # fmt: skip


@settings(max_examples=10)
@given(TABLE)
def test_a_set_does_not_differ_from_itself(table: dict[str, dict[str, Any]]) -> None:
    address = drawn(places()("A"), table)
    with compared_sets([address, address]) as found:
        assert not any(row.changed for row in found.rows)
        assert {row.difference for row in found.rows} <= {0.0}
        assert not found.left_out
        assert not found.asked_otherwise


@settings(max_examples=10)
@given(TABLE, TABLE)
def test_the_other_way_round_every_difference_is_its_negative(
    one: dict[str, dict[str, Any]], two: dict[str, dict[str, Any]]
) -> None:
    place = places()
    sets = [drawn(place("A"), one), drawn(place("B"), two)]
    with compared_sets(sets) as forth, compared_sets(sets[::-1]) as back:
        pairs = list(zip(forth.rows, back.rows, strict=True))
        assert [counts.compared for counts in forth.cases] == [
            counts.compared for counts in back.cases
        ]
    for ahead, behind in pairs:
        assert (ahead.id, ahead.n, ahead.base) == (behind.id, behind.n, behind.other)
        assert (ahead.rise, ahead.fall, ahead.stay) == (behind.fall, behind.rise, behind.stay)
        assert (ahead.base_only, ahead.other_only) == (behind.other_only, behind.base_only)
        assert ahead.smallest_case == behind.greatest_case
        if ahead.n:
            assert ahead.difference == pytest.approx(-behind.difference)
            assert ahead.smallest == -behind.greatest
            assert ahead.median == pytest.approx(-behind.median)


# --- much


def test_the_long_table_comes_in_portions(
    place: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """300 cases with a cost: 300 rows in order of their names, never more than 7 at a time."""
    monkeypatch.setattr(query, "BATCH_ROWS", 7)
    cases = {f"c{i:03d}": costing(float(i)) for i in range(300)}
    base, other = made(place("A"), cases), made(place("B"), cases)
    with compared_sets([base, other]) as found:
        portions = list(found.there.ask(found.table).portions)
    assert max(map(len, portions)) == 7
    assert [row[1] for part in portions for row in part] == sorted(cases)


# --- what else was asked, and what cannot be compared


def test_what_manifests_say_otherwise_is_told(place: Callable[[str], str]) -> None:
    base = made(place("A"), {"a": costing(1)})
    said = {
        "version": "2",
        "seed": 5,
        "solver": {"highspy": "1", "swiglpk": "5"},
        "inputs": [
            {"scenario": "s", "sha256": "0123456789", "options": {"objective": "utilisation"}},
            {"scenario": "t", "sha256": "0000000000", "options": {"objective": "cost", "by": 2030}},
        ],
    }
    other = made(place("B"), {"a": costing(1)}, said=said)
    told = {
        row["key"]: (row["base"], row["other"]) for row in asked(base, other)["asked_otherwise"]
    }
    assert told == {
        "version": ("1", "2"),
        "seed": (0, 5),
        "objective": ("cost", ["utilisation", "cost"]),
        "by": (None, 2030),
        "solver": ("highspy 1", "highspy 1 swiglpk 5"),
        "inputs": ([], ["t 00000000"]),
    }


def codes(*addresses: str) -> list[str]:
    with pytest.raises(InputError) as caught, compared_sets(addresses):
        pass
    return [problem.code for problem in caught.value.problems]


def test_sets_of_other_verbs_are_refused(place: Callable[[str], str]) -> None:
    base = made(place("A"), {"a": costing(1)})
    other = made(place("B"), {"a": {}}, "plan")
    assert codes(base, other) == ["results_unlike"]
    with pytest.raises(InputError, match="what was done with each case is plan there"):
        asked(base, other)


def test_a_set_alone_is_refused(place: Callable[[str], str]) -> None:
    assert codes(made(place("A"), {"a": costing(1)})) == ["compare_two"]


def test_what_is_no_set_and_a_set_without_a_part_hold_no_result(
    place: Callable[[str], str],
) -> None:
    base, empty = made(place("A"), {"a": costing(1)}), made(place("E"), {})
    assert codes(base, place("nothing")) == ["not_a_result_set"]
    assert codes(place("nothing"), base) == ["not_a_result_set"]
    assert codes(base, empty) == ["not_a_result_set"]
    assert not is_set(place("nothing"))
    assert is_set(base)


def test_an_address_that_cannot_be_reached_is_told(
    place: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is not taken for a folder without a result."""

    def unreached(_: Place, __: str) -> bytes:
        raise OSError(5, "the store does not answer")

    base = made(place("A"), {"a": costing(1)})
    monkeypatch.setattr(Place, "read", unreached)
    with pytest.raises(InputError, match=r"cannot be reached.*the store does not answer"):
        is_set(base)


def test_a_damaged_set_is_named(place: Callable[[str], str]) -> None:
    base, other = (made(place(name), {"a": costing(1)}) for name in "AB")
    where = Place.at(other)
    where.write("flows/part-000001.parquet", b"cut off")
    assert codes(base, other) == ["batch_damaged"]
    where.write("manifest.json", b"{")
    assert codes(base, other) == ["broken_result"]


@pytest.mark.parametrize("key", ["verb", "axes", "inputs", "solver"])
def test_a_manifest_of_another_version_is_named_with_what_it_lacks(
    place: Callable[[str], str], key: str
) -> None:
    base, other = (made(place(name), {"a": costing(1)}) for name in "AB")
    where = Place.at(other)
    manifest = json.loads(where.read("manifest.json"))
    where.write(
        "manifest.json", json.dumps({k: manifest[k] for k in manifest if k != key}).encode()
    )
    assert codes(base, other) == ["result_lacks"]


def test_a_verb_that_does_not_exist_is_a_fault_of_the_manifest(place: Callable[[str], str]) -> None:
    odd = made(place("A"), {"a": costing(1)})
    text = Place.at(odd).read("manifest.json").replace(b'"optimise"', b'"dream"')
    Place.at(odd).write("manifest.json", text)
    assert codes(odd, odd) == ["result_lacks"]


def test_tables_of_another_version_are_named_with_what_they_lack(
    place: Callable[[str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from symbiosis.batch import tables

    base = made(place("A"), {"a": costing(1)})
    short = {k: v for k, v in tables.OPTIMISE["summary"].items() if k != "money_year"}
    with monkeypatch.context() as earlier:
        earlier.setitem(tables.OPTIMISE, "summary", short)  # type: ignore[arg-type]
        old = made(place("B"), {"a": costing(1)})
    with pytest.raises(InputError, match="summary has no 'money_year'"):
        asked(base, old)


def test_indicators_are_chosen_for_simulations_alone(place: Callable[[str], str]) -> None:
    base = made(place("A"), {"a": costing(1)})
    with pytest.raises(InputError, match="a comparison of 'optimise' has them all"):
        asked(base, base, "cost")
