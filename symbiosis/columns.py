"""The columns of the tables that a result keeps, for tables that may be without rows."""

from dataclasses import fields

from symbiosis.calibration import CalibrationRow
from symbiosis.indicators import IndicatorValue

AMOUNTS = ("amount_t", "amount_gj", "amount_nm3", "amount_m3", "amount_kwh")

COLUMNS: dict[str, tuple[str, ...]] = {
    "flows": (
        "link", "name_zh", "name_en", "from", "to", "byproduct", "use", "material", "status",
        "period", *AMOUNTS, "delivered_share", "counted_as_utilised_t", "transport_cny",
        "treatment_cny", "capital_cny", "subsidy_cny", "link_grade",
    ),
    "disposal": (
        "producer", "byproduct", "material", "period", "route", "route_kind", *AMOUNTS,
        "fee_cny", "tax_cny",
    ),
    "purchases": (
        "enterprise", "use", "virgin_zh", "virgin_en", "period", *AMOUNTS, "cost_cny",
    ),
    "units": ("unit", "load", "max_load", "passed_on", "running_less_income_cny"),
    "stocks": ("stockpile", "byproduct", "unit", "stock", "stock_year", "drawn", "left"),
    "terms": (
        "link", "name_zh", "name_en", "runs", "sent", "least", "contract", "unit", "fixed_cny",
        "capital_cny",
    ),
    "costs": ("item", "cost_cny"),
    "marginals": ("stage", "period", "constraint", "name_zh", "name_en", "value", "unit"),
    "reasons": (
        "producer", "byproduct", "generated", "used", "unit", "rank", "code", "constraint",
        "text_zh", "text_en", "marginal", "marginal_unit",
    ),
    "indicators": tuple(field.name for field in fields(IndicatorValue)),
    "calibration": tuple(field.name for field in fields(CalibrationRow)),
}  # fmt: skip
