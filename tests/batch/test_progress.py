"""How far a batch is: rate and time left of what is done now, as plain lines where nobody looks."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symbiosis.cli import main
from symbiosis.terminal import batched
from symbiosis.terminal.batched import Lines
from symbiosis.terminal.talk import Talk


def told(capsys: pytest.CaptureFixture[str], talk: Talk, times: dict[int, float]) -> list[str]:
    """The lines about ten cases, of which each is done at a time."""
    clock = iter([0.0, *times.values()])
    lines = Lines(talk, 10, lambda: next(clock))
    for done in times:
        lines(done, 1)
    return capsys.readouterr().err.splitlines()


def test_a_log_has_a_line_in_half_a_minute(capsys: pytest.CaptureFixture[str]) -> None:
    """After 30 s one of ten is done: 9 x 30 s are left; after 80 s four: 6 x 20 s."""
    assert told(capsys, Talk("en"), {1: 30.0, 2: 40.0, 3: 59.0, 4: 80.0}) == [
        "1 of 10 cases done, 1 failed; 0.0 a second, 0:04:30 left",
        "4 of 10 cases done, 1 failed; 0.1 a second, 0:02:00 left",
    ]


def test_more_is_told_where_more_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    """Two a second: after 1, 2, 4 and 8 cases, with 4.5, 4, 3 and 1 s left."""
    times = {done: done / 2 for done in range(1, 11)}
    lines = told(capsys, Talk("zh", verbose=True), times)
    assert lines == [
        "已完成 1/10 个算例，失败 1 个；每秒 2.0 个，剩余 0:00:04",
        "已完成 2/10 个算例，失败 1 个；每秒 2.0 个，剩余 0:00:04",
        "已完成 4/10 个算例，失败 1 个；每秒 2.0 个，剩余 0:00:03",
        "已完成 8/10 个算例，失败 1 个；每秒 2.0 个，剩余 0:00:01",
    ]
    assert told(capsys, Talk("en"), times) == []


def test_with_resume_only_what_is_missing_counts(
    scenario: Callable[..., Path], folder: Path, capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Four of six cases in the first part, which stays; two are missing."""
    from symbiosis.batch import store

    monkeypatch.setattr(store, "PART_CASES", 4)
    asked = ["batch", str(scenario()), "-o", str(folder / "set"), "--workers", "1", "--lang", "en"]
    assert main([*asked, "-v"]) == 0
    assert "4 of 6 cases done" in capsys.readouterr().err
    (folder / "set" / "commits" / "part-000002.json").unlink()
    assert main([*asked, "-v", "--resume"]) == 0
    err = capsys.readouterr().err
    assert "2 of 2 cases done" in err
    assert "0:00:00 left" in err


def test_quiet_is_quiet_and_a_short_batch_too(
    scenario: Callable[..., Path], folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, flag in enumerate((["-q"], [])):
        asked = ["batch", str(scenario()), "-o", str(folder / str(number)), "--workers", "1"]
        assert main([*asked, *flag]) == 0
        assert capsys.readouterr().err == ""


def test_a_terminal_has_a_bar_with_rate_and_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Four cases are there already, so that 6 of 10 are to be done."""
    import sys

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "120")
    with batched.progress_bar(Talk("en"), 10, 4) as progress:
        assert progress is not None
        for done in range(1, 7):
            progress(done, 1)
    err: Any = capsys.readouterr().err
    assert "6/6" in err
    assert "1 failed" in err
    with batched.progress_bar(Talk("en", quiet=True), 10, 4) as nothing:
        assert nothing is None
