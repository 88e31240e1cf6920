"""What pages have in common that open in any browser with the network cut and ask no server for anything.

Style, scripts and data stand in the file itself. Data are JSON in which no character can end a script; a content policy
names scripts and style by their hash and forbids everything else, so that no text in a name can run.
"""

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Any


def embedded(value: Any) -> str:
    """JSON that may stand inside a script element: pure ASCII, without the characters that could end it."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"), sort_keys=True, allow_nan=False)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def policy(scripts: Sequence[str], styles: Sequence[str], *, images: str = "data:", workers: str = "") -> str:
    """Content policy: these scripts, these styles, pictures within the page; no address anywhere.

    `images` and `workers` are sources for these two, for a library that makes some out of its own text."""
    parts = {
        "default-src": "'none'",
        "script-src": " ".join(f"'{_hash(one)}'" for one in scripts),
        "style-src": " ".join(f"'{_hash(one)}'" for one in styles),
        "img-src": images,
        "worker-src": workers,
        "connect-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in parts.items() if sources)


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def part(name: str) -> str:
    """Text of a part of a page: style, script or template, as it stands in the package."""
    return (files("pipelines.views") / "templates" / name).read_text(encoding="utf-8")


@cache
def template(name: str) -> Any:
    """A template that escapes whatever is put into it and refuses to leave a place empty."""
    from jinja2 import Environment, StrictUndefined  # here: only views need it

    return Environment(autoescape=True, undefined=StrictUndefined).from_string(part(name))
