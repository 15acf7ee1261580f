"""docs/validation.md, written from the manifest: ``python -m tests.validation.page``."""

from pathlib import Path

from tests.validation.manifest import Answer, Problem, problems
from tests.validation.measure import measure, solved

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
HEAD = """# Validation

Problems from the literature, each an ordinary park file in
[`tests/validation/`](../tests/validation) that is solved through the public interface on GLPK and
on HiGHS. *Seen* means that the published answer was seen, in the publication or where others give
its data and answer. *Recomputed* means that it was not: the problem is the publication's, and the
figure beside ours is a second computation by other means. The notes say where and how.

This page is written from [`problems.toml`](../tests/validation/problems.toml) by
`python -m tests.validation.page`.

| problem | quantity | published or recomputed | ours | checked |
|---|---|---:|---:|---|
"""


def page() -> str:
    """The whole page."""
    found = problems()
    rows = [row for problem in found for row in _rows(problem)]
    return HEAD + "\n".join(rows) + "\n" + "".join(map(_section, found))


def _rows(problem: Problem) -> list[str]:
    named = f"[{problem.title_en}](#{problem.id})"
    return [
        f"| {named if i == 0 else ''} | {answer.quantity} ({answer.unit}) "
        f"| {_figures(answer.published)} | {_ours(problem, answer)} | {problem.checked} |"
        for i, answer in enumerate(problem.answer)
    ]


def _ours(problem: Problem, answer: Answer) -> str:
    return _figures(answer.of(measure(solved(problem, "highs"), answer.quantity)))


def _figures(value: float) -> str:
    """Seven significant figures: what rounding leaves behind is not shown."""
    return f"{round(value, 9) + 0.0:.7g}"


def _section(problem: Problem) -> str:
    return (
        f'\n<a id="{problem.id}"></a>\n## {problem.title_en} · {problem.title_zh}\n\n'
        f"{problem.citation}\n\n{problem.note}\n\n"
        f"Park file: [`{problem.file}`](../tests/validation/{problem.file})\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
