"""Two result sets as SQL: cases in pairs, all that can be compared in one long form, what differs.

Every function here gives text; DuckDB joins, counts and sorts, so that memory does not grow with
the number of cases. The tables of the base have the prefix :data:`BASE`, those of the other set
one of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from symbiosis.batch.case import Verb
from symbiosis.comparing.row import ROUNDING, SHARE
from symbiosis.retrofit.calendar import FIRST_D, YEAR_D
from symbiosis.retrofit.tables import PROMISED
from symbiosis.tables import AMOUNT_COLUMNS

BASE = "base_"
SUBJECTS = ("target", "indicator", "plan", "cost_item", "flow", "project")
"""What is compared, in this order."""
SUMS = ("flow", "cost_item")
"""Subjects of which a case has nothing where it has no row."""
WORTH = ("npv", "invested", "subsidies")
COUNT, DAYS, YEARS, MONEY = "count", "d", "a", "CNY"
"""Units beside those of a park: things that are counted, days, calendar years, yuan."""
FIRST_NAMES = 10
"""Cases that are named of those that are left out."""
WHYS = ("base_only", "other_only", "other_park", "other_meaning", "both_failed", "base_failed",
        "other_failed", "other_money")  # fmt: skip
"""Why a case is in no pair, or a pair is not compared."""
NUMBERS = ("int", "float")
SQL_KINDS = {"text": "VARCHAR", "float": "DOUBLE", "int": "BIGINT", "bool": "BOOLEAN"}

Axes = Mapping[str, Mapping[str, Any]]
"""Kind and unit of every key that a set varies."""


@dataclass(frozen=True)
class Sides:
    """The base and another set; ``indicators`` are those of simulations that are compared."""

    verb: Verb
    prefix: str
    result: str
    base_axes: Axes
    other_axes: Axes
    indicators: Sequence[str] = ()

    # --- queries

    def cases(self) -> str:
        """Pairs and what is in none, by why: how many, how many with one seed, the first names."""
        return (
            f"WITH {self._pairs()} SELECT why, count(*), count(*) FILTER (same_luck),"
            f" min(name, {FIRST_NAMES}) FROM pairs GROUP BY why"
        )

    def rows(self) -> str:
        """What differs over the pairs, a row for each park and thing."""
        edge = f"{ROUNDING!r} * greatest(abs(base_value), abs(other_value))"
        both = "FILTER (gap IS NOT NULL)"
        mean = "list_avg(list_sort(list({0}) " + both + "))"  # the same in whatever order they come
        return f"""WITH {self._compared()}
            SELECT park, subject, id, nullif("by", '') AS "by", unit, count(gap) AS n,
                {mean.format("base_value")} AS base,
                {mean.format("other_value")} AS other,
                {mean.format("gap")} AS difference,
                min(gap) AS smallest, arg_min(name, row(gap, name)) {both} AS smallest_case,
                median(gap) AS median,
                max(gap) AS greatest, arg_min(name, row(-gap, name)) {both} AS greatest_case,
                count(*) FILTER (gap > {edge}) AS rise,
                count(*) FILTER (gap < -{edge}) AS fall,
                count(*) FILTER (abs(gap) <= {edge}) AS stay,
                count(*) FILTER (other_value IS NULL) AS base_only,
                count(*) FILTER (base_value IS NULL) AS other_only,
                count(*) FILTER (NOT same_meaning) AS other_meaning,
                min(name_zh) AS name_zh, min(name_en) AS name_en
            FROM compared GROUP BY park, subject, id, "by", unit
            ORDER BY park, {_rank("subject")}, id, "by", unit"""

    def table(self, axes: Mapping[str, str], place: int) -> str:
        """Every case and thing; ``axes`` are columns with their kinds, ``place`` sorts results."""
        columns = ", ".join(
            f"CAST({self._axis(key)} AS {SQL_KINDS[kind]}) AS {quoted(key)}"
            for key, kind in axes.items()
        )
        dated = self.verb is Verb.SIMULATE
        number = "CASE WHEN subject <> 'project' THEN {0} END" if dated else "{0}"
        texts = "base_text, other_text, " if dated else ""
        return f"""SELECT * FROM (WITH {self._compared()}
            SELECT {place} AS place, {literal(self.result)} AS result, c.name, c.park,
                {columns + ", " if columns else ""} subject, id, nullif("by", '') AS "by", unit,
                {number.format("base_value")} AS base, {number.format("other_value")} AS other,
                gap AS difference, {texts} name_zh, name_en
            FROM compared c JOIN pairs p ON p.name = c.name)"""

    # --- parts

    def _pairs(self) -> str:
        """All cases of both by name, and why they are not compared; NULL where they are."""
        axes = [f"b.{quoted(key)} AS {_base_axis(i)}" for i, key in enumerate(self.base_axes)]
        axes += [f"o.{quoted(key)} AS {_other_axis(i)}" for i, key in enumerate(self.other_axes)]
        return f"""pairs AS (SELECT
            coalesce(b.name, o.name) AS name, coalesce(b.park, o.park) AS park,
            b.key AS base_key, o.key AS other_key, coalesce(b.seed = o.seed, false) AS same_luck,
            CASE WHEN o.key IS NULL THEN 'base_only'
                WHEN b.key IS NULL THEN 'other_only'
                WHEN b.park <> o.park THEN 'other_park'
                WHEN NOT ({self._same_axes()}) THEN 'other_meaning'
                WHEN b.status = 'failed' AND o.status = 'failed' THEN 'both_failed'
                WHEN b.status = 'failed' THEN 'base_failed'
                WHEN o.status = 'failed' THEN 'other_failed'
                WHEN b.priced_in IS DISTINCT FROM o.priced_in THEN 'other_money'
            END AS why {"".join(f", {axis}" for axis in axes)}
            FROM {_cases(BASE)} b FULL JOIN {_cases(self.prefix)} o ON b.name = o.name)"""

    def _same_axes(self) -> str:
        shared = [key for key in self.base_axes if key in self.other_axes]
        return " AND ".join(["true", *map(self._same_axis, shared)])

    def _same_axis(self, key: str) -> str:
        """Whether both cases have one value; a number may differ by rounding."""
        one, two = f"b.{quoted(key)}", f"o.{quoted(key)}"
        base, other = self.base_axes[key], self.other_axes[key]
        if base["unit"] == other["unit"] and {base["kind"], other["kind"]} <= set(NUMBERS):
            near = f"abs({one} - {two}) <= {ROUNDING!r} * greatest(abs({one}), abs({two}))"
            return f"({one} IS NOT DISTINCT FROM {two} OR coalesce({near}, false))"
        return f"CAST({one} AS VARCHAR) IS NOT DISTINCT FROM CAST({two} AS VARCHAR)"

    def _axis(self, key: str) -> str:
        """The value of an axis in a pair: both have the same where both have it."""
        sides = ((self.base_axes, _base_axis), (self.other_axes, _other_axis))
        return next((at(list(axes).index(key)) for axes, at in sides if key in axes), "NULL")

    def _compared(self) -> str:
        """Every pair and thing with both numbers and their difference."""
        sums, none = ", ".join(map(literal, SUMS)), ", ".join(["NULL"] * 5)
        zero = f"CASE WHEN subject IN ({sums}) THEN 0.0 END"
        base, other = "FILTER (side = 'base')", "FILTER (side = 'other')"
        return f"""{self._pairs()},
            sided AS ({self._side("base", BASE)} UNION ALL {self._side("other", self.prefix)}),
            sums AS (SELECT DISTINCT park, subject, id, "by", unit FROM sided
                WHERE subject IN ({sums})),
            filled AS (FROM sided UNION ALL
                SELECT 'none', p.name, s.*, {none} FROM pairs p JOIN sums s ON p.park = s.park
                WHERE p.why IS NULL),
            joined AS (SELECT name, park, subject, id, "by", unit,
                coalesce(max(value) {base}, {zero}) AS base_value,
                coalesce(max(value) {other}, {zero}) AS other_value,
                max(text) {base} AS base_text, max(text) {other} AS other_text,
                coalesce(max(meaning) {base} = max(meaning) {other}, true) AS same_meaning,
                min(name_zh) AS name_zh, min(name_en) AS name_en
                FROM filled GROUP BY name, park, subject, id, "by", unit),
            compared AS (SELECT *, CASE WHEN same_meaning THEN other_value - base_value END AS gap
                FROM joined)"""

    def _side(self, side: str, prefix: str) -> str:
        """All numbers of one set that are in a pair."""
        things = " UNION ALL ".join(THINGS[self.verb](prefix, self.indicators))
        return f"""SELECT '{side}' AS side, p.name, p.park, t.* EXCLUDE (key)
            FROM pairs p JOIN ({things}) t ON t.key = p.{side}_key
            WHERE p.why IS NULL AND isfinite(t.value)"""


def whole_table(sides: Sequence[Sides]) -> str:
    """The long table of all results, sorted."""
    axes: dict[str, str] = {}
    for key, axis in (pair for s in sides for pair in _axes_of(s)):
        axes[key] = axis["kind"] if axes.get(key, axis["kind"]) == axis["kind"] else "text"
    parts = " UNION ALL ".join(side.table(axes, place) for place, side in enumerate(sides))
    order = f'place, name, {_rank("subject")}, id, "by", unit'
    return f"SELECT * EXCLUDE (place) FROM ({parts}) ORDER BY {order}"


def _axes_of(sides: Sides) -> list[tuple[str, Mapping[str, Any]]]:
    return [*sides.base_axes.items(), *sides.other_axes.items()]


def indicators_of(prefix: str) -> str:
    """The indicators of a set of simulations."""
    return f"SELECT DISTINCT indicator FROM {prefix}years ORDER BY 1"


def aims_of(prefix: str) -> str:
    """The indicators that the targets of a set are about."""
    return f"SELECT DISTINCT indicator FROM {prefix}targets WHERE indicator IS NOT NULL ORDER BY 1"


# --- what a verb says of a case: key, subject, id, by, unit, value, text, meaning, names


def _thing(
    source: str, subject: str, name: str, unit: str, value: str, *, by: str = "''",
    text: str = "NULL", meaning: str = "''", named: bool = False,
) -> str:  # fmt: skip
    zh, en = ("name_zh", "name_en") if named else ("NULL", "NULL")
    return f"""SELECT key, '{subject}' AS subject, {name} AS id, CAST({by} AS VARCHAR) AS "by",
        {unit} AS unit, CAST({value} AS DOUBLE) AS value, CAST({text} AS VARCHAR) AS text,
        {meaning} AS meaning, CAST({zh} AS VARCHAR) AS name_zh, CAST({en} AS VARCHAR) AS name_en
        FROM {source}"""


def _of_optima(prefix: str, _: Sequence[str]) -> list[str]:
    """Indicators, items of the cost, what each link carries into all uses together."""
    return [
        _thing(f"{prefix}indicators", "indicator", "id", "unit", "value", named=True),
        _thing(f"{prefix}summary", "indicator", "'co2e'", "'t'", "co2e_t"),
        _thing(f"{prefix}costs", "cost_item", "item", literal(MONEY), "cost_cny"),
        *(
            _thing(_flows(prefix, column), "flow", "link", literal(unit), "amount", named=True)
            for unit, column in AMOUNT_COLUMNS.items()
        ),
    ]


def _flows(prefix: str, column: str) -> str:
    return f"""(SELECT key, link, sum({column} ORDER BY "use") AS amount,
        min(name_zh) AS name_zh, min(name_en) AS name_en
        FROM {prefix}flows WHERE {column} IS NOT NULL GROUP BY key, link)"""


def _of_plans(prefix: str, _: Sequence[str]) -> list[str]:
    """Sums, the rate by year, targets met (1) or missed (0), the year of each project."""
    target, met = "printf('%.4g @ %d', rate, \"by\")", "CASE WHEN met THEN 1 ELSE 0 END"
    return [
        *(
            _thing(f"{prefix}summary", "plan", literal(name), literal(MONEY), f"{name}_cny")
            for name in WORTH
        ),
        _thing(f"{prefix}summary", "plan", "'missed'", literal(COUNT), "missed"),
        _thing(f"{prefix}years", "indicator", "'utilisation_rate'", literal(SHARE),
               "utilisation_rate", by="year"),
        _thing(f"{prefix}targets", "target", target, literal(SHARE), met, by='"by"'),
        _thing(f"{prefix}projects", "project", "id", literal(YEARS), "year", named=True),
    ]  # fmt: skip


def _of_simulations(prefix: str, indicators: Sequence[str]) -> list[str]:
    """Odds of targets, indicators by year, median commissioning."""
    promise = ", ".join(f"coalesce(CAST({key} AS VARCHAR), '')" for key in PROMISED)
    chosen = ", ".join(map(literal, indicators)) or "NULL"
    years = f"(FROM {prefix}years WHERE indicator IN ({chosen}))"
    day = "commissioned_p50"
    return [
        _thing(f"{prefix}targets", "target", "id", literal(SHARE), "probability", by='"by"',
               meaning=f"concat_ws('|', {promise})", named=True),
        _thing(years, "indicator", "indicator", "unit", "mean", by="year", named=True),
        _thing(f"{prefix}projects", "project", "id", literal(DAYS), _day_number(day), text=day,
               named=True),
    ]  # fmt: skip


def _day_number(date: str) -> str:
    """Days since the year 0 in the calendar of simulations."""
    year, month, day = (f"CAST({date}[{a}:{b}] AS INTEGER)" for a, b in ((1, 4), (6, 7), (9, 10)))
    return f"{year} * {YEAR_D} + list_extract({list(FIRST_D)}, {month}) + {day} - 1"


THINGS = {Verb.OPTIMISE: _of_optima, Verb.PLAN: _of_plans, Verb.SIMULATE: _of_simulations}


# --- words


def _cases(prefix: str) -> str:
    """Cases with the year of their money, which failed ones do not have."""
    return (
        f"(SELECT c.*, s.money_year AS priced_in FROM {prefix}cases c"
        f" LEFT JOIN {prefix}summary s ON s.key = c.key)"
    )


def _base_axis(place: int) -> str:
    return f"base_axis_{place}"


def _other_axis(place: int) -> str:
    return f"other_axis_{place}"


def _rank(column: str) -> str:
    return f"list_position([{', '.join(map(literal, SUBJECTS))}], {column})"


def quoted(name: str) -> str:
    """A name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as SQL has it."""
    return "'" + text.replace("'", "''") + "'"
