"""Settings come from the environment, and wrong ones are told in a sentence."""

import pytest

from web.commands.faults import Fault
from web.commands.opening import settings
from web.settings import Settings


def test_settings_have_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"GONGYAN_{name.upper()}", raising=False)

    assert settings().database_url == "sqlite:///gongyan.db"
    assert settings().debug is False


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGYAN_DATABASE_URL", "postgresql://ana@db/gongyan")
    monkeypatch.setenv("GONGYAN_IMPORT_BATCH", "7")

    assert settings().database_url == "postgresql://ana@db/gongyan"
    assert settings().import_batch == 7


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, setting in Settings.model_fields.items() if not setting.description] == []


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("GONGYAN_DATABASE_WAIT", "soon", "should be a valid number"),
        ("GONGYAN_DATABASE_WAIT", "0", "should be greater than 0"),
        ("GONGYAN_DATABASE_CONNECTIONS", "0", "should be greater than or equal to 1"),
        ("GONGYAN_IMPORT_BATCH", "1.5", "should be a valid integer"),
        ("GONGYAN_CLOSING_BATCH", "1000000", "should be less than or equal to 100000"),
        ("GONGYAN_DEBUG", "perhaps", "should be a valid boolean"),
    ],
)
def test_a_wrong_setting_is_named(name: str, value: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(Fault) as raised:
        settings()
    assert raised.value.status == 2
    assert name in raised.value.sentence
    assert words in raised.value.sentence
    assert repr(value) in raised.value.sentence
