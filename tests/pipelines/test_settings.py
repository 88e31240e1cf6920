from pathlib import Path

import pytest

from pipelines.settings import Settings, redact

KEY = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def _keyed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ORETRACE_COMTRADE_KEY", f"{KEY}, second-key-99")
    monkeypatch.setenv("ORETRACE_HOME", "somewhere")


@pytest.mark.usefixtures("_keyed")
def test_keys_are_read_and_never_shown() -> None:
    settings = Settings.read()
    assert settings.comtrade_keys == (KEY, "second-key-99")
    assert settings.home == Path("somewhere")
    assert KEY not in repr(settings)
    assert KEY not in f"{settings}"


@pytest.mark.usefixtures("_keyed")
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"header {KEY} refused", "header *** refused"),
        ("second-key-99", "***"),
        ("https://x.org/get?subscription-key=abc&period=2020", "https://x.org/get?subscription-key=***&period=2020"),
        ('{"api_key": "abc"}', '{"api_key": "***"}'),
        ("s3://user:word@bucket/data", "s3://***@bucket/data"),
        ("key 2604 of nickel ore", "key 2604 of nickel ore"),
    ],
)
def test_secrets_are_struck_out(text: str, shown: str) -> None:
    assert redact(text) == shown


def test_defaults_need_no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ORETRACE_HOME", "ORETRACE_DATA_URL", "ORETRACE_COMTRADE_KEY", "ORETRACE_COMTRADE_URL"):
        monkeypatch.delenv(name, raising=False)
    settings = Settings.read()
    assert settings.comtrade_keys == ()
    assert settings.data_url is None
    assert settings.home == Path("data/oretrace")
