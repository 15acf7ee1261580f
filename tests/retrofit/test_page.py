"""docs/retrofit.md: its schedule is read, its program runs and prints what the page shows."""

from pathlib import Path

from symbiosis.retrofit.duration import NEEDS
from symbiosis.retrofit.load import bundled_courses
from symbiosis.retrofit.path import ALLOWED, NEEDED, PathShape
from tests.readme.pages import ROOT, block, printed

PAGE = (ROOT / "docs" / "retrofit.md").read_text(encoding="utf-8")


def test_the_program_of_the_page_prints_what_the_page_shows() -> None:
    assert printed("-c", block(PAGE, "python")) == block(PAGE, "text")


def test_the_script_of_the_page_prints_what_the_page_shows(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(block(PAGE, "py"), encoding="utf-8")
    assert printed(str(script)) == block(PAGE, "console")


def test_the_schedule_of_the_page_is_the_file_that_it_names() -> None:
    assert (ROOT / "docs" / "one-project.yaml").read_text(encoding="utf-8") == block(PAGE, "yaml")


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
