"""What docs/batch.md says is so."""

import re
from pathlib import Path

import pytest

from symbiosis.batch.case import Verb
from symbiosis.batch.gather import gather
from symbiosis.batch.options import Order
from symbiosis.batch.tables import CASES, OF

PAGE = (Path(__file__).parents[2] / "docs" / "batch.md").read_text(encoding="utf-8")
ENTRY = re.compile(r"^- `(\w+)`[^:]*: ((?:.|\n(?=  ))*)", re.MULTILINE)


def described(verb: str) -> dict[str, dict[str, str]]:
    """The tables under a heading of the page: column -> kind."""
    section = PAGE.partition(f"\n### {verb}\n")[2].partition("\n### ")[0]
    found = {}
    for table, columns in ENTRY.findall(section):
        words = [column.split() for column in columns.replace("`", "").split(",")]
        found[table] = {word[0]: (word[1:] or ["text"])[0] for word in words}
    return found


@pytest.mark.parametrize("verb", list(Verb))
def test_the_page_names_every_column_with_its_kind(verb: Verb) -> None:
    assert described(verb.value) == {name: dict(columns) for name, columns in OF[verb].items()}


def test_the_page_names_the_columns_of_cases() -> None:
    assert described("Every verb") == {"cases": dict(CASES)}


def test_the_sweep_of_the_page_is_one(tmp_path: Path) -> None:
    """Three loads x five taxes x three distances."""
    block = PAGE.partition("```yaml\n")[2].partition("```")[0]
    path = tmp_path / "page.yaml"
    head = "schema_version: 1\nid: page\npark: jinchang\nname_zh: 页\nname_en: page\n"
    path.write_text(head + block, encoding="utf-8")
    assert gather([str(path)], Order()).count == 45
