"""Starting a language: one command, one folder."""

from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from core.web.locale import read_language
from ops import messages
from ops.messages import LanguageIsThere, NoSuchLanguage


@pytest.mark.parametrize(("code", "folder"), [("nb", "nb"), ("zh-Hant", "zh_Hant"), ("pt_BR", "pt_BR")])
def test_a_new_language_begins_with_every_message_and_as_a_draft(tmp_path: Path, code: str, folder: str) -> None:
    path = messages.start(code, tmp_path)
    assert messages.refresh(tmp_path) == [path]
    assert path.relative_to(tmp_path).parts[0] == folder
    assert len(read_po(BytesIO(path.read_bytes()))) == len(messages.extract())
    assert not read_language(path).is_reviewed
    assert messages.refresh(tmp_path) == []


def test_a_language_that_is_there_is_left_alone(tmp_path: Path) -> None:
    messages.start("fr", tmp_path)
    with pytest.raises(LanguageIsThere, match="fr"):
        messages.start("fr", tmp_path)


@pytest.mark.parametrize("code", ["xx", "", "../en", "french", "123"])
def test_what_is_no_language_is_refused(tmp_path: Path, code: str) -> None:
    with pytest.raises(NoSuchLanguage):
        messages.start(code, tmp_path)
    assert list(tmp_path.iterdir()) == []
