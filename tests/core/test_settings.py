"""Settings are typed, refused early, and each is documented."""

import pytest

from core.errors import WrongSetting
from core.settings import ROOT, Settings


def test_settings_come_from_the_environment() -> None:
    settings = Settings.from_environ({"HOTLINE_INTAKE_PORT": "8123", "HOTLINE_HTTPS": "true", "PATH": "/bin"})
    assert (settings.intake_port, settings.https) == (8123, True)


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert Settings.from_environ({"HOTLINE_DATABASE_URL": ""}).database_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOTLINE_INTAKE_PORT", "none"),
        ("HOTLINE_INTAKE_PORT", "70000"),
        ("HOTLINE_BATCH", "0"),
        ("HOTLINE_HTTPS", "2x"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_variable(name: str, value: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        Settings.from_environ({name: value})
    assert str(refused.value).startswith(f"{name}: ")
    assert "\n" not in str(refused.value)


def test_what_does_not_go_together_is_refused() -> None:
    host = {"HOTLINE_SMTP_HOST": "mail.example"}
    with pytest.raises(WrongSetting, match="HOTLINE_SMTP_FROM: "):
        Settings.from_environ(host)
    sender = {"HOTLINE_SMTP_FROM": "desk@hotline.example", "HOTLINE_SMTP_TLS": "none"}
    with pytest.raises(WrongSetting, match="HOTLINE_SMTP_TLS: "):
        Settings.from_environ(host | sender)
    assert Settings.from_environ(sender | {"HOTLINE_SMTP_HOST": "127.0.0.1"}).smtp_host


def test_an_unknown_setting_is_refused_by_name() -> None:
    with pytest.raises(WrongSetting, match="HOTLINE_PROT: no such setting"):
        Settings.from_environ({"HOTLINE_PROT": "1"})


@pytest.mark.parametrize("name", Settings.__struct_fields__)
def test_every_setting_is_documented(name: str) -> None:
    assert f"`HOTLINE_{name.upper()}`" in (ROOT / "docs/settings.md").read_text()
