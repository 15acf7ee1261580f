"""The JSON Schema of park and scenario files, so that editors complete and check them."""

from typing import Any

from symbiosis.park.park import Park

DRAFT = "https://json-schema.org/draft/2020-12/schema"
"""The draft that pydantic writes."""


def schema_of(kind: str) -> dict[str, Any]:
    """The schema of ``park`` or ``scenario`` files, keys as they are written there."""
    if kind == "park":
        return _headed(Park.model_json_schema(by_alias=True), "symbiosis park")
    from symbiosis.scenario import ScenarioFile

    return _headed(ScenarioFile.model_json_schema(by_alias=True), "symbiosis scenario")


def _headed(schema: dict[str, Any], title: str) -> dict[str, Any]:
    return {"$schema": DRAFT} | schema | {"title": title}
