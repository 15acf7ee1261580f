"""What pays for projects: own money of each year, and money from others on their terms."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from symbiosis.park.quantity import Evidence, Money, Noun, Share, Text, Years


class InstrumentKind(StrEnum):
    """How money from others is given."""

    SUBSIDY = "subsidy"  # 补助：不还
    LOAN = "loan"  # 贷款：还本付息，可贴息
    CONTRACT = "contract"  # 合同能源管理：对方出资，园区按年支付


WANTED = {
    InstrumentKind.SUBSIDY: (),
    InstrumentKind.LOAN: ("interest", "term"),
    InstrumentKind.CONTRACT: ("return", "term"),
}
"""What each kind must state; what stands at no place here is refused for it."""
ALLOWED = WANTED | {InstrumentKind.LOAN: ("interest", "term", "interest_subsidy")}
TERMS = ("interest", "return", "term", "interest_subsidy")


class Instrument(Evidence):
    """Money from others towards projects, up to a share of every payment for them.

    A loan, and what the provider of a contract has paid, goes back in equal yearly parts over the
    term, from the year after the money came. Interest and return are real, as all money is here.
    """

    kind: InstrumentKind
    name_zh: Text
    name_en: Text
    each_year: Money | None = Field(None, description="at most in each year; empty = no limit")
    share: Share = Field(
        default=Share(value="100 %"), description="at most of each payment for a project"
    )
    interest: Share | None = Field(None, description="of a loan, per year, real")
    interest_subsidy: Share | None = Field(
        None, description="share of a loan's interest that the state pays"
    )
    return_: Share | None = Field(None, alias="return", description="of a contract, per year, real")
    term: Years | None = Field(None, description="over which it is paid back, in whole years")
    projects: tuple[Text, ...] = Field((), description="only for these; empty = for any project")

    @model_validator(mode="after")
    def _has_its_terms(self) -> Self:
        stated = [key for key in TERMS if getattr(self, key.replace("return", "return_"))]
        for key in WANTED[self.kind]:
            if key not in stated:
                raise PydanticCustomError(
                    "terms_missing", "terms", {"term": key, "kind": self.kind.value}
                )
        for key in stated:
            if key not in ALLOWED[self.kind]:
                raise PydanticCustomError(
                    "terms_strange", "terms", {"term": key, "kind": self.kind.value}
                )
        if self.term is not None and abs(self.term.amount - round(self.term.amount)) > 1e-9:
            raise PydanticCustomError("term_in_parts", "terms", {"term": self.term.value})
        return self


class Financing(Noun):
    """The money of each year: the park's own, and what others give."""

    own: Money | None = Field(None, description="own money of each year")
    carried_over: bool = Field(False, description="own money that is not spent stays for later")
    instruments: dict[str, Instrument] = Field(default_factory=dict)
