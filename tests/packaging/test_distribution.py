"""What lands on another machine: one package, whole, as real files.

The tests copy the tree first, so that nothing is built inside it, and use the setuptools of the
running environment, so that nothing is fetched.
"""

import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LINKS = {
    "cli.py": "../cli.py",
    "solvers": "../solvers",
    "parks": "../parks",
    "scenarios": "../scenarios",
}
COPIED = ("cli.py", "solvers", "parks", "scenarios", "symbiosis", "pyproject.toml")
COPIED_TEXTS = ("README.md", "LICENSE")
WHERE = "import symbiosis.cli, symbiosis.solvers.matrix as m; print(symbiosis.__file__, m.__file__)"

pytestmark = pytest.mark.xdist_group("distribution")


def copy_of_tree(target: Path) -> Path:
    """The files that a distribution is made from, links kept as links."""
    target.mkdir()
    ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
    for name in (*COPIED, *COPIED_TEXTS):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, target / name, symlinks=True, ignore=ignored)
        else:
            shutil.copy2(ROOT / name, target / name, follow_symlinks=False)
    return target


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    """Standard output of a command that must succeed."""
    ran = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


def files_below(folder: str, *suffixes: str) -> set[str]:
    """Paths of the tree's files as they must appear in the package."""
    return {
        f"symbiosis/{folder}/{path.relative_to(ROOT / folder).as_posix()}"
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes and "__pycache__" not in path.parts
    }


def expected_files() -> set[str]:
    """Every module and every data file of the tree, by its place in a wheel."""
    package = ROOT / "symbiosis"
    own = {
        f"symbiosis/{path.relative_to(package).as_posix()}"
        for path in package.rglob("*")
        if path.suffix in {".py", ".toml", ".typed", ".yaml"} and "__pycache__" not in path.parts
    }
    linked = files_below("solvers", ".py") | files_below("parks", ".yaml")
    return own | linked | files_below("scenarios", ".yaml") | {"symbiosis/py.typed"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist, and the wheel that was built from the sdist."""
    place = tmp_path_factory.mktemp("built")
    tree = copy_of_tree(place / "a tree")
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", place / "dist", cwd=tree)
    return place / "dist"


@pytest.fixture(scope="module")
def site(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel installed into an empty folder."""
    target = tmp_path_factory.mktemp("site")
    (wheel,) = built.glob("*.whl")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    run(*pip, "--no-compile", "--target", target, wheel, cwd=target)
    return target


@pytest.fixture
def bare_environment(tmp_path: Path) -> Path:
    """The Python of a new environment that sees the libraries of this one."""
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "env", cwd=tmp_path)
    python = tmp_path / "env" / "bin" / "python"
    purelib = run(
        python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path
    )
    Path(purelib.strip(), "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


def installed(python: Path, *what: str | Path) -> None:
    """Install a tree with pip as it stands, without the package registry."""
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-index"]
    alone = ["--no-deps", "--no-build-isolation", "--ignore-installed"]
    run(*pip, *alone, *what, cwd=python.parent)


def names_it_took(python: Path) -> list[str]:
    """Which of the top-level folders can be imported by their bare names."""
    code = "import importlib.util as u; print(*[n for n in %r if u.find_spec(n)])"
    names = ("solvers", "cli", "parks", "scenarios", "tests", "bench")
    return run(python, "-c", code % (names,), cwd=python.parent).split()


@pytest.mark.parametrize(("name", "target"), LINKS.items())
def test_the_links_are_relative_and_lead_to_the_top_level(name: str, target: str) -> None:
    link = ROOT / "symbiosis" / name
    assert os.readlink(link) == target
    assert link.resolve(strict=True) == ROOT / name


def test_the_wheel_holds_every_module_and_data_file(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert names == expected_files()


def test_the_source_distribution_holds_real_files(built: Path) -> None:
    (sdist,) = built.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        members = {m.name.partition("/")[2]: m for m in archive.getmembers()}
    assert not [name for name, member in members.items() if member.issym() or member.islnk()]
    assert expected_files() <= set(members)


def test_a_wheel_adds_only_symbiosis_to_site_packages(site: Path) -> None:
    added = {path.name for path in site.iterdir()} - {"bin", "Scripts"}
    assert {name.partition("-")[0] for name in added} == {"symbiosis"}
    assert not [path for path in site.rglob("*") if path.is_symlink()]


def test_the_wheel_states_licence_command_and_python(built: Path) -> None:
    (wheel,) = built.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (info,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        metadata = archive.read(info).decode("utf-8")
        command = archive.read(info.replace("METADATA", "entry_points.txt")).decode("utf-8")
    assert "License-Expression: Apache-2.0" in metadata
    assert "Requires-Python: >=3.11" in metadata
    assert "symbiosis = symbiosis.cli:main" in command


def test_an_installed_wheel_runs_and_finds_its_parks(site: Path, tmp_path: Path) -> None:
    where = run(sys.executable, "-c", WHERE, cwd=tmp_path, PYTHONPATH=str(site))
    assert where.split() == [
        str(site / "symbiosis" / "__init__.py"),
        str(site / "symbiosis" / "solvers" / "matrix.py"),
    ]
    listed = run(sys.executable, "-m", "symbiosis", "parks", cwd=tmp_path, PYTHONPATH=str(site))
    assert "jinchang" in listed


def test_pip_install_from_the_tree_adds_one_name(bare_environment: Path, tmp_path: Path) -> None:
    tree = copy_of_tree(tmp_path / "tree")
    installed(bare_environment, tree)
    where = run(bare_environment, "-c", WHERE, cwd=tmp_path / "env")
    assert all(path.startswith(str(tmp_path / "env")) for path in where.split())
    assert names_it_took(bare_environment) == []


def test_an_editable_install_adds_one_name(bare_environment: Path, tmp_path: Path) -> None:
    tree = copy_of_tree(tmp_path / "tree")
    installed(bare_environment, "--editable", tree)
    where = run(bare_environment, "-c", WHERE, cwd=tmp_path / "env")
    assert all(path.startswith(str(tree)) for path in where.split())
    assert names_it_took(bare_environment) == []
    assert "jinchang" in run(bare_environment.parent / "symbiosis", "parks", cwd=tmp_path)


@pytest.mark.long
def test_mypy_finds_nothing_in_strict_mode() -> None:
    run(sys.executable, "-m", "mypy", "--strict", cwd=ROOT)
