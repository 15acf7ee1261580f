"""The Python examples of the pages in docs/ run as they stand there."""

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples() -> list[tuple[str, str]]:
    """The blocks of each page that use the package, those of one page as one program."""
    found = []
    for page in sorted(DOCS.glob("*.md")):
        blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
        programs = [block for block in blocks if "symbiosis." in block]
        if programs:
            found.append((page.name, "\n".join(programs)))
    return found


@pytest.mark.parametrize(("page", "program"), examples(), ids=[page for page, _ in examples()])
def test_the_examples_of_a_page_run(page: str, program: str) -> None:
    exec(compile(program, page, "exec"), {"__name__": page})
