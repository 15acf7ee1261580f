"""What is read from an optimum: indicators, calibration, grades, tables, graph; by hand."""

import pytest

from symbiosis.calibration import CalibrationRow, calibrate, verdict
from symbiosis.grading import grading_of
from symbiosis.indicators import indicators_of
from symbiosis.network import between_enterprises, network_of
from symbiosis.optimum import Optimum
from symbiosis.park.link import Status
from symbiosis.park.park import Park
from symbiosis.tables import tables_of
from tests.model.parks import (
    accept,
    byproduct,
    link,
    makes,
    material,
    named,
    needs,
    park,
    solve,
    use,
)

EXISTING = frozenset({Status.EXISTING})


def plain(**sections: object) -> Park:
    """100 t of slag for a need of 80 t at 1.25 t/t: 64 t are sent over a belt and replace 80 t."""
    return park(
        {
            "works": makes(slag=byproduct("100 t/a", "3 CNY/t")),
            "cement": needs(blend=use("80 t/a", accepts={"slag": accept("1.25 t/t")})),
        },
        {
            "belt": link("works.slag", "cement.blend", cost="5 CNY/t", observed="60 t/a"),
            "haul": link(
                "works.slag", "cement.blend", cost="9 CNY/t", status="planned", observed="10 t/a"
            ),
        },
        **sections,
    )


# --- indicators


def test_every_rate_stands_with_its_numerator_and_denominator() -> None:
    """R = 64/100; 36 t are left; 80 t of virgin material are replaced; 64 x 5 + 36 x 3 CNY."""
    found = {row.id: row for row in indicators_of(solve(plain()))}
    rate = found["utilisation_rate"]
    assert rate.value == pytest.approx(0.64)
    assert (rate.numerator, rate.denominator) == (pytest.approx(64), pytest.approx(100))
    assert found["used_share.slag"].value == pytest.approx(0.64)
    assert found["waste_left"].value == pytest.approx(36)
    assert found["virgin_material_replaced"].value == pytest.approx(80)
    assert found["cost"].value == pytest.approx(428)


def with_hazard(unit: str) -> Optimum:
    """40 t of hazardous dust are all used, 60 units of hazardous acid not at all."""
    return solve(
        park(
            {
                "works": makes(
                    slag="100 t/a", dust="40 t/a", acid=byproduct(f"60 {unit}/a", counted=unit)
                ),
                "smelter": needs(charge=use("40 t/a", "dust")),
            },
            {"dust": link("works.dust", "smelter.charge")},
            {
                "dust": material(waste_class="hazardous"),
                "acid": material("liquid", unit, "hazardous"),
            },
        )
    )


def test_hazardous_waste_has_a_rate_of_its_own() -> None:
    """40 of 100 t."""
    found = {row.id: row for row in indicators_of(with_hazard("t"))}
    assert found["used_share_of_hazardous_waste"].value == pytest.approx(0.4)
    assert found["utilisation_rate"].value == pytest.approx(0.0)


def test_tonnes_and_cubic_metres_are_not_added() -> None:
    """40 t of dust and 60 m3 of acid: there is no share of 100 of anything."""
    rows = indicators_of(with_hazard("m3"))
    assert all(row.denominator != pytest.approx(100) for row in rows if "hazardous" in row.id)


# --- calibration


def rows(found: Optimum) -> dict[str, CalibrationRow]:
    return {row.id: row for row in calibrate(found)}


def published(value: str, **modelled: object) -> dict[str, object]:
    return {
        "row": named("row", scope="park", published=value, modelled=modelled),
    }


@pytest.mark.parametrize(
    ("value", "modelled", "expected", "unit"),
    [
        ("64 %", {"rate": True}, 0.64, "1"),
        ("50 %", {"used_share": ["works.slag"]}, 0.64, "1"),
        ("70 t/a", {"used": ["works.slag"]}, 64, "t"),
        ("100 t/a", {"generated": ["works.slag"]}, 100, "t"),
        ("64 t/a", {"filled": ["cement.blend"]}, 64, "t"),
        ("90 t/a", {"need": ["cement.blend"]}, 80, "t"),
        ("60 t/a", {"intake": ["belt"]}, 64, "t"),
    ],
)
def test_a_published_number_stands_beside_the_model(
    value: str, modelled: dict[str, object], expected: float, unit: str
) -> None:
    row = rows(solve(plain(calibration=published(value, **modelled))))["row"]
    assert row.modelled == pytest.approx(expected)
    assert row.unit == unit
    assert row.gap == pytest.approx(expected - float(row.published or 0))


def test_an_observed_flow_stands_beside_the_model_and_an_idle_or_closed_link_says_so() -> None:
    """60 t reported and 64 t modelled on the belt; the truck is idle, or not open."""
    everything, today = solve(plain()), solve(plain(), opened=EXISTING)
    assert rows(everything)["belt"].gap == pytest.approx(4)
    assert rows(everything)["haul"].verdict == "model_lower"
    assert rows(today)["haul"].verdict == "not_compared"
    assert rows(today)["haul"].modelled is None


@pytest.mark.parametrize(
    ("one", "other", "name"),
    [
        (100, 105, "agrees"),
        (100, 94, "model_lower"),
        (100, 106, "model_higher"),
        (None, 1, "not_compared"),
        (1, None, "not_compared"),
        (0, 0, "agrees"),
    ],
)
def test_every_gap_has_a_name(one: float | None, other: float | None, name: str) -> None:
    assert verdict(one, other) == name


def test_an_observed_flow_is_read_on_the_basis_of_the_material() -> None:
    """100 t wet with 20 % of water are 80 t dry: the model's 80 t agree."""
    found = solve(
        park(
            {"works": makes(sludge="80 t/a"), "kiln": needs(clay=use("90 t/a", "sludge"))},
            {"haul": link("works.sludge", "kiln.clay", observed="100 t wet/a")},
            {"sludge": material(basis="dry", moisture="20 %")},
        )
    )
    assert rows(found)["haul"].published == pytest.approx(80)
    assert rows(found)["haul"].verdict == "agrees"


# --- grades


def graded(value: str, grade: str, checked: str = "seen") -> dict[str, str]:
    return {"value": value, "grade": grade, "checked": checked}


def test_a_tonne_rests_on_its_weakest_number() -> None:
    """Generation A, need B, ratio B recalled and so C, link B: all 64 t used rest on C.

    Of the waste 100 t rest on A and 300 t of clay, without any grade, on D.
    """
    blend = use("", accepts={"slag": accept("1.25 t/t")})
    blend["accepts"]["slag"]["ratio"] = graded("1.25 t/t", "B", "recalled")
    blend["full_load"] = graded("80 t/a", "B")
    slag = byproduct()
    slag["full_load"] = graded("100 t/a", "A")
    found = solve(
        park(
            {"works": makes(slag=slag, clay="300 t/a"), "cement": needs(blend=blend)},
            {"belt": link("works.slag", "cement.blend", grade="B")},
        )
    )
    grading = grading_of(found)
    assert grading.generated == pytest.approx({"A": 0.25, "B": 0, "C": 0, "D": 0.75})
    assert grading.utilised == pytest.approx({"A": 0, "B": 0, "C": 1.0, "D": 0})
    assert grading.weak_generated == pytest.approx(0.75)
    assert grading.weak_utilised == pytest.approx(1.0)


# --- tables and graph


def test_the_tables_close() -> None:
    """Flows, disposal and by-products say the same tonnes; costs add up to the cost."""
    found = solve(plain())
    tables = tables_of(found)
    flow = tables["flows"][0]
    assert (flow["link"], flow["from"], flow["to"]) == ("belt", "works", "cement")
    assert flow["amount_t"] == pytest.approx(64)
    assert flow["counted_as_utilised_t"] == pytest.approx(64)
    assert tables["disposal"][0]["amount_t"] == pytest.approx(36)
    made = next(row for row in tables["byproducts"] if row["byproduct"] == "works.slag")
    assert made["generated"] == pytest.approx(made["used"] + made["left"])
    assert sum(row["cost_cny"] for row in tables["costs"]) == pytest.approx(found.cost_cny)


def test_the_graph_has_every_enterprise_and_every_open_link() -> None:
    found = solve(plain())
    network = network_of(found.park, found.data, found.point.sent)
    merged = between_enterprises(network)
    assert set(merged.nodes) == {"works", "cement"}
    ways = {(start, end, key[0]) for start, end, key in merged.edges(keys=True)}
    assert ways == {("works", "cement", "belt"), ("works", "cement", "haul")}
    amounts = {d["link"]: d["amount"] for _, _, d in merged.edges(data=True)}
    assert amounts["belt"] == pytest.approx(64)
