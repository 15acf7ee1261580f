"""A park file and scenarios beside it, in a folder of their own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.model.parks import byproduct, link, makes, named, needs, route, tree, use, write

HEAD = "schema_version: 1\nid: later\npark: tiny.yaml\nname_zh: 以后\nname_en: later\n"


@pytest.fixture
def park_file(tmp_path: Path) -> Path:
    """100 t of slag, a need of 80 t, an existing and a planned link."""
    slag = byproduct("100 t/a", tax="slag", routes={"heap": route("3 CNY/t", compliant=False)})
    whole = tree(
        {"works": makes(slag=slag), "cement": needs(blend=use("80 t/a", "slag"))},
        {
            "belt": link("works.slag", "cement.blend", capacity="30 t/a"),
            "haul": link("works.slag", "cement.blend", cost="5 CNY/t", status="planned"),
        },
        policy={"environmental_tax": {"slag": "25 CNY/t"}},
        boundaries={"park": named("park"), "wide": named("wide")},
        rate_documents={"now": named("now")},
    )
    return write(whole, tmp_path / "tiny.yaml")


@pytest.fixture
def scenario(park_file: Path) -> Callable[[str], Path]:
    """Write a scenario with these lines below its head; the first of them is line 6."""

    def written(lines: str) -> Path:
        path = park_file.parent / "later.yaml"
        path.write_text(HEAD + lines, encoding="utf-8")
        return path

    return written
