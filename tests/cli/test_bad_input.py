"""Bad input, typed as real files: exit code 2, one list of all errors, never a traceback."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

Run = Callable[..., object]
EXPANDING = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in pairwise("abcdefghi")
)

BROKEN = {
    "a misspelt key": (
        "    role: anchor\n",
        "    rolle: anchor\n",
        ("enterprises.smelter.rolle", "unknown key 'rolle'", "Did you mean 'role'?"),
    ),
    "a missing key": (
        "    role: anchor\n",
        "",
        ("enterprises.smelter.role", "the key 'role' is missing"),
    ),
    "a missing unit": (
        "handling: 5 CNY/t",
        "handling: 5",
        ("transport.road.handling", "'5' has no unit", "CNY/t"),
    ),
    "an unknown unit": (
        "handling: 5 CNY/t",
        "handling: 5 CNY/tonn",
        ("transport.road.handling", "is not a unit", "tonn"),
    ),
    "a wrong dimension": (
        'full_load: {value: "100,000 t/a"',
        'full_load: {value: "100,000 GJ/a"',
        ("byproducts.ash.full_load", "'100,000 GJ/a' has the wrong dimension; expected t/a"),
    ),
    "a link to an unknown enterprise": (
        "byproduct: smelter.slag",
        "byproduct: smelterr.slag",
        ("links.slag_cement.byproduct", "'smelterr'", "Did you mean 'smelter'?", "power"),
    ),
    "a link to an unknown use": (
        "uses: [cement.blend]\n    status: potential",
        "uses: [cement.blen]\n    status: potential",
        ("links.slag_cement.uses", "'cement.blen'", "Did you mean 'cement.blend'?"),
    ),
    "a duplicate id": (
        "  slag_cement:\n",
        "  ash_cement:\n",
        ("links", "the key 'ash_cement' stands twice"),
    ),
    "a share above 1": (
        "ash: {ratio: 1 t/t, max_share: 50 %}",
        "ash: {ratio: 1 t/t, max_share: 150 %}",
        ("accepts.ash.max_share", "'150 %' is above 100%"),
    ),
    "a negative amount": (
        "full_load: 120,000 t/a",
        "full_load: -120,000 t/a",
        ("uses.blend.full_load", "'-120,000 t/a' is below 0"),
    ),
    "not a number": (
        "distance: 20 km",
        "distance: .nan km",
        ("links.slag_cement.distance", "'.nan km' is not a finite number"),
    ),
    "a bare NaN": (
        "distance: 20 km",
        "distance: .nan",
        ("links.slag_cement.distance",),
    ),
    "an unknown status": (
        "status: potential",
        "status: potental",
        ("links.slag_cement.status", "Did you mean 'potential'?", "existing, planned"),
    ),
    "an unknown source": (
        "source: handbook, grade: B, checked: seen, year: 2020}\n            tax",
        "source: handbok, grade: B, checked: seen, year: 2020}\n            tax",
        ("full_load.source", "'handbok'", "Did you mean 'handbook'?"),
    ),
}
"""What is typed: text of the sound file, what stands in its place, what the error must say."""


@pytest.mark.parametrize("what", BROKEN)
def test_an_error_names_file_line_key_and_what_is_allowed(what: str, run: Run, tiny: Path) -> None:
    sound, broken, said = BROKEN[what]
    text = tiny.read_text(encoding="utf-8")
    assert text.count(sound) == 1
    tiny.write_text(text.replace(sound, broken), encoding="utf-8")
    ran = run("check", "tiny.yaml")
    assert ran.code == 2
    assert "Traceback" not in ran.err
    line = text[: text.index(sound)].count("\n") + 1
    places = [f"tiny.yaml:{number}:" for number in range(line - 7, line + 3)]
    assert any(place in ran.err for place in places), ran.err
    assert all(part in ran.err for part in said), ran.err


@pytest.mark.parametrize("what", BROKEN)
def test_every_error_is_said_in_chinese_and_stops_every_command(
    what: str, run: Run, tiny: Path
) -> None:
    sound, broken, _ = BROKEN[what]
    tiny.write_text(tiny.read_text(encoding="utf-8").replace(sound, broken), encoding="utf-8")
    ran = run("optimise", "tiny.yaml", "--lang", "zh", "--json")
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert ran.json["ok"] is False
    assert all(any(sign >= "\u4e00" for sign in row["message"]) for row in ran.json["errors"])


def test_a_wrong_indent_is_named_with_its_line(run: Run, tiny: Path) -> None:
    lines = tiny.read_text(encoding="utf-8").splitlines()
    number = next(i for i, line in enumerate(lines) if line.strip() == "role: anchor")
    lines[number] = "      role: anchor"
    tiny.write_text("\n".join(lines), encoding="utf-8")
    ran = run("check", "tiny.yaml")
    assert ran.code == 2
    assert f"tiny.yaml:{number + 1}" in ran.err or f"tiny.yaml:{number}" in ran.err


@pytest.mark.parametrize(("broken", "said"), [(1, "tiny.yaml: 1 error"), (2, "2 errors")])
def test_one_error_is_one_error_and_not_one_errors(
    broken: int, said: str, run: Run, tiny: Path
) -> None:
    text = tiny.read_text(encoding="utf-8")
    for what in ("a share above 1", "a missing unit")[:broken]:
        text = text.replace(*BROKEN[what][:2])
    tiny.write_text(text, encoding="utf-8")
    assert run("check", "tiny.yaml", "--lang", "en").out.strip().endswith(said)


def test_several_errors_in_several_files_are_all_shown(run: Run, tiny: Path) -> None:
    """Four mistakes in one file, one in another: five errors, in the order of the files."""
    text = tiny.read_text(encoding="utf-8")
    for what in ("a misspelt key", "a share above 1", "a missing unit", "an unknown status"):
        text = text.replace(*BROKEN[what][:2])
    tiny.write_text(text, encoding="utf-8")
    tiny.with_name("empty.yaml").write_text("", encoding="utf-8")
    ran = run("check", "tiny.yaml", "empty.yaml", "--json")
    assert ran.code == 2
    errors = [row for row in ran.json["errors"] if row["code"] != "missing_key"]
    assert [row["code"] for row in errors] == [
        "no_unit",
        "unknown_key",
        "too_large",
        "not_allowed",
        "file_empty",
    ]
    assert all(set(row) >= {"file", "line", "key", "message", "hint"} for row in errors)
    first_four = [row["line"] for row in errors[:4]]
    assert first_four == sorted(first_four)


FILES = {
    "empty": (b"", "the file is empty"),
    "binary": (bytes(range(256)), "not"),
    "control characters": (b"a: \x07\n", "not text"),
    "gbk": ("schema_version: 1\nname_zh: 金昌\n".encode("gbk"), "GBK"),
    "endless anchors": (EXPANDING.encode(), "expand"),
    "recursive anchor": (b"a: &a [*a]\n", "own anchor"),
    "code in a tag": (b"a: !!python/object/apply:os.system ['touch owned']\n", "tag"),
    "a list": (b"- a\n- b\n", "a mapping"),
    "a word": (b"hello\n", "a mapping"),
}


@pytest.mark.parametrize("what", FILES)
@pytest.mark.parametrize("verb", ["check", "show", "optimise"])
def test_a_file_that_is_no_park_is_refused(what: str, verb: str, run: Run, tmp_path: Path) -> None:
    data, said = FILES[what]
    (tmp_path / "odd.yaml").write_bytes(data)
    ran = run(verb, "odd.yaml")
    assert ran.code == 2
    assert "odd.yaml" in ran.err
    assert said in ran.err
    assert "Traceback" not in ran.err
    assert not (tmp_path / "owned").exists()


def test_a_large_file_is_refused_before_it_is_read(run: Run, tmp_path: Path) -> None:
    with (tmp_path / "large.yaml").open("wb") as sparse:
        sparse.truncate(50_000_000)
    ran = run("check", "large.yaml")
    assert ran.code == 2
    assert "50.0 MB" in ran.err


@pytest.mark.parametrize("verb", ["show", "optimise", "explain"])
def test_an_unknown_park_names_the_nearest(verb: str, run: Run) -> None:
    ran = run(verb, "jinchnag")
    assert ran.code == 2
    assert "there is no park 'jinchnag'. Did you mean 'jinchang'?" in ran.err


def test_a_scenario_of_another_park_is_refused(run: Run, tiny: Path) -> None:
    ran = run("optimise", tiny, "-s", "jinchang-2015", "--lang", "zh")
    assert ran.code == 2
    assert "jinchang" in ran.err


def test_an_error_in_a_scenario_has_its_line_in_the_scenario(run: Run, tiny: Path) -> None:
    assert run("new", "scenario", "patch", "--park", "tiny.yaml").code == 0
    file = tiny.with_name("patch.yaml")
    text = file.read_text(encoding="utf-8").replace(
        "finance.discount_rate: 6 %", "finance.x.y: 6 %"
    )
    file.write_text(text, encoding="utf-8")
    line = text[: text.index("finance.x.y")].count("\n") + 1
    ran = run("check", "patch.yaml")
    assert ran.code == 2
    assert f"patch.yaml:{line}" in ran.err


def test_check_finds_what_is_wrong_with_the_financing_of_a_scenario(run: Run) -> None:
    """A loan says what it costs and for how long."""
    file = Path("asked.yaml")
    file.write_text(
        "schema_version: 1\nid: asked\npark: jinchang\nname_zh: 试\nname_en: Try\n"
        "retrofit:\n  projects: {yetuo: {}}\n"
        "  finance:\n    own: 1 亿元\n    instruments:\n"
        "      bank: {kind: loan, name_zh: 贷款, name_en: Loan}\n",
        encoding="utf-8",
    )
    ran = run("check", file)
    assert ran.code == 2
    assert "asked.yaml:11: retrofit.finance.instruments.bank" in ran.err
    assert "a loan needs the key 'interest'" in ran.err
