"""Results beside the first of them: what may be compared, and every difference as a row."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symbiosis.comparing.optima import left_out_of_optima, rows_of_optima
from symbiosis.comparing.plans import left_out_of_plans, rows_of_plans
from symbiosis.comparing.row import LeftOut, Pair, Row, unlike
from symbiosis.comparing.simulations import Simulations
from symbiosis.errors import InputError, Problem
from symbiosis.keep import OPTIMISE, Kept
from symbiosis.planning.keep import KIND as PLAN
from symbiosis.retrofit.document import KIND as SIMULATE

if TYPE_CHECKING:
    import pandas

Found = tuple[list[Row], list[LeftOut]]


@dataclass(frozen=True)
class Comparison:
    """Every result beside the base: rows, what is left out, and what was asked otherwise."""

    base: Kept
    others: tuple[Kept, ...]
    rows: tuple[Row, ...]
    left_out: tuple[LeftOut, ...]
    asked_otherwise: tuple[dict[str, Any], ...]

    def document(self) -> dict[str, Any]:
        """The JSON of ``compare``."""
        return {
            "kind": self.base.kind,
            "base": str(self.base.folder),
            "results": [str(kept.folder) for kept in self.others],
            "rows": [asdict(row) for row in self.rows],
            "left_out": [asdict(one) for one in self.left_out],
            "asked_otherwise": list(self.asked_otherwise),
        }

    def table(self) -> "pandas.DataFrame":
        """All rows as a frame; dates and sizes stand in columns of their own."""
        import pandas

        frame = pandas.DataFrame([asdict(row) for row in self.rows])
        for key in ("base", "other"):
            texts = frame[key].map(lambda value: value if isinstance(value, str) else None)
            numbers = frame[key].map(lambda value: None if isinstance(value, str) else value)
            frame[key], frame[f"{key}_text"] = numbers.astype(float), texts.astype("string")
        return frame

    def write(self, path: Path) -> None:
        """Keep the rows as CSV or Parquet, by the suffix of ``path``."""
        frame = self.table()
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == ".csv":
            frame.to_csv(path, index=False, encoding="utf-8-sig")
        else:
            frame.to_parquet(path, index=False)


def compare(folders: Sequence[str | Path], indicators: Sequence[str] = ()) -> Comparison:
    """Set kept results beside the first of them.

    ``indicators`` are further ones of simulations. Raises :class:`InputError` for fewer than two
    results, for a folder that is none, and for results that cannot be compared.
    """
    if len(folders) < 2:
        raise InputError([Problem("compare_two", key="RESULT")])
    base, *others = every = [Kept(folder) for folder in folders]
    problems = [problem for kept in others for problem in _unlike(base, kept)]
    if indicators and base.kind != SIMULATE:
        details = {"found": ", ".join(indicators), "kind": base.kind}
        problems.append(Problem("no_indicator_here", key="--indicator", details=details))
    if problems:
        raise InputError(problems)
    found = [_found(Pair(base, kept), indicators) for kept in others]
    return Comparison(
        base,
        tuple(others),
        tuple(row for rows, _ in found for row in rows),
        tuple(one for _, left_out in found for one in left_out),
        tuple(_asked_otherwise(every)),
    )


def _found(pair: Pair, indicators: Sequence[str]) -> Found:
    if pair.base.kind == SIMULATE:
        two = Simulations(pair, indicators)
        return list(two.rows()), list(two.left_out())
    if pair.base.kind == PLAN:
        return list(rows_of_plans(pair)), list(left_out_of_plans(pair))
    return list(rows_of_optima(pair)), list(left_out_of_optima(pair))


# --- what may be compared


def _unlike(base: Kept, other: Kept) -> Iterator[Problem]:
    """What makes two results incomparable."""
    if base.kind != other.kind or base.kind not in (OPTIMISE, PLAN, SIMULATE):
        yield _problem("kind", base, other, lambda kept: kept.kind)
        return
    for what, of in SAME[base.kind]:
        if of(base) != of(other):
            yield _problem(what, base, other, of)


def _problem(what: str, base: Kept, other: Kept, of: Callable[[Kept], Any]) -> Problem:
    return unlike(what, str(other.folder), of(other), str(base.folder), of(base))


def _park(kept: Kept) -> Any:
    return kept.document["park"]


def _money_year(kept: Kept) -> Any:
    return kept.document["money_year"]


def _horizon(kept: Kept) -> str:
    years = kept.manifest["years"]
    return f"{years[0]}–{years[-1]}"


SAME: dict[str, tuple[tuple[str, Callable[[Kept], Any]], ...]] = {
    OPTIMISE: (("park", _park), ("money_year", _money_year)),
    PLAN: (("park", _park), ("money_year", _money_year), ("horizon", _horizon)),
    SIMULATE: (("park", _park), ("money_year", _money_year), ("horizon", _horizon)),
}
"""By kind: what must be the same."""
ASKED = ("scenario", "objective", "boundary", "document", "year", "seed", "version")
"""What may differ, and is said."""


def _asked_otherwise(every: Sequence[Kept]) -> Iterator[dict[str, Any]]:
    """What else the results were asked: keys in whose values they differ."""
    base, *others = every
    for key, other in product(ASKED, others):
        one, two = (kept.manifest.get(key) for kept in (base, other))
        if one != two:
            yield {"key": key, "result": str(other.folder), "base": one, "other": two}
