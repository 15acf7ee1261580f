"""The tiny park with a project that builds its slag link, small enough to know every answer."""

from pathlib import Path

from symbiosis.retrofit.block import Retrofit, retrofit_of
from symbiosis.retrofit.simulate import without_luck
from symbiosis.retrofit.simulation import Simulation
from symbiosis.scenario import load_scenario

TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"
PROJECT = """\
add:
  projects:
    line: {name_zh: 矿渣线, name_en: Slag line, types: [chain_filling], status: planned,
           investment: 730 万元, links: [slag_cement]}
"""


def retrofit(folder: Path, block: str, more: str = PROJECT, horizon: int = 2) -> Retrofit:
    """The tiny park from 2025 on, with a project that builds the slag link."""
    (folder / "tiny.yaml").write_text(TINY.read_text(encoding="utf-8"), encoding="utf-8")
    head = "schema_version: 1\nid: asked\npark: tiny.yaml\nname_zh: 试\nname_en: Try\n"
    file = folder / "asked.yaml"
    text = f"{head}start: 2025\nhorizon: {horizon} a\n{more}retrofit:\n{block}"
    file.write_text(text, encoding="utf-8")
    return retrofit_of(load_scenario(file))


def lived(folder: Path, block: str, more: str = PROJECT, horizon: int = 2) -> Simulation:
    """The same, lived through without luck."""
    return without_luck(retrofit(folder, block, more, horizon))
