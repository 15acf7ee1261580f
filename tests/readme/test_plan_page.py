"""docs/plan.md: its program prints what the page shows, its scenario is the file that it names."""

from symbiosis.park.project import Project
from symbiosis.planning.left_out import Why
from symbiosis.terminal.checked import check_files
from symbiosis.terminal.talk import Talk
from tests.readme.pages import ROOT, block, printed

PAGE = (ROOT / "docs" / "plan.md").read_text(encoding="utf-8")


def test_the_program_of_the_page_prints_what_the_page_shows() -> None:
    assert printed("-c", block(PAGE, "python")) == block(PAGE, "text")


def test_the_scenario_of_the_page_is_the_file_that_it_names() -> None:
    assert (ROOT / "docs" / "plan-money.yaml").read_text(encoding="utf-8") == block(PAGE, "yaml")


def test_the_files_of_the_page_pass_check() -> None:
    files = [str(ROOT / "docs" / name) for name in ("plan-park.yaml", "plan-money.yaml")]
    assert check_files(files, Talk("en", quiet=True)) == 0


def test_the_page_names_every_reason_and_every_key() -> None:
    for why in Why:
        assert f"| `{why}` |" in PAGE
    for key in ("investment", "sizes", "lead", "ramp", "life", "after", "excludes"):
        assert f"| `{key}` |" in PAGE
        assert key in Project.model_fields
