"""``new`` and ``schema``: what a beginner starts from."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symbiosis import yamlfile
from symbiosis.park.load import bundled
from symbiosis.schema import schema_of
from symbiosis.template import is_id, park_text, scenario_text

Run = Callable[..., object]
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_new_park_passes_check_without_a_warning_and_optimises(lang: str, run: Run) -> None:
    """10 万t of ash: 60 % of 8 万t goes into cement and 70 % of 5 万t into bricks, 8.3 in all."""
    assert run("new", "park", "my-park", "--lang", lang).code == 0
    checked = run("check", "my-park.yaml", "--json").json
    assert checked["ok"] is True
    assert checked["warnings"] == []
    found = run("optimise", "my-park.yaml", "--json").json
    assert found["utilisation_rate"] == pytest.approx(0.83, abs=1e-8)


@pytest.mark.parametrize("park", [*bundled("parks"), "my-park.yaml"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_new_scenario_of_any_park_passes_check(park: str, lang: str, run: Run) -> None:
    assert run("new", "park", "my-park").code == 0
    written = run("new", "scenario", "my-scenario", "--park", park, "--lang", lang)
    assert written.code == 0
    assert run("check", "my-scenario.yaml").code == 0


def test_the_commented_examples_of_a_scenario_hold_too(run: Run, tmp_path: Path) -> None:
    """Every example behind a comment sign is made active; the changed park is still sound."""
    assert run("new", "park", "my-park").code == 0
    text = scenario_text("all", str(tmp_path / "my-park.yaml"), "en")
    head, _, rest = text.partition("# boundary:")
    active = head + "boundary:" + rest.replace("# document:", "document:").replace("  # ", "  ")
    active = active.replace("# add:\n#   sources:\n#     my", "add:\n  sources:\n    my")
    (tmp_path / "all.yaml").write_text(active, encoding="utf-8")
    ran = run("check", "all.yaml", "--json")
    assert ran.json["errors"] == []


def test_both_languages_write_the_same_data() -> None:
    trees = [yamlfile.parse(park_text("x", lang), Path("x.yaml")).tree for lang in ("zh", "en")]
    assert trees[0] == trees[1]
    texts = [scenario_text("x", "jinchang", lang) for lang in ("zh", "en")]
    trees = [yamlfile.parse(text, Path("x.yaml")).tree for text in texts]
    assert trees[0] == trees[1]


def test_a_file_is_not_overwritten_unasked(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("keep me")
    refused = run("new", "park", "mine")
    assert refused.code == 2
    assert "--force" in refused.err
    assert (tmp_path / "mine.yaml").read_text() == "keep me"
    assert run("new", "park", "mine", "--force", "--json").json["path"] == str(
        tmp_path / "mine.yaml"
    )
    assert (tmp_path / "mine.yaml").read_text(encoding="utf-8") != "keep me"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.yaml"]


def test_a_scenario_of_an_unknown_park_is_not_written(run: Run, tmp_path: Path) -> None:
    refused = run("new", "scenario", "mine", "--park", "jinchnag")
    assert refused.code == 2
    assert "Did you mean 'jinchang'?" in refused.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "fits"),
    [("a", True), ("my-park-2", True), ("2a", True), ("-a", False), ("A", False), ("", False),
     ("a b", False), ("a/b", False), ("a\n", False), ("金昌", False)],
)  # fmt: skip
def test_an_id_is_small_letters_digits_and_hyphens(name: str, fits: bool) -> None:
    assert is_id(name) is fits


def misfit(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str = "") -> str:
    """Where ``value`` does not fit a schema of the kind that pydantic writes; empty if it does."""
    if "$ref" in schema:
        return misfit(value, root["$defs"][schema["$ref"].rpartition("/")[2]], root, at)
    if "anyOf" in schema:
        found = [misfit(value, option, root, at) for option in schema["anyOf"]]
        return "" if "" in found else max(found, key=len)
    if "enum" in schema and value not in schema["enum"]:
        return f"{at}: {value!r} is none of {schema['enum']}"
    kinds = {
        "object": dict, "array": list, "string": str, "integer": int, "number": (int, float),
        "boolean": bool, "null": type(None),
    }  # fmt: skip
    if "type" in schema and not isinstance(value, kinds[schema["type"]]):
        return f"{at}: {value!r} is no {schema['type']}"
    if isinstance(value, list):
        inner = (misfit(item, schema.get("items", {}), root, f"{at}[]") for item in value)
        return next((text for text in inner if text), "")
    return misfit_of_mapping(value, schema, root, at) if isinstance(value, dict) else ""


def misfit_of_mapping(value: Any, schema: dict[str, Any], root: dict[str, Any], at: str) -> str:
    missing = set(schema.get("required", ())) - set(value)
    if missing:
        return f"{at}: {missing} missing"
    known, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for key, inner in value.items():
        if key not in known and others is False:
            return f"{at}.{key}: unknown"
        own = known.get(key, others if isinstance(others, dict) else {})
        if text := misfit(inner, own, root, f"{at}.{key}"):
            return text
    return ""


@pytest.mark.parametrize(
    ("kind", "file"),
    [*(("park", path) for path in bundled("parks").values()),
     *(("scenario", path) for path in bundled("scenarios").values()),
     ("park", ROOT / "tests" / "data" / "tiny.yaml")],
)  # fmt: skip
def test_the_schema_fits_the_bundled_files(kind: str, file: Path) -> None:
    schema = schema_of(kind)
    assert misfit(yamlfile.read(file).tree, schema, schema) == ""


def test_the_schema_refuses_what_check_refuses() -> None:
    schema = schema_of("park")
    tree = yamlfile.read(ROOT / "tests" / "data" / "tiny.yaml").tree
    assert "rolle" in misfit(tree | {"rolle": 1}, schema, schema)
    assert "missing" in misfit({k: v for k, v in tree.items() if k != "id"}, schema, schema)


@pytest.mark.parametrize("kind", ["park", "scenario"])
def test_the_schema_is_printed_with_title_and_draft(kind: str, run: Run) -> None:
    schema = run("schema", kind).json
    assert schema["title"] == f"symbiosis {kind}"
    assert schema["$schema"].startswith("https://json-schema.org/")
