"""A project: a circular retrofit (循环化改造项目)."""

from enum import StrEnum

from pydantic import Field

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
    after: tuple[Text, ...] = Field((), description="projects that must run before it is begun")
    excludes: tuple[Text, ...] = Field((), description="projects of which only one can be done")
