"""A command line that cannot be read: exit code 2, the nearest name, in the language asked for."""

from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., object]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["optimize-it"], "there is no verb 'optimize-it'. Did you mean 'optimise'?"),
        (["show", "jinchang", "--sectoin", "x"], "Did you mean '--section'?"),
        (["show"], "PARK is missing"),
        (["draw", "jinchang"], "--output / -o is missing"),
        (["show", "jinchang", "more"], "the command line cannot be read"),
        (["show", "jinchang", "--section"], "cannot be read"),
        (["show", "jinchang", "--section", "link"], "Did you mean 'links'? Allowed: park,"),
        (["parks", "--lang", "fr"], "--lang: 'fr' is not allowed here. Allowed: zh, en."),
        (["schema", "pakr"], "Did you mean 'park'?"),
        (["new", "parc", "a"], "Did you mean 'park'?"),
        (["new", "park", "../a"], "'../a' cannot be an id"),
        (["new", "park", "Ä"], "cannot be an id"),
        (["draw", "jinchang", "-o", "a.gif"], "Allowed: .svg, .png, .pdf."),
        (["draw", "jinchang", "--as", "sankey", "-o", "a.svg"], "Allowed: network, gantt, years."),
    ],
)
def test_the_nearest_or_what_is_allowed_is_named(arguments: list[str], said: str, run: Run) -> None:
    ran = run(*arguments)
    assert ran.code == 2
    assert ran.out == ""
    assert said in ran.err


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [
        ("--objective", "cots", "Did you mean 'cost'? Allowed: utilisation, cost, carbon."),
        ("--solver", "gplk", "glpk"),
        ("--links", "planed", "Did you mean 'planned'?"),
        ("--boundary", "prak", "Did you mean 'park'?"),
        ("--document", "x", "Allowed: practice."),
        ("--time-limit", "soon", "--time-limit"),
        ("--time-limit", "-1", "--time-limit"),
        ("--scenario", "jinchang-2051", "jinchang-20"),
    ],
)
def test_a_wrong_option_of_optimise_is_refused(
    option: str, value: str, said: str, run: Run, tiny: Path
) -> None:
    ran = run("optimise", tiny, option, value)
    assert ran.code == 2
    assert said in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("value", ["0", "-1", "many", "1025", "1.5"])
@pytest.mark.parametrize(
    ("lang", "said"),
    [("en", "--workers: this takes a number from 1 to 1024"),
     ("zh", "--workers: 应为 1 到 1024 之间的数")],
)  # fmt: skip
def test_an_option_says_which_numbers_it_takes(
    value: str, lang: str, said: str, run: Run, tiny: Path
) -> None:
    ran = run("batch", tiny, "-o", "set", "--workers", value, "--lang", lang)
    assert (ran.code, ran.err) == (2, said + "\n")


@pytest.mark.parametrize(("lang", "said"), [("en", "at least 0.001"), ("zh", "不小于 0.001")])
def test_an_option_without_a_greatest_number_says_the_least(
    lang: str, said: str, run: Run, tiny: Path
) -> None:
    ran = run("optimise", tiny, "--time-limit", "soon", "--lang", lang)
    assert (ran.code, said in ran.err) == (2, True)


def test_a_solver_that_is_not_installed_is_wrong_input(run: Run, tiny: Path) -> None:
    ran = run("optimise", tiny, "--solver", "cbc")
    assert ran.code == 2
    assert "the solver 'cbc' is not installed" in ran.err


@pytest.mark.parametrize("arguments", [["--lang", "zh", "pakrs"], ["pakrs", "--lang=zh"]])
def test_misuse_is_said_in_the_language_asked_for(arguments: list[str], run: Run) -> None:
    assert "没有命令“pakrs”。是否想写“parks”？" in run(*arguments).err


def test_misuse_with_json_is_one_document_besides(run: Run) -> None:
    ran = run("show", "jinchang", "--sectoin", "x", "--json")
    assert ran.code == 2
    assert ran.json["ok"] is False
    assert ran.json["schema_version"] == 1
    assert ran.json["errors"][0]["code"] == "no_such_option"
    assert "--section" in ran.err


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "verb",
    ["parks", "scenarios", "show", "check", "new", "schema", "doctor", "optimise", "optimize",
     "explain", "draw"],
)  # fmt: skip
def test_every_verb_explains_itself(verb: str, lang: str, run: Run) -> None:
    ran = (
        run(verb, "--help", "--lang", lang) if lang == "en" else run("--lang", lang, verb, "--help")
    )
    assert ran.code == 0
    assert ("用法：" if lang == "zh" else "Usage:") in ran.out
    for option in ("--json", "--lang", "--quiet", "--verbose"):
        assert option in ran.out


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_help_lists_the_verbs_in_order(arguments: list[str], run: Run) -> None:
    ran = run(*arguments)
    assert ran.code == 0
    places = [ran.out.index(f"  {verb} ") for verb in ("parks", "check", "optimise", "draw")]
    assert places == sorted(places)
    assert "optimize" not in ran.out


def test_the_version_is_told(run: Run) -> None:
    assert run("--version").out.startswith("symbiosis ")
