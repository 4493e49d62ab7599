"""Writing systems, told by code point: enough to tell languages apart and to see letters that pose as others."""

from bisect import bisect_right

LATIN, GREEK, CYRILLIC, ARMENIAN, HEBREW, ARABIC = "Latn", "Grek", "Cyrl", "Armn", "Hebr", "Arab"
DEVANAGARI, THAI, HANGUL, KANA, HAN = "Deva", "Thai", "Hang", "Kana", "Hani"
_RANGES = (
    (0x41, 0x5A, LATIN),
    (0x61, 0x7A, LATIN),
    (0xAA, 0xAA, LATIN),
    (0xBA, 0xBA, LATIN),
    (0xC0, 0xD6, LATIN),
    (0xD8, 0xF6, LATIN),
    (0xF8, 0x2AF, LATIN),
    (0x370, 0x3FF, GREEK),
    (0x400, 0x52F, CYRILLIC),
    (0x531, 0x587, ARMENIAN),
    (0x5D0, 0x5F4, HEBREW),
    (0x620, 0x64A, ARABIC),
    (0x66E, 0x6D5, ARABIC),
    (0x6EE, 0x6EF, ARABIC),
    (0x6FA, 0x6FF, ARABIC),
    (0x750, 0x77F, ARABIC),
    (0x900, 0x963, DEVANAGARI),
    (0x971, 0x97F, DEVANAGARI),
    (0xE01, 0xE3A, THAI),
    (0x1100, 0x11FF, HANGUL),
    (0x1E00, 0x1EFF, LATIN),
    (0x1F00, 0x1FFF, GREEK),
    (0x3041, 0x30FF, KANA),
    (0x3400, 0x4DBF, HAN),
    (0x4E00, 0x9FFF, HAN),
    (0xAC00, 0xD7A3, HANGUL),
    (0x20000, 0x323AF, HAN),
)
_STARTS = tuple(low for low, _, _ in _RANGES)
SCRIPTS = tuple(dict.fromkeys(name for _, _, name in _RANGES))
TOGETHER = (
    frozenset({HAN, KANA, LATIN}),
    frozenset({HAN, HANGUL, LATIN}),
)
"""Scripts that one language writes side by side (the "highly restrictive" profile of Unicode Technical Standard 39)."""

_LOOK_LATIN = {
    CYRILLIC: "аеорсухіјѕһԁԛԝӏгпкмтвбьзч",
    GREEK: "αορνιτυκχγηερωυ",
    ARMENIAN: "աոսօցհյքզ",
}


def script_of(character: str) -> str:
    """Empty for digits, marks and what is not listed."""
    code = ord(character)
    place = bisect_right(_STARTS, code) - 1
    return _RANGES[place][2] if place >= 0 and code <= _RANGES[place][1] else ""


def scripts_of(text: str) -> frozenset[str]:
    return frozenset(script for character in set(text) if (script := script_of(character)))


def is_mixed(text: str) -> bool:
    """Whether scripts stand together that no language writes together."""
    scripts = scripts_of(text)
    return len(scripts) > 1 and not any(scripts <= together for together in TOGETHER)


def looks_latin(text: str) -> bool:
    """Whether every letter of another script could be taken for a Latin one."""
    scripts = scripts_of(text)
    if len(scripts) != 1 or not scripts <= _LOOK_LATIN.keys():
        return False
    return all(not script_of(letter) or letter in _LOOK_LATIN[next(iter(scripts))] for letter in text)
