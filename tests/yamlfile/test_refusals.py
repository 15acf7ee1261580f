"""Every file that cannot be read ends in one InputError, with the line and in both languages."""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbiosis import textfile, yamlfile
from symbiosis.errors import InputError, Problem
from symbiosis.words import LANGUAGES

HERE = Path("park.yaml")
BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)
)
LONG_CHAIN = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 60))


def problems(text: str) -> tuple[Problem, ...]:
    with pytest.raises(InputError) as caught:
        yamlfile.parse(text, HERE)
    for problem in caught.value.problems:
        assert all(problem.message(lang) for lang in LANGUAGES)
        assert problem.file == "park.yaml"
    return caught.value.problems


def problems_of_bytes(data: bytes, folder: Path) -> tuple[Problem, ...]:
    file = folder / "park.yaml"
    file.write_bytes(data)
    with pytest.raises(InputError) as caught:
        yamlfile.read(file)
    assert all(p.message(lang) for p in caught.value.problems for lang in LANGUAGES)
    return caught.value.problems


@pytest.mark.parametrize("loader", [yamlfile.LOADER, yaml.SafeLoader])
@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a:\n\tb: 1\n", "yaml_tab", 2),
        ("a:\n  b: 1\n\tc: 2\n", "yaml_tab", 3),
        ("a: 1\nb: 'abc\nc: 3\n", "yaml_quote", 2),
        ('a: 1\nb: "abc\nc: 3\n', "yaml_quote", 2),
        ("a: 1\nb: [1, 2\nc: 3\n", "yaml_bracket", 2),
        ("a: 1\nb: {x: 1\nc: 3\n", "yaml_bracket", 2),
        ("a: 1\nb: {\n", "yaml_bracket", 2),
        ("a: [1, 2]]\n", "yaml_bracket_closed", 1),
        ("a:\n  b: 1\n c: 2\n", "yaml_indent", 3),
        ("a:\n  - x: 1\n  y: 2\n", "yaml_indent", 3),
        ("a:\n  b: 1\n   c: 2\n", "yaml_colon", 3),
        ("a: b: c\n", "yaml_colon", 1),
        ("a: 1\nbc\nd: 2\n", "yaml_colon_missing", 2),
        ("a: 1\nb:2\nc: 3\n", "yaml_colon_missing", 2),
        ("name：金昌\nx: 1\n", "yaml_wide_colon", 1),
        ("a: 1\nname：金昌\n", "yaml_wide_colon", 2),
        ('a: 1\nb: "C:\\dir"\n', "yaml_escape", 2),
        ("a: @x\n", "yaml_character", 1),
        ("a: %x\n", "yaml_character", 1),
        ("a: 1\nb: >5 %\n", "yaml_character", 2),
        ("a: }\n", "yaml_bracket_closed", 1),
        ("a: 'x' y\n", "yaml_indent", 1),
        ("a: *\n", "yaml_anchor", 1),
        ("a: !e!x 1\n", "yaml_tag", 1),
        ("a: 1\n---\nb: 2\n", "several_documents", 2),
        ("a: 1\nb: !!python/object/apply:os.system [ls]\n", "tag_refused", 2),
        ("a: !!binary aGk=\n", "tag_refused", 1),
        ("a: !!timestamp 2015-01-01\n", "tag_refused", 1),
        ("a: ! x\n", "tag_refused", 1),
        ("!!python/name:os.system x: 1\n", "tag_refused", 1),
        ("a: !!int x\n", "tag_mismatch", 1),
        ("a: !!bool yes\n", "tag_mismatch", 1),
        ("a: 1\nb: .nan\n", "not_finite", 2),
        ("a: -.INF\n", "not_finite", 1),
        ("a: 1e999\n", "not_finite", 1),
        ("a: 1\nb: 2\na: 3\n", "duplicate_key", 3),
        ("2015: 1\n'2015': 2\n", "duplicate_key", 2),
        ("a: &a {x: 1}\nb:\n  <<: *a\n", "merge_key", 3),
        ("? [a]\n: 1\n", "odd_key", 1),
        ("? {a: b}\n: 1\n", "odd_key", 1),
        ("? {a: {b: c}}\n: 1\n", "odd_key", 1),
        ("a: &a x\n*a : 3\n", "odd_key", 2),
        ("?\n: 3\n", "odd_key", 1),
        ("a: *b\n", "alias_unknown", 1),
        ("a: &a\n  b: *a\n", "alias_recursive", 2),
        ("&a [*a]\n", "alias_recursive", 1),
        (BOMB, "anchors_expand", 5),
        (LONG_CHAIN, "too_deep", 40),
        ("[" * 10_000, "too_deep", 1),
        ("a: " + "{a: " * 10_000, "too_deep", 1),
        ("- " * 10_000, "too_deep", 1),
        ("# nothing\n", "file_empty", None),
        ("---\n", "file_empty", None),
        ("~\n", "file_empty", None),
    ],
)
def test_a_bad_file_is_refused_at_its_line(
    text: str, code: str, line: int | None, loader: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yamlfile, "LOADER", loader)
    assert [(p.code, p.line) for p in problems(text)] == [(code, line)]


def test_all_problems_are_gathered_in_the_order_of_the_file() -> None:
    text = "a: {d: 1, d: 2}\nb: .nan\nc: !x [1]\na: 2\ne:\n  - f: *g\nh: [1\n"
    found = [(p.line, p.key, p.code) for p in problems(text)]
    assert found == [
        (1, "a.d", "duplicate_key"),
        (2, "b", "not_finite"),
        (3, "c", "tag_refused"),
        (4, "a", "duplicate_key"),
        (6, "e.0.f", "alias_unknown"),
        (7, "", "yaml_bracket"),
    ]


def test_a_duplicate_key_names_both_lines() -> None:
    message = problems("a: 1\nb: 2\na: 3\n")[0].message("en")
    assert "lines 1 and 3" in message


def test_the_nearest_anchor_is_offered() -> None:
    assert "'slag'" in problems("a: &slag 1\nb: *slog\n")[0].hint("en")


def test_more_values_than_a_person_would_write_are_refused() -> None:
    assert problems("[" + "1," * 200_001 + "]")[0].code == "too_many_nodes"


def test_a_tag_runs_nothing(tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    assert problems(f"a: !!python/object/apply:os.mkdir ['{mark}']\n")[0].code == "tag_refused"
    assert not mark.exists()


@pytest.mark.parametrize(
    ("data", "code", "line"),
    [
        (b"", "file_empty", None),
        (b" \n\n", "file_empty", None),
        (b"\xef\xbb\xbf", "file_empty", None),
        (b"a: 1\nb: \x00\x01\n", "file_binary", 2),
        (b"a: 1\nb: \x1b[0m\n", "file_binary", 2),
        (b"a: \x7f\n", "file_binary", 1),
        ("a: 1\nname: 金昌经济技术开发区\n".encode("gbk"), "file_gbk", 2),
        (b"a: 1\nb: caf\xe9\n", "file_not_utf8", 2),
        ("a: 1\n".encode("utf-16"), "file_utf16", None),
        ("name: x\n".encode("utf-16-be"), "file_utf16", None),
        ("name: x\n".encode("utf-16-le"), "file_utf16", None),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "file_binary", 3),
    ],
)
def test_bytes_that_are_no_text_are_refused(
    data: bytes, code: str, line: int | None, tmp_path: Path
) -> None:
    assert [(p.code, p.line) for p in problems_of_bytes(data, tmp_path)] == [(code, line)]


def test_a_file_in_gbk_is_told_how_to_become_utf8(tmp_path: Path) -> None:
    found = problems_of_bytes("name: 金昌\n".encode("gb18030"), tmp_path)[0]
    assert all("iconv -f GBK -t UTF-8" in found.message(lang) for lang in LANGUAGES)


def test_a_large_file_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "park.yaml"
    with file.open("wb") as sparse:
        sparse.truncate(50_000_000)
    monkeypatch.setattr(Path, "read_bytes", None)
    with pytest.raises(InputError) as caught:
        yamlfile.read(file)
    assert caught.value.problems[0].message("en") == "the file has 50.0 MB; the limit is 10 MB"


def test_a_missing_file_names_its_nearest_neighbour(tmp_path: Path) -> None:
    (tmp_path / "jinchang.yaml").write_text("a: 1\n")
    with pytest.raises(InputError) as caught:
        yamlfile.read(tmp_path / "jinchnag.yaml")
    assert caught.value.problems[0].code == "file_missing"
    assert str(tmp_path / "jinchang.yaml") in caught.value.problems[0].hint("zh")


@pytest.mark.parametrize("name", ["no/such/folder/x.yaml", "a\0b", "x.yaml/y"])
def test_a_path_that_leads_nowhere_is_a_missing_file(name: str, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("a: 1\n")
    with pytest.raises(InputError) as caught:
        yamlfile.read(tmp_path / name)
    assert caught.value.problems[0].code == "file_missing"


def test_a_name_too_long_for_the_system_is_unreadable(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        yamlfile.read(tmp_path / ("x" * 5000))
    assert caught.value.problems[0].code == "file_unreadable"
    assert caught.value.problems[0].message("zh")


def test_a_folder_names_the_files_in_it(tmp_path: Path) -> None:
    (tmp_path / "park.yaml").write_text("a: 1\n")
    with pytest.raises(InputError) as caught:
        yamlfile.read(tmp_path)
    assert caught.value.problems[0].code == "file_is_folder"
    assert str(tmp_path / "park.yaml") in caught.value.problems[0].hint("en")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_refused_without_waiting_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    with pytest.raises(InputError) as caught:
        yamlfile.read(tmp_path / "pipe.yaml")
    assert caught.value.problems[0].code == "file_not_regular"


def test_reading_loads_nothing_heavy() -> None:
    heavy = "{'pint', 'numpy', 'pydantic', 'pyomo'}"
    code = f"import sys, symbiosis.yamlfile; sys.exit(bool({heavy} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@given(
    st.text(max_size=80)
    | st.text("ab:-[]{}\"'&*!|>?%@#, \n\t<~1.e：", max_size=60)
    | st.lists(
        st.sampled_from(
            ["a: ", "&a ", "*a", "\n", "  ", "- ", "[", "]", "{", "}", "!!int ", "<<: ", "? ", "1"]
        ),
        max_size=25,
    ).map("".join)
)
@settings(max_examples=400)
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(InputError):
        document = yamlfile.parse(text, HERE)
        assert document.lines[()] >= 1


@given(data=st.binary(max_size=200))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_text_or_refused(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "any.yaml"
    file.write_bytes(data)
    with suppress(InputError):
        assert isinstance(textfile.read_text(file), str)
        yamlfile.read(file)
