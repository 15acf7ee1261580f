"""Whether the names that a park file mentions are there.

The checks read the plain tree, not the validated park, so that they find what is wrong even where
other parts of the file do not validate; all findings are shown together.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from symbiosis.errors import Problem, listed, nearest
from symbiosis.park.declaration import Declaration

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Findings:
    """What a check finds, with the place in the file."""

    declaration: Declaration
    problems: list[Problem] = field(default_factory=list)

    def add(self, path: Path, code: str, **details: Any) -> None:
        """Note one finding at ``path``."""
        key = ".".join(str(part) for part in path)
        place = self.declaration.place(path)
        self.problems.append(Problem(code, place.file, place.line, key, details))

    def name(self, path: Path, found: Any, allowed: Iterable[str], what: str) -> None:
        """Note ``found`` unless it is one of ``allowed``."""
        names = list(allowed)
        if isinstance(found, str) and found not in names:
            near = nearest(found, names)
            self.add(
                path, "unknown_name", found=found, what=what, nearest=near, allowed=listed(names)
            )


def section(tree: Any, name: str) -> dict[str, dict[str, Any]]:
    """The entries of a section that are mappings; nothing where the section is missing."""
    entries = tree.get(name) if isinstance(tree, dict) else None
    if not isinstance(entries, dict):
        return {}
    return {str(key): entry for key, entry in entries.items() if isinstance(entry, dict)}


def texts(value: Any) -> list[tuple[Path, str]]:
    """A name or a list of names as (path behind the key, name)."""
    if isinstance(value, str):
        return [((), value)]
    if isinstance(value, list):
        return [((i,), text) for i, text in enumerate(value) if isinstance(text, str)]
    return []


def units_of(tree: Any) -> Iterator[tuple[Path, str, dict[str, Any]]]:
    """Every unit as (path, enterprise id, entry)."""
    for enterprise, entry in section(tree, "enterprises").items():
        for unit, unit_entry in section(entry, "units").items():
            yield ("enterprises", enterprise, "units", unit), enterprise, unit_entry


def dotted(tree: Any, kind: str) -> dict[str, tuple[Path, dict[str, Any]]]:
    """Every by-product or use (``kind``) by ``enterprise.name``, with its path and entry."""
    return {
        f"{enterprise}.{name}": ((*path, kind, name), entry)
        for path, enterprise, unit in units_of(tree)
        for name, entry in section(unit, kind).items()
    }


def check_references(declaration: Declaration) -> list[Problem]:
    """Every name that is mentioned and does not exist, and every id that stands twice."""
    found = Findings(declaration)
    tree = declaration.tree
    for check in (_enterprises, _byproducts, _uses, _links, _projects, _heaps, _calibration):
        check(tree, found)
    _sources(tree, (), set(section(tree, "sources")), found)
    return found.problems


def _enterprises(tree: Any, found: Findings) -> None:
    boundaries = section(tree, "boundaries")
    for name, entry in section(tree, "enterprises").items():
        for extra, boundary in texts(entry.get("inside")):
            path = ("enterprises", name, "inside", *extra)
            found.name(path, boundary, boundaries, "boundary")
        seen: dict[str, str] = {}
        for unit, unit_entry in section(entry, "units").items():
            for kind in ("byproducts", "uses"):
                for own in section(unit_entry, kind):
                    if own in seen:
                        path = ("enterprises", name, "units", unit, kind, own)
                        found.add(path, "duplicate_id", found=f"{name}.{own}", other=seen[own])
                    seen[own] = f"{unit}.{kind}"


def _byproducts(tree: Any, found: Findings) -> None:
    materials, taxes = section(tree, "materials"), _taxes(tree)
    for path, entry in dotted(tree, "byproducts").values():
        found.name((*path, "material"), entry.get("material"), materials, "material")
        found.name((*path, "tax"), entry.get("tax"), taxes, "environmental tax")


def _taxes(tree: Any) -> list[str]:
    policy = tree.get("policy") if isinstance(tree, dict) else None
    taxes = policy.get("environmental_tax") if isinstance(policy, dict) else None
    return [str(name) for name in taxes] if isinstance(taxes, dict) else []


def _uses(tree: Any, found: Findings) -> None:
    materials, treatments = section(tree, "materials"), section(tree, "treatments")
    documents = section(tree, "rate_documents")
    for path, entry in dotted(tree, "uses").values():
        counts = entry.get("counts_as")
        if isinstance(counts, dict):
            for document in counts:
                found.name((*path, "counts_as", document), document, documents, "rate document")
            for document in set(documents) - set(counts):
                found.add((*path, "counts_as"), "missing_document", found=document)
        groups = entry.get("groups")
        for material, accept in section(entry, "accepts").items():
            here = (*path, "accepts", material)
            found.name(here, material, materials, "material")
            found.name((*here, "treatment"), accept.get("treatment"), treatments, "treatment")
            found.name((*here, "group"), accept.get("group"), groups or (), "group of this use")
            companion = accept.get("companion")
            if isinstance(companion, dict):
                for extra, other in texts(companion.get("materials")):
                    at = (*here, "companion", "materials", *extra)
                    found.name(at, other, section(entry, "accepts"), "material accepted here")


def _links(tree: Any, found: Findings) -> None:
    byproducts, uses = dotted(tree, "byproducts"), dotted(tree, "uses")
    enterprises = section(tree, "enterprises")
    modes, projects = section(tree, "transport"), section(tree, "projects")
    for name, entry in section(tree, "links").items():
        path: Path = ("links", name)
        found.name((*path, "mode"), entry.get("mode"), modes, "mode of transport")
        found.name((*path, "project"), entry.get("project"), projects, "project")
        for key in ("byproduct", "residue"):
            _end((*path, key), entry.get(key), byproducts, enterprises, "by-product", found)
        for extra, use in texts(entry.get("uses")):
            at = (*path, "uses", *extra)
            _end(at, use, uses, enterprises, "use", found)
            _accepted(at, entry.get("byproduct"), use, byproducts, uses, found)


def _end(
    path: Path,
    name: Any,
    known: dict[str, tuple[Path, dict[str, Any]]],
    enterprises: dict[str, dict[str, Any]],
    what: str,
    found: Findings,
) -> None:
    """One end of a link: first whether the enterprise is there, then whether it has the thing."""
    if not isinstance(name, str) or name in known:
        return
    enterprise, dot, _ = name.partition(".")
    if not dot:
        found.add(path, "not_dotted", found=name, what=what, nearest=nearest(name, known))
    elif enterprise not in enterprises:
        found.name(path, enterprise, enterprises, "enterprise")
    else:
        own = [other for other in known if other.startswith(f"{enterprise}.")]
        found.name(path, name, own, what)


def _accepted(
    path: Path,
    byproduct: Any,
    use: str,
    byproducts: dict[str, tuple[Path, dict[str, Any]]],
    uses: dict[str, tuple[Path, dict[str, Any]]],
    found: Findings,
) -> None:
    if byproduct not in byproducts or use not in uses:
        return
    material = byproducts[byproduct][1].get("material")
    accepts = section(uses[use][1], "accepts")
    if isinstance(material, str) and material not in accepts:
        found.add(path, "not_accepted", found=material, use=use, allowed=listed(accepts))


def _projects(tree: Any, found: Findings) -> None:
    links, enterprises = section(tree, "links"), section(tree, "enterprises")
    projects = section(tree, "projects")
    for name, entry in projects.items():
        for key in ("after", "excludes"):
            for extra, other in texts(entry.get(key)):
                found.name(("projects", name, key, *extra), other, projects, "project")
        found.name(("projects", name, "owner"), entry.get("owner"), enterprises, "enterprise")
        for extra, link in texts(entry.get("links")):
            found.name(("projects", name, "links", *extra), link, links, "link")


def _heaps(tree: Any, found: Findings) -> None:
    byproducts = dotted(tree, "byproducts")
    for name, entry in section(tree, "stockpiles").items():
        path = ("stockpiles", name, "byproduct")
        found.name(path, entry.get("byproduct"), byproducts, "by-product")


def _calibration(tree: Any, found: Findings) -> None:
    byproducts, uses = dotted(tree, "byproducts"), dotted(tree, "uses")
    known: dict[str, tuple[Iterable[str], str]] = {
        **dict.fromkeys(("used_share", "used", "generated"), (byproducts, "by-product")),
        **dict.fromkeys(("filled", "need"), (uses, "use")),
        "intake": (section(tree, "links"), "link"),
        "stock": (section(tree, "stockpiles"), "stockpile"),
    }
    for name, entry in section(tree, "calibration").items():
        modelled = entry.get("modelled")
        for key, (names, what) in known.items():
            for extra, text in texts(modelled.get(key) if isinstance(modelled, dict) else None):
                found.name(("calibration", name, "modelled", key, *extra), text, names, what)


def _sources(node: Any, path: Path, known: set[str], found: Findings) -> None:
    """Every ``source`` key anywhere in the file names an entry of the section ``sources``."""
    if isinstance(node, list):
        for i, item in enumerate(node):
            _sources(item, (*path, i), known, found)
    if not isinstance(node, dict):
        return
    for key, value in node.items():
        if key == "source":
            for extra, source in texts(value):
                found.name((*path, key, *extra), source, known, "source")
        else:
            _sources(value, (*path, key), known, found)
