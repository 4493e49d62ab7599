"""Where an identifier ends: marks of sentences and brackets around it are not part of it, nor are words run into it.

Chinese and Arabic are written without a space between a link and the next word.
"""

import re

_UNSPACED = "\u0600-\u06ff\u0900-\u097f\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
FOREIGN = "。、，；：？！）】》」』”’（【《「『“‘…،؛؟।«»"
LABEL = r"[\w\u0900-\u0963\u0970-\u097f-]"
NAME = rf"(?:{LABEL}{{1,63}}\.)+{LABEL}{{2,63}}"
_RUN_IN_BEFORE = re.compile(rf"^[{_UNSPACED}\w-]*[{_UNSPACED}](?=[A-Za-z0-9])")
_RUN_IN_AFTER = re.compile(rf"(?<=[A-Za-z0-9])[{_UNSPACED}]")
_NEXT = re.compile(r"\]\(|[,;](?=https?:|www\.)")
_MARKS_AT_END = ".,;:!?'*_~|-"
_PAIRS = {")": "(", "]": "[", "}": "{"}


def run_in(name: str) -> int:
    """How many characters of another script are written right before an ASCII name."""
    first = name.partition(".")[0]
    found = _RUN_IN_BEFORE.match(first)
    return found.end() if found else 0


def without_run_on(text: str) -> str:
    """Up to where a script without spaces goes on right after ASCII."""
    if text.isascii():
        return text
    found = _RUN_IN_AFTER.search(text)
    return text[: found.start()] if found else text


def trimmed(link: str) -> str:
    """A link without what only stands around it; a bracket that it opens itself may close."""
    link = without_run_on(link)
    link = link[: other.start()] if (other := _NEXT.search(link)) else link
    extra = {shut: link.count(shut) - link.count(opening) for shut, opening in _PAIRS.items()}
    end = len(link)
    while end and (link[end - 1] in _MARKS_AT_END or extra.get(link[end - 1], 0) > 0):
        end -= 1
        extra[link[end]] = extra.get(link[end], 0) - 1
    return link[:end]
