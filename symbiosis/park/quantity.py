"""A quantity: text with a unit, and where the number comes from.

In a file a quantity is either text (``35 CNY/t``) or a mapping that adds its provenance::

    capacity: {value: 2,000,000 t/a, year: 2010, source: s_cntv_2010, grade: B}

The text is converted once, when it is read; ``amount`` is a plain float in the unit that the
quantity's class names.
"""

from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetJsonSchemaHandler,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError

from symbiosis import units


class Noun(BaseModel):
    """Base of everything that a park file declares: unknown keys are refused, values are frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class Grade(StrEnum):
    """What kind of source a number has."""

    A = "A"  # statute, standard or official statistics
    B = "B"  # company, press or literature
    C = "C"  # derived by a stated formula
    D = "D"  # estimate


class Checked(StrEnum):
    """How far a number was checked against its source."""

    SEEN = "seen"
    DERIVED = "derived"
    RECALLED = "recalled"
    ESTIMATE = "estimate"


def _texts(value: Any) -> Any:
    """One source id or a list of them, always as a list."""
    return [value] if isinstance(value, str) else value


_ID = {"type": "string"}
Sources = Annotated[
    tuple[str, ...],
    BeforeValidator(_texts),
    WithJsonSchema({"anyOf": [_ID, {"type": "array", "items": _ID}]}),
]
Year = int | str
Text = Annotated[str, Field(min_length=1)]


class Evidence(Noun):
    """Where a statement comes from: sources, year, grade, how it was checked."""

    year: Year | None = Field(None, description="year the number is for; text such as 'c. 2010'")
    source: Sources = Field((), description="ids in the section 'sources'")
    grade: Grade | None = Field(None, description="A official, B press or company, C derived, D")
    checked: Checked | None = Field(None, description="a recalled value counts one grade lower")
    formula: str | None = Field(None, description="how a derived value was computed")
    note: str | None = None

    @property
    def effective_grade(self) -> Grade | None:
        """The grade that counts: one lower than stated for a value that was only recalled.

        Source: model.md, "Where numbers come from".
        """
        if self.grade is None or self.checked is not Checked.RECALLED:
            return self.grade
        return Grade(min(chr(ord(self.grade) + 1), "D"))


class Quantity(Evidence):
    """Any amount with a unit; subclasses fix the unit and the range that make sense."""

    unit: ClassVar[str | None] = None
    least: ClassVar[float | None] = None
    most: ClassVar[float | None] = None
    example: ClassVar[str] = "35 CNY/t"

    value: str = Field(description="number and unit, such as '4.2 万t/a' or '35 CNY/t'")
    low: str | None = Field(None, description="lower end of the range for sensitivity runs")
    high: str | None = Field(None, description="upper end of the range for sensitivity runs")

    @model_validator(mode="before")
    @classmethod
    def _from_text(cls, data: Any) -> Any:
        if isinstance(data, str | int | float) and not isinstance(data, bool):
            return {"value": str(data)}
        if isinstance(data, dict):
            plain = {k: data[k] for k in ("value", "low", "high") if _is_number(data.get(k))}
            return data | {key: str(number) for key, number in plain.items()}
        return data

    @model_validator(mode="after")
    def _make_sense(self) -> Self:
        for text in (self.value, self.low, self.high):
            if text is not None:
                self._check(text)
        if self.low is not None and self._in_unit(self.low) > self.amount * (1 + 1e-9) + 1e-12:
            raise PydanticCustomError("range_order", "range", {"found": self.low})
        if self.high is not None and self._in_unit(self.high) < self.amount * (1 - 1e-9) - 1e-12:
            raise PydanticCustomError("range_order", "range", {"found": self.high})
        return self

    def _check(self, text: str) -> None:
        try:
            amount = self._in_unit(text)
        except units.UnitError as error:
            details = {
                "found": error.found,
                "nearest": error.nearest,
                "expected": error.expected or self.example,
                "allowed": self.example,
            }
            raise PydanticCustomError(error.code, "unit", details) from error
        if self.least is not None and amount < self.least:
            raise PydanticCustomError("too_small", "range", {"found": text, "least": self.least})
        if self.most is not None and amount > self.most:
            raise PydanticCustomError("too_large", "range", {"found": text, "most": self.most})

    def _in_unit(self, text: str) -> float:
        measure = units.parse(text)
        return measure.value if self.unit is None else measure.to(self.unit)

    @cached_property
    def measure(self) -> units.Measure:
        """The value as a measure (value in base units, dimension, basis)."""
        return units.parse(self.value)

    @cached_property
    def amount(self) -> float:
        """The value as a float in ``unit``, or in base units where the class names none."""
        return self._in_unit(self.value)

    def to(self, unit: str) -> float:
        """The value as a float in ``unit``; raises ``UnitError`` where dimensions differ."""
        return self.measure.to(unit)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, core_schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        as_mapping = handler.resolve_ref_schema(handler(core_schema))
        text = {"type": "string", "examples": [cls.example]}
        return {"title": cls.__name__, "anyOf": [text, as_mapping]}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


class Amount(Quantity):
    """An amount of a material, not below zero: t, GJ, Nm3, m3 or kWh."""

    least = 0.0
    example = "33,000,000 t"


class AmountPerYear(Quantity):
    """An amount per time, not below zero: t/a, 万t/a, GJ/a, Nm3/a, m3/d, MW."""

    least = 0.0
    example = "4.2 万t/a"


class Ratio(Quantity):
    """An amount per amount, not below zero: t/t, kgce/Nm3, GJ/t."""

    least = 0.0
    example = "1.25 t/t"


class Price(Quantity):
    """Money per amount; negative where the taker is paid to take."""

    example = "35 CNY/t"


class Cost(Quantity):
    """Money per amount, not below zero."""

    least = 0.0
    example = "35 CNY/t"


class Money(Quantity):
    """A sum of money, not below zero, in CNY."""

    unit = "CNY"
    least = 0.0
    example = "2.9 亿元"


class MoneyPerYear(Quantity):
    """A sum of money per year, not below zero, in CNY/a."""

    unit = "CNY/a"
    least = 0.0
    example = "120 万元/a"


class Share(Quantity):
    """A share between 0 and 100 %, as a fraction."""

    unit = ""
    least = 0.0
    most = 1.0
    example = "85 %"


class Distance(Quantity):
    """A distance in km, not below zero."""

    unit = "km"
    least = 0.0
    example = "8.1 km"


class Years(Quantity):
    """A length of time in years, above zero."""

    unit = "a"
    least = 1e-6
    example = "15 a"


class Emission(Quantity):
    """CO2e per amount or per amount and distance, not below zero."""

    least = 0.0
    example = "0.44 t/t"


class TaxRate(Cost):
    """Money per amount, from a year on."""

    effective: int | None = Field(None, description="first year in which it is paid")


class CarbonPrice(Quantity):
    """Money per tonne of CO2e, not below zero, from a year on."""

    unit = "CNY/t"
    least = 0.0
    example = "60 CNY/t"

    effective: int | None = Field(None, description="first year in which it is paid")


class Freight(Quantity):
    """Money per amount and distance, not below zero."""

    least = 0.0
    example = "0.45 CNY/(t*km)"

    effective: int | None = Field(
        None, description="first year of the rate; it counts before too, with a warning"
    )
