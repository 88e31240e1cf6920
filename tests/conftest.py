"""Shared fixtures."""

import os
from pathlib import Path

import pytest
from hypothesis import settings

REPOSITORY = Path(__file__).parent.parent
# A busy machine is no fault of the code; examples are few because each builds whole tables.
settings.register_profile("oretrace", deadline=None, max_examples=40, print_blob=True)
settings.load_profile("oretrace")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """Folder of real data; the test skips where it is absent."""
    folder = Path(os.environ.get("ORETRACE_DATA_DIR", REPOSITORY.parent / "shared" / "data"))
    if not (folder / "trade").is_dir():
        pytest.skip(f"no real data at {folder}; set ORETRACE_DATA_DIR to run this test")
    return folder
