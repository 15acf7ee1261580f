"""The tables of a result set: their columns, and of which kind each is.

Every table but ``cases`` has the column ``key`` in front, which names the case. Columns say their
unit in their name or in a column ``unit``; a column never changes its kind.
"""

from collections.abc import Mapping

from symbiosis.batch.case import Verb

Kind = str
"""``text``, ``float``, ``int`` or ``bool``."""
Columns = Mapping[str, Kind]


def _columns(said: str) -> dict[str, Kind]:
    """``name:kind``; a name alone is text."""
    pairs = (word.partition(":") for word in said.split())
    return {name: kind or "text" for name, _, kind in pairs}


AMOUNTS = "amount_t:float amount_gj:float amount_nm3:float amount_m3:float amount_kwh:float"
SPREAD = "runs:int mean:float p05:float p50:float p95:float"

CASES = _columns("key name park scenario status error message_zh message_en seed:int seconds:float")
"""One row for each case; the axes of the sweep follow."""

OPTIMISE: Mapping[str, Columns] = {
    "summary": _columns(
        "key status objective value:float gap:float utilisation_rate:float numerator_t:float"
        " denominator_t:float without_backfill:float cost_cny:float co2e_t:float year:int"
        " money_year:int boundary document solver solver_version"
    ),
    "flows": _columns(
        "key link name_zh name_en from to byproduct use material status period"
        f" {AMOUNTS} delivered_share:float counted_as_utilised_t:float transport_cny:float"
        " treatment_cny:float capital_cny:float subsidy_cny:float link_grade"
    ),
    "disposal": _columns(
        f"key producer byproduct material period route route_kind {AMOUNTS} fee_cny:float"
        " tax_cny:float"
    ),
    "purchases": _columns(
        f"key enterprise use virgin_zh virgin_en period {AMOUNTS} cost_cny:float"
    ),
    "byproducts": _columns(
        "key producer byproduct name_zh name_en material waste_class enters_rate:bool unit"
        " generated:float drawn_from_stock:float used:float left:float used_share:float"
    ),
    "units": _columns(
        "key unit load:float max_load:float passed_on:float running_less_income_cny:float"
    ),
    "stocks": _columns(
        "key stockpile byproduct unit stock:float stock_year drawn:float left:float"
    ),
    "costs": _columns("key item cost_cny:float"),
    "indicators": _columns(
        "key id name_zh name_en value:float unit numerator:float denominator:float amount_unit"
    ),
}
PLAN: Mapping[str, Columns] = {
    "summary": _columns(
        "key status objective npv_cny:float invested_cny:float rest_cny:float owed_cny:float"
        " subsidies_cny:float money_year:int missed:int gap:float solver solver_version"
    ),
    "projects": _columns(
        "key id name_zh name_en year:int runs_from:int size share:float cost_cny:float"
        " again_cny:float rest_cny:float priced:bool grade"
    ),
    "years": _columns(
        "key year:int utilisation_rate:float numerator_t:float denominator_t:float"
        " invested_cny:float of_it_again_cny:float own_cny:float given_cny:float"
        " repaid_cny:float interest_from_state_cny:float available_cny:float left_cny:float"
        " exchanges_cny:float saved_cny:float"
    ),
    "targets": _columns("key rate:float by:int price_cny_per_t:float met:bool"),
}
SIMULATE: Mapping[str, Columns] = {
    "summary": _columns("key runs:int failed:int seed:int narrow:bool money_year:int solver"),
    "years": _columns(f"key year:int indicator name_zh name_en unit {SPREAD}"),
    "targets": _columns(
        "key id name_zh name_en by milestone indicator comparator value:float change"
        " probability:float low:float high:float judged:int kept_with_80 kept_with_95 unit"
        " margin_mean:float margin_p05:float margin_p50:float margin_p95:float"
    ),
    "projects": _columns(
        "key id name_zh name_en started_p05 started_p50 started_p95 commissioned_p05"
        " commissioned_p50 commissioned_p95 finished_p05 finished_p50 finished_p95"
        " commissioned_share:float criticality:float spent_cny:float"
    ),
}
OF: Mapping[Verb, Mapping[str, Columns]] = {
    Verb.OPTIMISE: OPTIMISE,
    Verb.PLAN: PLAN,
    Verb.SIMULATE: SIMULATE,
}


def tables_of_set(verb: Verb, axes: Columns) -> dict[str, Columns]:
    """Every table of a result set, ``cases`` last: with it a part is whole."""
    return {**OF[verb], "cases": {**CASES, **axes}}
