"""How commands end: the exit codes, and the one place where errors are shown."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from symbiosis.errors import InputError, NoAnswer, Problem
from symbiosis.terminal.outcome import Outcome
from symbiosis.terminal.talk import Talk, guess

ROOT = Path(__file__).parents[2]
TINY = ROOT / "tests" / "data" / "tiny.yaml"
COMMAND = [sys.executable, "-m", "symbiosis"]


def ended_with(error: BaseException, talk: Talk) -> int:
    with Outcome(talk) as outcome:
        raise error
    return outcome.code


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (NoAnswer([Problem("conflict_unnamed")]), 1),
        (InputError([Problem("file_empty")]), 2),
        (KeyboardInterrupt(), 3),
        (ZeroDivisionError("division by zero"), 4),
        (RecursionError(), 4),
    ],
)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_end_has_its_code_and_words(
    error: BaseException, code: int, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ended_with(error, Talk(lang)) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.strip()
    assert "Traceback" not in err


def test_a_fault_is_one_sentence_and_its_traceback_comes_when_asked(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert ended_with(ZeroDivisionError("division by zero"), Talk("en")) == 4
    assert "fault of the program" in capsys.readouterr().err
    assert ended_with(ZeroDivisionError("division by zero"), Talk("en", verbose=True)) == 4
    assert "Traceback" in capsys.readouterr().err


def test_an_error_with_json_is_one_document_besides(capsys: pytest.CaptureFixture[str]) -> None:
    assert ended_with(NoAnswer([Problem("conflict_unnamed")]), Talk("en", json=True)) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["ok"] is False
    assert json.loads(out)["errors"][0]["code"] == "conflict_unnamed"
    assert err.strip()


def test_the_exit_of_python_itself_passes_through() -> None:
    with pytest.raises(SystemExit):
        ended_with(SystemExit(7), Talk("en"))


@pytest.mark.parametrize(
    ("arguments", "talk"),
    [
        (["show", "x", "--lang", "zh"], Talk("zh")),
        (["show", "x", "--lang=zh", "--json"], Talk("zh", json=True)),
        (["show", "x", "-qv"], Talk("en", quiet=True, verbose=True)),
        (["show", "x", "--lang"], Talk("en")),
        (["show", "-s", "v"], Talk("en")),
        ([], Talk("en")),
    ],
)
def test_the_common_options_are_guessed_where_nothing_can_be_parsed(
    arguments: list[str], talk: Talk
) -> None:
    assert guess(arguments, "en") == talk


def started(
    *arguments: str, cwd: Path, lang: str = "en_GB.UTF-8"
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        env=os.environ | {"PYTHONPATH": str(ROOT), "LC_ALL": lang},
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_the_real_command_succeeds_and_talks_the_language_of_the_locale(tmp_path: Path) -> None:
    ran = started("check", str(TINY), cwd=tmp_path, lang="zh_CN.UTF-8")
    assert ran.returncode == 0
    assert "没有错误" in ran.stdout


def test_the_real_command_refuses_wrong_input_with_2(tmp_path: Path) -> None:
    ran = started("show", "nowhere.yaml", cwd=tmp_path)
    assert ran.returncode == 2
    assert "nowhere.yaml" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_the_real_command_writes_only_json_to_stdout(tmp_path: Path) -> None:
    ran = started("optimise", str(TINY), "--json", "-o", "kept", "-v", cwd=tmp_path)
    assert ran.returncode == 0
    assert json.loads(ran.stdout)["utilisation_rate"] == pytest.approx(0.75, abs=1e-8)


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    """The pipe is closed before the first line is written, so that writing must fail."""
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        ran = subprocess.run(
            [*COMMAND, "schema", "park"],
            cwd=tmp_path,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert ran.returncode == 0
    assert ran.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_ctrl_c_ends_with_3(tmp_path: Path) -> None:
    """The signal comes after the first message, when solving has begun."""
    process = subprocess.Popen(
        [*COMMAND, "optimise", "jinchang", "-v", "-o", "kept"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
    )
    assert process.stderr is not None
    process.stderr.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 3
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []
