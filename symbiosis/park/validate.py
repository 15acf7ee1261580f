"""Declaration -> ``Park``, or every problem at once.

Structure and ranges are checked by the nouns themselves (pydantic), names by
:mod:`symbiosis.park.references`, units by :mod:`symbiosis.park.dimensions`. All three run on every
file, so that one list shows everything that is wrong.
"""

from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from symbiosis.errors import InputError, Problem, listed, nearest
from symbiosis.park.carbon_checks import check_carbon
from symbiosis.park.declaration import Declaration
from symbiosis.park.dimensions import check_dimensions
from symbiosis.park.heat_checks import check_heat
from symbiosis.park.park import Park
from symbiosis.park.project_checks import check_projects
from symbiosis.park.quality_checks import check_quality
from symbiosis.park.references import check_references
from symbiosis.park.season_checks import check_seasons
from symbiosis.park.sense import check_sense
from symbiosis.park.tariff_checks import check_tariffs
from symbiosis.park.terms_checks import check_terms

Path = tuple[str | int, ...]

TYPES = {
    "string_type": "text",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "tuple_type": "a list",
    "list_type": "a list",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "finite_number": "a finite number",
}


def validate(declaration: Declaration) -> Park:
    """The park that ``declaration`` declares. Raises :class:`InputError` with all problems."""
    if not isinstance(declaration.tree, dict):
        raise InputError([_not_a_mapping(declaration)])
    problems = check_references(declaration) + check_dimensions(declaration)
    problems += check_sense(declaration)
    problems += check_quality(declaration)
    problems += check_heat(declaration)
    problems += check_terms(declaration)
    problems += check_seasons(declaration)
    problems += check_projects(declaration)
    problems += check_carbon(declaration)
    problems += check_tariffs(declaration)
    try:
        park = Park.model_validate(declaration.tree)
    except ValidationError as error:
        problems += structure_problems(error, Park, declaration)
    if problems:
        raise InputError(in_file_order(problems))
    return park


def in_file_order(problems: list[Problem]) -> list[Problem]:
    """Problems by file and line; of equal ones only the first."""
    distinct = {(p.code, p.file, p.line, p.key): p for p in problems}
    return sorted(distinct.values(), key=lambda p: (p.file, p.line or 0))


def structure_problems(
    error: ValidationError, model: type[BaseModel], declaration: Declaration
) -> list[Problem]:
    """What pydantic found, as problems with their places."""
    return [
        _problem(detail, model, declaration)
        for detail in error.errors(include_url=False, include_input=True)
    ]


def _problem(detail: ErrorDetails, model: type[BaseModel], declaration: Declaration) -> Problem:
    path: Path = tuple(part for part in detail["loc"] if part != "[key]")
    code, details = _explained(detail, path, model)
    place = declaration.place(path)
    return Problem(code, place.file, place.line, ".".join(map(str, path)), details)


def _explained(
    detail: ErrorDetails, path: Path, model: type[BaseModel]
) -> tuple[str, dict[str, Any]]:
    """Our code and details for one finding of pydantic."""
    kind, found, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        allowed = keys_of(model_at(model, path[:-1]))
        near = nearest(str(path[-1]), allowed)
        return "unknown_key", {"found": path[-1], "nearest": near, "allowed": listed(allowed, 20)}
    if kind == "missing":
        return "missing_key", {"found": path[-1]}
    if kind in ("enum", "literal_error"):
        names = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ").split(", ")
        near = nearest(str(found), names)
        return "not_allowed", {"found": found, "nearest": near, "allowed": listed(names, 20)}
    if kind in TYPES:
        return "wrong_type", {"found": shown(found), "expected": TYPES[kind]}
    if kind in ("string_too_short",):
        return "empty_text", {}
    if kind in ("too_short",):
        return "empty_list", {}
    if kind == "greater_than_equal":
        return "too_small", {"found": found, "least": context["ge"]}
    if kind in ("string_pattern_mismatch", "less_than_equal"):
        return "out_of_range", {"found": shown(found), "expected": detail["msg"]}
    plain = shown(found) if isinstance(found, dict | list) else found
    return kind, {"found": plain, **context}


def shown(value: Any) -> str:
    """A value as it is named in a message, cut where it is long."""
    if isinstance(value, dict):
        return "a mapping"
    if isinstance(value, list):
        return "a list"
    if value is None:
        return "nothing"
    text = str(value)
    return f"'{text[:60]}…'" if len(text) > 60 else f"'{text}'"


def keys_of(model: type[BaseModel] | None) -> list[str]:
    """The keys that a mapping may have, as they are written in a file."""
    if model is None:
        return []
    return [field.alias or name for name, field in model.model_fields.items()]


def model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """The model that describes the mapping at ``path`` below ``model``."""
    annotation: Any = model
    for part in path:
        inner = _model_in(annotation)
        if inner is not None:
            fields = {f.alias or n: f.annotation for n, f in inner.model_fields.items()}
            annotation = fields.get(str(part))
        else:
            annotation = _item_of(annotation)
    return _model_in(annotation)


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model class in an annotation such as ``Model`` or ``Model | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) in (dict, tuple, list):
        return None
    return next((m for m in map(_model_in, get_args(annotation)) if m is not None), None)


def _item_of(annotation: Any) -> Any:
    """What a mapping or list holds: the X of ``dict[str, X]`` and ``tuple[X, ...]``."""
    for candidate in (annotation, *get_args(annotation)):
        if get_origin(candidate) is dict:
            return get_args(candidate)[1]
        if get_origin(candidate) in (tuple, list):
            return get_args(candidate)[0]
    return None


def _not_a_mapping(declaration: Declaration) -> Problem:
    details = {"found": shown(declaration.tree), "expected": "a mapping"}
    return Problem("wrong_type", str(declaration.document.path), 1, "", details)
