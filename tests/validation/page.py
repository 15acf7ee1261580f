"""docs/validation.md, written from the manifest: ``python -m tests.validation.page``."""

from pathlib import Path

from tests.validation.manifest import Answer, Problem, problems
from tests.validation.measure import ours

PAGE = Path(__file__).parents[2] / "docs" / "validation.md"
HEAD = """# Validation

Problems from the literature, each an ordinary park file in
[`tests/validation/`](../tests/validation) that is solved through the public interface on GLPK and
on HiGHS, or a scenario file whose projects are lived through. What has no publication but can be
[worked out otherwise](#worked-out-otherwise) stands at the end. *Seen* means that the published
answer was seen, in the publication or where others give its data and answer. *Recomputed* means
that it was not: the problem is the publication's, and the figure beside ours is a second
computation by other means. The notes say where and how.

This page is written from [`problems.toml`](../tests/validation/problems.toml) by
`python -m tests.validation.page`.

| problem | quantity | published or recomputed | ours | checked |
|---|---|---:|---:|---|
"""


TAIL = """
<a id="worked-out-otherwise"></a>
## Worked out otherwise · 以其他方式核算

**A park by hand, month by month.**
[`tests/retrofit/test_living.py`](../tests/retrofit/test_living.py) lives through a park of three
enterprises: projects that come in the middle of a year and by a ramp, outages of units, prices and
demand that move, a heap that fills while its taker stands still and is drawn down afterwards. Every
expected tonne and yuan is worked out in the docstring. What projects, crews, money and windows do
to dates is worked out in [`test_by_hand.py`](../tests/retrofit/test_by_hand.py).

**Waiting for a resource.** [`tests/retrofit/test_queues.py`](../tests/retrofit/test_queues.py):
1,500 projects at one desk and at two wait, one by one, as the recursion of Kiefer and Wolfowitz
says; the same recursion over 200,000 customers agrees with the formulas for M/D/1 (Pollaczek and
Khinchine) within 3 % and for M/M/2 (Erlang C) within 4 %. The M/D/1 formula was seen
(learn.saylor.org, "A Survey on Queueing Systems", 4.5); Erlang C was recalled.

**Priority rules against the optimum.**
[`tests/retrofit/test_laws.py`](../tests/retrofit/test_laws.py):
on random small projects with limited resources no order of priorities is shorter than the optimum
found by trying every start of every stage, and none takes more than there is.

**A plan and its life.**
[`tests/model/test_plan_and_life.py`](../tests/model/test_plan_and_life.py):
without luck, with the dates of a plan by season and no stock that ties months together, simulation
and plan agree in every year's cost and rate to 1e-6; with stocks the difference is the price of
myopia, and over the horizon it is never below zero.
"""


def page() -> str:
    """The whole page."""
    found = problems()
    rows = [row for problem in found for row in _rows(problem)]
    return HEAD + "\n".join(rows) + "\n" + "".join(map(_section, found)) + TAIL


def _rows(problem: Problem) -> list[str]:
    named = f"[{problem.title_en}](#{problem.id})"
    return [
        f"| {named if i == 0 else ''} | {answer.quantity} ({answer.unit}) "
        f"| {_figures(answer.published)} | {_ours(problem, answer)} | {problem.checked} |"
        for i, answer in enumerate(problem.answer)
    ]


def _ours(problem: Problem, answer: Answer) -> str:
    return _figures(answer.of(ours(problem, answer.quantity)))


def _figures(value: float) -> str:
    """Seven significant figures: what rounding leaves behind is not shown."""
    return f"{round(value, 9) + 0.0:.7g}"


def _section(problem: Problem) -> str:
    kind = "Scenario" if problem.scheduled else "Park"
    return (
        f'\n<a id="{problem.id}"></a>\n## {problem.title_en} · {problem.title_zh}\n\n'
        f"{problem.citation}\n\n{problem.note}\n\n"
        f"{kind} file: [`{problem.file}`](../tests/validation/{problem.file})\n"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
