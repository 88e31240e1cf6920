"""Shared fixtures."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).parent.parent
# A busy machine is no fault of the code; examples are few because each builds whole tables.
settings.register_profile("oretrace", deadline=None, max_examples=40, print_blob=True)
settings.load_profile("oretrace")
# Every Java that a test starts, servers and their tools alike, starts in a third of the time on two cores.
os.environ.setdefault("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real data; the test skips where it is absent."""
    folder = Path(os.environ.get("ORETRACE_DATA_DIR", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "trade").is_dir():
        pytest.skip(f"no real data at {folder}; set ORETRACE_DATA_DIR to run this test")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules with slow tests come first, so that no worker is left alone with one of them at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)
