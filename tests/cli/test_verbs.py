"""Every verb on real parks, as text in both languages and as JSON."""

from collections.abc import Callable
from pathlib import Path

import pytest

from symbiosis.park.load import bundled, load_park

Run = Callable[..., object]
LANGUAGES = ["zh", "en"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_parks_are_listed_with_their_counts(lang: str, run: Run) -> None:
    park = load_park("jinchang")
    out = run("parks", "--lang", lang).out
    line = next(line for line in out.splitlines() if line.startswith("jinchang"))
    assert ("甘肃" if lang == "zh" else "Gansu") in line
    assert f" {len(park.enterprises)} " in line
    assert f" {len(park.links)} " in line


def test_parks_as_json_are_a_bare_list(run: Run) -> None:
    rows = run("parks", "--json").json
    assert [row["name"] for row in rows] == list(bundled("parks"))
    keys = {"name", "name_zh", "name_en", "province", "enterprises", "links", "projects", "grades"}
    assert all(keys <= set(row) for row in rows)
    assert all(set("ABCD") <= set(row["grades"]) for row in rows)


def test_scenarios_as_json_are_a_bare_list(run: Run) -> None:
    rows = run("scenarios", "--json").json
    assert [row["name"] for row in rows] == list(bundled("scenarios"))
    assert {"jinchang-2015", "jinchang-2025"} <= {row["name"] for row in rows}
    assert next(row for row in rows if row["name"] == "jinchang-2015")["start"] == 2015


@pytest.mark.parametrize("lang", LANGUAGES)
def test_show_has_every_table(lang: str, run: Run, tiny: Path) -> None:
    ran = run("show", tiny, "--lang", lang)
    assert ran.code == 0
    for text in ("power.ash", "cement.blend", "slag_cement", "handbook", "smelter.furnace"):
        assert text in ran.out
    assert ("小园区" if lang == "zh" else "Tiny park") in ran.out


def test_show_as_json_has_its_keys_with_ids_grades_and_units(run: Run, tiny: Path) -> None:
    """The smelter makes 50,000 t/a x 1.2 t/t = 60,000 t/a of slag."""
    shown = run("show", tiny, "--json").json
    keys = ["park", "enterprises", "units", "byproducts", "uses", "links", "projects", "sources"]
    assert list(shown) == ["schema_version", *keys]
    slag = shown["byproducts"]["smelter.slag"]
    assert slag["generated_per_year"] == {"amount": pytest.approx(60_000), "unit": "t/a"}
    link = shown["links"]["ash_cement"]
    assert link["uses"] == ["cement.blend"]
    assert link["observed"] == {
        "amount": 50_000,
        "unit": "t/a",
        "text": "50,000 t/a",
        "year": 2020,
        "source": ["handbook"],
        "grade": "B",
        "checked": "seen",
    }


def test_show_can_be_asked_for_one_table(run: Run, tiny: Path) -> None:
    assert list(run("show", tiny, "--section", "uses", "--json").json) == ["schema_version", "uses"]
    assert "slag_cement" not in run("show", tiny, "--section", "uses").out


@pytest.mark.parametrize("park", bundled("parks"))
def test_every_bundled_park_is_shown(park: str, run: Run) -> None:
    shown = run("show", park, "--json").json
    assert len(shown["enterprises"]) == len(load_park(park).enterprises)
    assert run("show", park).code == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_bundled_file_passes_check(lang: str, run: Run) -> None:
    ran = run("check", *bundled("parks"), *bundled("scenarios"), "--lang", lang)
    assert ran.code == 0
    assert len(ran.out.splitlines()) == len(bundled("parks")) + len(bundled("scenarios"))


def test_check_as_json_has_warnings_that_stop_nothing(run: Run, tiny: Path) -> None:
    """What is doubtful: no treatment uses ``grinding`` any more, and 150,000 t/a were observed."""
    text = tiny.read_text(encoding="utf-8").replace(", treatment: grinding", "")
    text = text.replace('observed: {value: "50,000 t/a"', 'observed: {value: "150,000 t/a"')
    tiny.write_text(text, encoding="utf-8")
    ran = run("check", tiny, "--json")
    assert ran.code == 0
    assert ran.json["ok"] is True
    assert ran.json["errors"] == []
    assert [row["code"] for row in ran.json["warnings"]] == [
        "treatment_unused",
        "observed_above_generation",
    ]
    assert "150,000 t/a" in ran.err
    assert "150,000 t/a" not in run("check", tiny, "-q").err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_doctor_tells_what_is_there(lang: str, run: Run) -> None:
    found = run("doctor", "--json", "--lang", lang).json
    assert {"glpk", "highs"} <= {row["name"] for row in found["backends"]}
    assert all({"name", "version", "available"} <= set(row) for row in found["backends"])
    assert found["python"]
    assert found["fonts"]
    assert run("doctor", "--lang", lang).code == 0


@pytest.mark.parametrize("solver", ["glpk", "highs"])
def test_optimise_gives_the_numbers_worked_out_in_the_file(
    solver: str, run: Run, tiny: Path
) -> None:
    """See tests/data/tiny.yaml: 75 % at 2,300,000 CNY, against 37.5 % at 6,200,000 today."""
    found = run("optimise", tiny, "--solver", solver, "--json").json
    assert found["status"] == "optimal"
    assert found["utilisation_rate"] == pytest.approx(0.75, abs=1e-8)
    assert found["rate"]["numerator_t"] == pytest.approx(120_000, abs=1e-2)
    assert found["rate"]["denominator_t"] == pytest.approx(160_000)
    assert found["cost_cny"] == pytest.approx(2_300_000, abs=1)
    today = found["ladder"][0]
    assert today["utilisation_rate"] == pytest.approx(0.375, abs=1e-8)
    assert today["cost_cny"] == pytest.approx(6_200_000, abs=1)


def test_optimise_has_the_keys_that_scripts_use(run: Run, tiny: Path) -> None:
    keys = {
        "status", "objective", "value", "gap", "utilisation_rate", "rate", "cost_cny", "co2e_t",
        "flows", "disposal", "purchases", "stocks", "indicators", "bottlenecks", "marginals",
        "calibration", "solver", "seconds", "schema_version",
    }  # fmt: skip
    found = run("optimise", tiny, "--json").json
    assert keys <= set(found)
    flow = {"link", "from", "to", "use", "material", "period", "amount", "unit"}
    assert all(flow <= set(row) for row in found["flows"])
    assert run("optimize", tiny, "--json").json["value"] == found["value"]


def test_optimise_for_cost_opens_only_what_it_is_told_to(run: Run, tiny: Path) -> None:
    ran = run("optimise", tiny, "--objective", "cost", "--links", "existing", "--json")
    assert ran.json["objective"] == "cost"
    assert ran.json["cost_cny"] == pytest.approx(6_200_000, abs=1)
    assert {row["link"] for row in ran.json["flows"]} == {"ash_cement"}


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        (
            "zh",
            ["12.0 万t / 16.0 万t = 75.0 %", "现有 + 规划 + 潜在", "230 万元", "★ 潜在", "37.5 %"],
        ),
        ("en", ["120 kt / 160 kt = 75.0 %", "existing + planned + potential", "2.30 million CNY"]),
    ],
)
def test_the_summary_says_it_for_a_manager(
    lang: str, said: list[str], run: Run, tiny: Path
) -> None:
    ran = run("optimise", tiny, "--lang", lang)
    assert ran.code == 0
    assert all(text in ran.out for text in said), ran.out


def test_tables_keep_their_columns_under_wide_characters(run: Run, tiny: Path) -> None:
    """Every line of a table ends its first column in the same cell, two cells per character."""
    from rich.cells import cell_len

    lines = run("show", tiny, "--section", "enterprises", "--lang", "zh").out.splitlines()
    rows = [line for line in lines if line.startswith(("power", "smelter", "cement"))]
    starts = {cell_len(line[: line.index("[" if "[" in line else "park")]) for line in rows}
    assert len(rows) == 3
    assert len(starts) == 1


def test_a_result_is_kept_and_drawn_from_its_frozen_files(run: Run, tiny: Path) -> None:
    """The park file is broken after the run; the picture comes from the kept copy."""
    ran = run("optimise", tiny, "-o", "kept", "-q")
    assert ran.code == 0
    assert ran.err == ""
    folder = tiny.with_name("kept")
    assert (folder / "manifest.json").is_file()
    assert (folder / "network.svg").stat().st_size > 10_000
    assert (folder / "tables" / "flows.csv").is_file()
    tiny.write_text("broken", encoding="utf-8")
    drawn = run("draw", "kept", "--as", "network", "-o", "again.png", "--json")
    assert drawn.json["path"] == str(tiny.with_name("again.png"))
    assert tiny.with_name("again.png").read_bytes().startswith(b"\x89PNG")


def test_a_folder_that_is_no_result_is_not_overwritten(run: Run, tiny: Path) -> None:
    other = tiny.with_name("mine")
    other.mkdir()
    (other / "letter.txt").write_text("keep me")
    ran = run("optimise", tiny, "-o", "mine")
    assert ran.code == 2
    assert "mine" in ran.err
    assert (other / "letter.txt").read_text() == "keep me"
    assert run("draw", "mine", "-o", "a.svg").code == 2


def test_a_park_is_drawn_from_a_result_that_is_kept_beside(run: Run, tiny: Path) -> None:
    ran = run("draw", tiny, "--as", "network", "-o", "pictures/tiny.pdf", "--lang", "zh")
    assert ran.code == 0
    assert (tiny.parent / "pictures" / "tiny.pdf").read_bytes().startswith(b"%PDF")
    assert (tiny.parent / "pictures" / "tiny-result" / "manifest.json").is_file()
    assert "tiny-result" in ran.err


def test_what_cannot_be_written_is_wrong_input(run: Run, tiny: Path) -> None:
    ran = run("optimise", tiny, "-o", tiny / "below-a-file")
    assert ran.code == 2
    assert "cannot be written" in ran.err


@pytest.mark.parametrize("lang", LANGUAGES)
def test_explain_says_what_holds_the_ash_back(lang: str, run: Run, tiny: Path) -> None:
    """40,000 t of ash are left: at most half of the blend may be ash, and the blend is full."""
    found = run("explain", tiny, "--json", "--lang", lang).json
    (ash,) = found["byproducts"]
    assert (ash["producer"], ash["material"], ash["unit"]) == ("power", "ash", "t")
    assert ash["used"] == pytest.approx(60_000, abs=1e-2)
    assert ash["remedies"] == []
    codes = {reason["code"] for reason in ash["reasons"]}
    assert {"share_limit", "taker_full"} <= codes
    assert {"code", "text", "constraint", "marginal", "unit"} <= set(ash["reasons"][0])
    assert ("粉煤灰" if lang == "zh" else "fly ash") in run("explain", tiny, "--lang", lang).out


def test_explain_can_be_asked_for_one_material(run: Run, tiny: Path) -> None:
    assert run("explain", tiny, "--material", "slag", "--json").json["byproducts"] == []
    refused = run("explain", tiny, "--material", "slga")
    assert refused.code == 2
    assert "Did you mean 'slag'?" in refused.err


@pytest.mark.parametrize("solver", ["glpk", "highs"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_cannot_be_met_ends_with_1_and_names_who(
    solver: str, lang: str, run: Run, tiny: Path
) -> None:
    """The yard takes 10,000 t/a and the cement works 60,000 t of 100,000 t of ash."""
    text = tiny.read_text(encoding="utf-8")
    narrow = "cost: 20 CNY/t, compliant: true, capacity: 10,000 t/a}"
    text = text.replace("cost: 20 CNY/t, compliant: true}", narrow.replace("10,000", "1 万"))
    tiny.write_text(text, encoding="utf-8")
    ran = run("optimise", tiny, "--solver", solver, "--lang", lang, "--json")
    assert ran.code == 1
    assert ran.json["ok"] is False
    assert ran.json["errors"]
    assert ("热电厂" if lang == "zh" else "power plant") in ran.err
