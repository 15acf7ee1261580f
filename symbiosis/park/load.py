"""A park file, bundled or anyone's, as a ``Park``."""

from importlib import resources
from pathlib import Path

from symbiosis.errors import InputError, Problem, listed, nearest
from symbiosis.park.declaration import Declaration
from symbiosis.park.park import Park
from symbiosis.park.validate import validate
from symbiosis.yamlfile import read


def bundled(kind: str) -> dict[str, Path]:
    """The files that come with the package: ``kind`` is ``parks`` or ``scenarios``."""
    folder = Path(str(resources.files("symbiosis") / kind))
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def find(name: str | Path, kind: str) -> Path:
    """The file behind a bundled name or a path. Raises :class:`InputError` for neither."""
    known = bundled(kind)
    if str(name) in known:
        return known[str(name)]
    path = Path(name)
    if path.exists() or path.suffix in (".yaml", ".yml") or path.parent != Path("."):
        return path
    details = {
        "found": str(name),
        "what": kind.removesuffix("s"),
        "nearest": nearest(str(name), known),
        "allowed": listed(known, 30),
    }
    raise InputError([Problem("unknown_name", details=details)])


def load_park(name: str | Path) -> Park:
    """The park behind a bundled name (``jinchang``) or a path.

    Raises :class:`InputError` with everything that is wrong with the file.
    """
    return validate(declare(name))


def declare(name: str | Path) -> Declaration:
    """What a park file declares, not yet checked beyond its YAML."""
    return Declaration.of(read(find(name, "parks")))
