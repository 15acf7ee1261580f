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
    fitting: dict[str, Any] = _with_single_sources(schema)
    return {"$schema": DRAFT} | fitting | {"title": title}


def _with_single_sources(schema: Any) -> Any:
    """The schema with ``source`` as one id or a list of them, as a file may have it."""
    if isinstance(schema, list):
        return [_with_single_sources(inner) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: _with_single_sources(inner) for key, inner in schema.items()}
    if isinstance(source := found.get("source"), dict) and source.get("type") == "array":
        found["source"] = {"anyOf": [{"type": "string"}, source]}
    return found
