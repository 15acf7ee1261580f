"""What a YAML file says, and on which line."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from symbiosis import yamlfile

HERE = Path("park.yaml")
SCALARS = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(max_size=12)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
TREES = st.recursive(
    SCALARS | FLOATS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(min_size=1, max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)


@pytest.fixture(params=["C", "Python"], autouse=True)
def either_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML comes with libyaml or without; both have to say the same."""
    if request.param == "Python":
        monkeypatch.setattr(yamlfile, "LOADER", yaml.SafeLoader)


def tree(text: str) -> Any:
    return yamlfile.parse(text, HERE).tree


@pytest.mark.parametrize(
    ("written", "value"),
    [
        *(("true", True), ("False", False), ("null", None), ("~", None), ("", None)),
        *(("12", 12), ("-3", -3), ("+4", 4), ("0", 0), ("0o17", 15), ("0x1F", 31)),
        *(("2.5", 2.5), (".5", 0.5), ("2.", 2.0), ("1e3", 1000.0), ("-1.5E-2", -0.015)),
        *((text, text) for text in ("yes", "no", "on", "off", "y", "N", "tRue")),
        *((text, text) for text in ("2015-01-01", "12:30", "010", "1_000", "1e", ".", "-x", "e3")),
        *((text, text) for text in ("35 CNY/t", "4.2 万t/a", "nan", "1.2.3", "9" * 301)),
        *(('"12"', "12"), ("'true'", "true"), ("'~'", "~"), ("'.nan'", ".nan")),
        *(("!!str 12", "12"), ("!!float 3", 3.0), ("!!int 3", 3), ("!!null ~", None)),
        *(("!!map {b: 1}", {"b": 1}), ("!!seq [1]", [1]), ("|\n  two\n  lines", "two\nlines\n")),
    ],
)
def test_scalars_follow_the_core_schema(written: str, value: object) -> None:
    found = tree(f"a: {written}\n")["a"]
    assert found == value
    assert type(found) is type(value)


def test_keys_are_text() -> None:
    assert tree("2015: a\ntrue: b\n1.50: c\n~: d\n'': e\n") == {
        "2015": "a",
        "true": "b",
        "1.50": "c",
        "~": "d",
        "": "e",
    }


def test_every_key_and_item_has_its_line() -> None:
    text = (
        "# park\nname: x\nlinks:\n  - id: a\n    flow: 3\n\n"
        "  - {id: b,\n     flow: 4}\nlast: [1,\n 2]\n"
    )
    document = yamlfile.parse(text, HERE)
    assert document.lines == {
        (): 2,
        ("name",): 2,
        ("links",): 3,
        ("links", 0): 4,
        ("links", 0, "id"): 4,
        ("links", 0, "flow"): 5,
        ("links", 1): 7,
        ("links", 1, "id"): 7,
        ("links", 1, "flow"): 8,
        ("last",): 9,
        ("last", 0): 9,
        ("last", 1): 10,
    }


def test_what_the_file_does_not_have_is_placed_at_what_surrounds_it() -> None:
    document = yamlfile.parse("a: 1\nlinks:\n  - id: a\n", HERE)
    assert document.line(("links", 0, "flow", "value")) == 3
    assert document.line(("prices",)) == 1


def test_an_alias_repeats_its_anchor_with_the_lines_where_it_is_written() -> None:
    """Each place gets a value of its own, so that changing one cannot change the other."""
    document = yamlfile.parse("a: &a\n  x: [1]\nb: *a\n", HERE)
    assert document.tree == {"a": {"x": [1]}, "b": {"x": [1]}}
    assert document.tree["a"]["x"] is not document.tree["b"]["x"]
    assert document.lines["b",] == 3
    assert document.lines["b", "x"] == 2


def test_a_byte_order_mark_and_windows_line_ends_are_accepted(tmp_path: Path) -> None:
    file = tmp_path / "park.yaml"
    file.write_bytes(b"\xef\xbb\xbf" + "名称: 金昌\r\nb: 2\r\n".encode())
    document = yamlfile.read(file)
    assert document.tree == {"名称": "金昌", "b": 2}
    assert document.lines["b",] == 2
    assert document.path == file


def test_a_directive_and_one_document_mark_are_accepted() -> None:
    assert tree("%YAML 1.2\n---\na: 1\n...\n") == {"a": 1}


@given(TREES.filter(lambda value: value is not None))
def test_what_was_written_is_read_again(value: Any) -> None:
    text = yaml.safe_dump(value, allow_unicode=False, default_style='"', sort_keys=False)
    assert tree(text) == value


@given(st.dictionaries(st.text("abc", min_size=1), st.integers(), min_size=1), st.randoms())
def test_the_order_of_the_keys_changes_only_their_lines(
    values: dict[str, int], random: Any
) -> None:
    rows = [f"{key}: {value}\n" for key, value in values.items()]
    random.shuffle(rows)
    document = yamlfile.parse("".join(rows), HERE)
    assert document.tree == values
    assert all(rows[document.lines[key,] - 1] == f"{key}: {values[key]}\n" for key in values)
