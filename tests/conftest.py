"""Shared fixtures."""

import os
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real data; the test skips where it is absent."""
    folder = Path(os.environ.get("ORETRACE_DATA_DIR", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "trade").is_dir():
        pytest.skip(f"no real data at {folder}; set ORETRACE_DATA_DIR to run this test")
    return folder
