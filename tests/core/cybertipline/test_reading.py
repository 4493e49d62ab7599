"""Reading what a stranger wrote: refused in a moment, and nothing of it is kept."""

import codecs
import resource
import time
from collections.abc import Mapping

import pytest

from core.cybertipline.node import Node
from core.cybertipline.reading import BYTES, DEPTH, ELEMENTS, Unreadable, read

LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
A_SECOND = 1.0

GOOD: Mapping[str, bytes] = {
    "plain": b"<report/>",
    "declared": b'<?xml version="1.0" encoding="UTF-8"?>\n<report/>',
    "declared small": b"<?xml version='1.0' encoding='utf-8' standalone='yes'?><report/>",
    "byte order mark": codecs.BOM_UTF8 + b'<?xml version="1.0"?><report/>',
    "comment first": b"<!-- a -- b? no: a - b --><report/>".replace(b"-- b", b"b"),
    "instruction first": b'<?xml-stylesheet href="none"?><report/>',
    "document type as text": b"<report><![CDATA[<!DOCTYPE html>]]></report>",
    "schema location": b'<report xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    b'xsi:noNamespaceSchemaLocation="https://report.cybertip.org/ispws/xsd"/>',
}
BAD: Mapping[str, bytes] = {
    "nothing": b"",
    "no XML": b'{"report": 1}',
    "cut off": b"<report><a>",
    "two roots": b"<report/><report/>",
    "billion laughs": f'<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]><report>&l9;</report>'.encode(),
    "quadratic blow-up": f'<!DOCTYPE r [<!ENTITY a "{"a" * 50_000}">]><report>{"&a;" * 50_000}</report>'.encode(),
    "external entity": b'<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]><report>&x;</report>',
    "external entity by http": b'<!DOCTYPE r [<!ENTITY x SYSTEM "http://127.0.0.1:9/">]><report>&x;</report>',
    "parameter entity": b'<!DOCTYPE r [<!ENTITY % x SYSTEM "file:///etc/hostname"> %x;]><report/>',
    "external subset": b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/a.dtd"><report/>',
    "document type after a comment": b"<!-- a --><?pi?> <!DOCTYPE r><report/>",
    "document type after the end": b"<report/><!DOCTYPE r>",
    "an entity nobody declared": b"<report>&nbsp;</report>",
    "a prefix nobody declared": b"<x:report/>",
    "UTF-16": "<report/>".encode("utf-16"),
    "UTF-16 without a mark": "<report/>".encode("utf-16-le"),
    "UTF-32": "<report/>".encode("utf-32"),
    "UTF-7 by its declaration": b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE r+AD4-<report/>',
    "UTF-16 by its declaration": b'<?xml version="1.0" encoding="UTF-16"?><report/>',
    "Latin-1 by its declaration": b'<?xml version="1.0" encoding="ISO-8859-1"?><report/>',
    "EBCDIC": "<report/>".encode("cp037"),
    "bytes that are no UTF-8": b"<report>\xff\xfe</report>",
    "an overlong slash": b"<report>\xc0\xaf</report>",
    "a surrogate": b"<report>\xed\xa0\x80</report>",
    "a null": b"<report>\x00</report>",
    "a null by reference": b"<report>&#0;</report>",
    "an attribute twice": b'<report a="1" a="2"/>',
    "depth 200": b"<a>" * 200 + b"</a>" * 200,
    "one too deep": b"<a>" * (DEPTH + 1) + b"</a>" * (DEPTH + 1),
    "many elements": b"<a>" + b"<b/>" * (ELEMENTS + 1) + b"</a>",
    "many attributes": b"<a " + b" ".join(b'a%d=""' % n for n in range(150_000)) + b"/>",
    "too long": b"<a>" + b"x" * BYTES + b"</a>",
    "only space": b" " * (BYTES - 1),
    "only brackets": b"<" * (BYTES - 1),
    "an open comment": b"<!--" + b"- " * (BYTES // 2 - 4),
    "an open instruction": b"<?" + b"? " * (BYTES // 2 - 4),
}


@pytest.mark.parametrize("document", GOOD.values(), ids=GOOD)
def test_well_formed_utf_8_is_read(document: bytes) -> None:
    found = read(document)
    assert isinstance(found, Node) and found.name == "report" and found.attributes == {}


@pytest.mark.parametrize("document", BAD.values(), ids=BAD)
def test_what_could_do_harm_is_refused_in_a_moment(document: bytes) -> None:
    started, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = read(document)
    assert isinstance(found, Unreadable)
    assert time.process_time() - started < A_SECOND
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_an_inclusion_is_only_an_element_with_another_name() -> None:
    include = b'<xi:include href="file:///etc/hostname" parse="text"/>'
    found = read(b'<report xmlns:xi="http://www.w3.org/2001/XInclude">' + include + b"</report>")
    assert isinstance(found, Node)
    assert [child.name for child in found.children] == ["{http://www.w3.org/2001/XInclude}include"]
    assert found.children[0].text == ""


def test_why_it_is_refused_repeats_nothing_that_was_sent() -> None:
    for document in BAD.values():
        found = read(document.replace(b"report", b"canary"))
        assert isinstance(found, Unreadable) and "canary" not in found.why


def test_text_is_read_as_it_was_written() -> None:
    found = read("<a> one &amp; <!-- left out -->two <![CDATA[<b>]]> é&#233;\r\n</a>".encode())
    assert isinstance(found, Node)
    assert found.text == " one & two <b> éé\n"
