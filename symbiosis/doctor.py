"""``doctor``: what is installed, what is missing, and what to do about it. Loads no solver."""

import platform
import shutil
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from symbiosis.errors import InputError

PACKAGES = (
    "pyomo",
    "highspy",
    "swiglpk",
    "numpy",
    "scipy",
    "pandas",
    "pyarrow",
    "duckdb",
    "fsspec",
    "distributed",
    "networkx",
    "matplotlib",
    "zhplot",
    "pint",
    "pydantic",
    "PyYAML",
    "rich",
    "typer",
)
EXECUTABLES = ("glpsol", "cbc", "scip", "highs", "gurobi_cl", "cplex", "ipopt")
"""Solvers that Pyomo drives as executables; ipopt solves no models with integers."""

Finding = dict[str, Any]


def examine() -> Finding:
    """Backends, versions, fonts, executables, and what is missing (``{code, found}``)."""
    backends, packages, fonts = backend_rows(), package_versions(), font_rows()
    return {
        "version": own_version(),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "backends": backends,
        "packages": packages,
        "fonts": fonts,
        "executables": [{"name": n, "path": shutil.which(n)} for n in EXECUTABLES],
        "missing": list(missing(backends, packages, fonts)),
    }


def own_version() -> str:
    """The version of this program; ``not installed`` where it runs from a bare checkout."""
    return installed_version("symbiosis") or "not installed"


def installed_version(package: str) -> str | None:
    """The version of an installed package, found without importing it."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def backend_rows() -> list[Finding]:
    """The solvers that run in process: name, title, version, available, licence."""
    from symbiosis.solvers.backends import installed

    return [
        {
            "name": row.name,
            "title": row.title,
            "version": row.version,
            "available": row.available,
            "licence": row.licence,
        }
        for row in installed()
    ]


def package_versions() -> dict[str, str | None]:
    """The version of every package that the program builds on; None where it is missing."""
    return {package: installed_version(package) for package in PACKAGES}


def font_rows() -> list[Finding]:
    """The font that pictures are set in; none where no font has Chinese glyphs."""
    try:
        from symbiosis.report.fonts import chinese_font, packaged_fonts

        path: Path = chinese_font()
    except (ImportError, InputError):
        return []
    origin = "zhplot" if path in packaged_fonts() else "system"
    return [{"name": path.stem, "path": str(path), "from": origin}]


def missing(
    backends: list[Finding], packages: dict[str, str | None], fonts: list[Finding]
) -> Iterator[Finding]:
    """What is not there and would be of use."""
    if not any(row["available"] for row in backends):
        yield {"code": "missing_every_solver", "found": ", ".join(row["name"] for row in backends)}
    for row in backends:
        if not row["available"]:
            yield {"code": f"missing_{row['name']}", "found": row["title"]}
    own = {"highspy", "swiglpk"}
    for package, found in packages.items():
        if found is None and package not in own:
            yield {"code": "missing_package", "found": package}
    if not fonts:
        yield {"code": "missing_font", "found": "Noto Sans SC"}
