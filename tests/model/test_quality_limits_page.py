"""The limits on docs/quality-limits.md can be copied into a park file."""

import re
from pathlib import Path

import yaml

from symbiosis.park.quality import Limit

PAGE = Path(__file__).parents[2] / "docs" / "quality-limits.md"


def test_every_limit_on_the_page_is_one_that_a_use_can_state() -> None:
    lines = re.findall(r"`(limits: .*?)`", PAGE.read_text(encoding="utf-8"))
    stated = [entry for line in lines for entry in yaml.safe_load(line)["limits"].values()]
    limits = [Limit.model_validate(entry) for entry in stated]
    levels = [level for limit in limits for level in (limit.upper, limit.lower) if level]
    assert len(lines) == 11
    assert all(level.amount > 0 for level in levels)
    assert all(limit.grade and limit.checked for limit in limits)
