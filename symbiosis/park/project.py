"""A project: a circular retrofit (循环化改造项目)."""

from enum import StrEnum
from typing import Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from symbiosis.park.quantity import AmountPerYear, Evidence, Money, Share, Text, Year, Years


class ProjectType(StrEnum):
    """Kinds of circular retrofit, as the plans of Gansu and Shanxi name them."""

    CHAIN_FILLING = "chain_filling"  # 补链
    CHAIN_EXTENDING = "chain_extending"  # 延链
    SUPPORTING = "supporting"  # 配套
    DEEP_PROCESSING = "deep_processing"  # 深加工
    INFRASTRUCTURE = "infrastructure"  # 基础设施
    PLATFORM = "platform"  # 信息平台
    SERVICE = "service"  # 第三方服务


class ProjectStatus(StrEnum):
    """How far a project is."""

    DONE = "done"
    BUILDING = "building"
    PLANNED = "planned"
    SUPERSEDED = "superseded"


class ProjectSize(Evidence):
    """One size in which a project can be built."""

    id: Text = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$")
    share: Share = Field(description="part of the capacity of its links; 100 % = the whole")
    investment: Money


class Project(Evidence):
    """A retrofit that adds or changes units, links or capacities once it is commissioned."""

    name_zh: Text
    name_en: Text
    owner: str | None = Field(None, description="enterprise that invests")
    types: tuple[ProjectType, ...] = Field(min_length=1)
    status: ProjectStatus
    state: str | None = Field(None, description="status as the source words it")
    investment: Money | None = None
    capacity: AmountPerYear | None = None
    capacity_note: str | None = None
    started: Year | None = Field(None, description="year or year-month")
    finished: Year | None = Field(None, description="year or year-month")
    from_: int | None = Field(None, alias="from", description="first year in which it runs")
    effect: str | None = None
    links: tuple[Text, ...] = ()
    lead: Years | None = Field(None, description="from its first money until it runs; empty = 1 a")
    ramp: tuple[Share, ...] = Field(
        (),
        description="share of capacity in each year of running, the last one stays; empty = all",
    )
    life: Years | None = Field(
        None, description="until it is built anew; empty = finance.asset_life"
    )
    sizes: tuple[ProjectSize, ...] = Field(
        (), description="of which one is chosen; empty = the whole, at the investment"
    )
    after: tuple[Text, ...] = Field((), description="projects that must run before it is begun")
    excludes: tuple[Text, ...] = Field((), description="projects of which only one can be done")

    @model_validator(mode="after")
    def _sizes_differ(self) -> Self:
        ids = [size.id for size in self.sizes]
        for one in ids:
            if ids.count(one) > 1:
                raise PydanticCustomError("size_twice", "sizes", {"size": one})
        return self
