"""docs/retrofit.md: its schedule is read, its program runs and prints what the page shows."""

import os
import re
import subprocess
import sys
from pathlib import Path

from symbiosis.retrofit.duration import NEEDS
from symbiosis.retrofit.load import bundled_courses
from symbiosis.retrofit.path import ALLOWED, NEEDED, PathShape

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "retrofit.md").read_text(encoding="utf-8")


def block(language: str) -> str:
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return str(found)


def test_the_program_of_the_page_prints_what_the_page_shows() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", block("python")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == block("text")


def test_the_script_of_the_page_prints_what_the_page_shows(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(block("py"), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, str(script)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == block("console")


def test_the_schedule_of_the_page_is_the_file_that_it_names() -> None:
    assert (ROOT / "docs" / "one-project.yaml").read_text(encoding="utf-8") == block("yaml")


def test_the_page_names_every_shape_of_a_path_with_its_keys() -> None:
    for shape in PathShape:
        lists = (NEEDED[shape], ALLOWED[shape])
        keys = "; ".join(", ".join(f"`{key}`" for key in keys) for keys in lists if keys)
        assert f"| `{shape}` | {keys} |" in PAGE


def test_the_page_names_every_shape_and_course() -> None:
    for shape, keys in NEEDS.items():
        assert f"| `{shape}` | {', '.join(f'`{key}`' for key in keys)} |" in PAGE
    for course in bundled_courses().tree["courses"]:
        assert f"`{course}`" in PAGE
