"""The grammar, case by case: what is accepted, what is refused and where. Two schemas agree with it."""

import random
from collections.abc import Iterator, Mapping

import pytest
from lxml import etree

from core.cybertipline.checking import check
from core.cybertipline.grammar import ROOTS
from core.cybertipline.grammar.files import FILE_DETAILS, misfit_in_a_batch
from core.cybertipline.grammar.report import REPORT
from core.cybertipline.grammar.shapes import Element
from core.cybertipline.grammar.words import COUNTRY, STATE
from core.cybertipline.node import Node
from core.cybertipline.schema import schema
from core.cybertipline.writing import write
from tests.core.cybertipline.samples import (
    BATCH,
    MOMENT,
    NOW,
    REPORTED,
    REPORTER,
    SUMMARY,
    TYPE,
    a_report,
    as_node,
    file_details,
    maximal_batch,
    maximal_file,
    maximal_report,
    reference,
)

SCHEMAS = {"ours": etree.XMLSchema(etree.fromstring(schema()))}
if path := reference():
    SCHEMAS["NCMEC's"] = etree.XMLSchema(etree.parse(str(path)))

URL = "https://messenger.example/rooms/17"
SUPPLEMENT = "<fileRelevance>Supplemental Reported</fileRelevance>"
LATER = "2026-11-26T12:00:00Z"


def summary(inside: str, kind: str = TYPE, when: str = MOMENT) -> bytes:
    return a_report(
        summary=f"<incidentSummary><incidentType>{kind}</incidentType>{inside}"
        f"<incidentDateTime>{when}</incidentDateTime></incidentSummary>"
    )


def person(inside: str) -> bytes:
    return a_report(after=f"<victim><victimPerson>{inside}</victimPerson></victim>")


def reported(inside: str) -> bytes:
    return a_report(after=f"<personOrUserReported>{inside}</personOrUserReported>")


def details(inside: str) -> bytes:
    return a_report(middle=f"<internetDetails>{inside}</internetDetails>")


def capture(inside: str) -> bytes:
    return reported(f"<ipCaptureEvent>{inside}</ipCaptureEvent>")


def place(inside: str, attributes: str = "") -> bytes:
    return reported(f"<estimatedLocation{attributes}>{inside}</estimatedLocation>")


def associated(inside: str = "", attributes: str = ' type="Other"') -> bytes:
    return reported(f"<associatedAccount{attributes}>{inside}</associatedAccount>")


def disabled(attributes: str) -> bytes:
    return reported(f"<accountTemporarilyDisabled {attributes}>true</accountTemporarilyDisabled>")


def mail_to(address: str, whose: str) -> bytes:
    after = f"<victim><victimPerson><email>{whose}</email></victimPerson></victim>"
    incident = f"<emailIncident><emailAddress>{address}</emailAddress></emailIncident>"
    return a_report(f"<internetDetails>{incident}</internetDetails>", after)


GOOD: Mapping[str, bytes] = {
    "the least": a_report(after=""),
    "one reported": a_report(),
    "every word of time": summary("<incidentDateTimeDescription>around noon</incidentDateTimeDescription>").replace(
        b"<incidentDateTimeDescription>around noon</incidentDateTimeDescription>", b""
    ),
    "fraction and Z": summary("", when="2026-11-25T11:59:59.123456789Z"),
    "a clock half a minute ahead": summary("", when="2026-11-25T12:00:30Z"),
    "escalated": summary("<escalateToHighPriority>They want to meet today.</escalateToHighPriority>"),
    "3000 characters": summary(f"<escalateToHighPriority>{'é' * 3000}</escalateToHighPriority>"),
    "empty tags": summary("<reportAnnotations><spam/><sextortion></sextortion></reportAnnotations>"),
    "tags in any order, said": summary(
        "<reportAnnotations><spam>true</spam><sextortion>1</sextortion></reportAnnotations>"
    ),
    "no tag": summary("<reportAnnotations/>"),
    "no URL": details("<webPageIncident/>"),
    "URLs": details(f"<webPageIncident thirdPartyHostedContent='1'><url>{URL}</url><url>{URL}</url></webPageIncident>"),
    "a URL of 2083": details(f"<webPageIncident><url>{URL.ljust(2083, 'x')}</url></webPageIncident>"),
    "two kinds in two records": a_report(
        "<internetDetails><chatImIncident/></internetDetails><internetDetails><onlineGamingIncident/></internetDetails>"
    ),
    "e-mail of the victim": mail_to("Child@mail.example", "child@mail.example"),
    "e-mail of an account that goes with the victim": a_report(
        "<internetDetails><newsgroupIncident><emailAddress>a@mail.example</emailAddress></newsgroupIncident>"
        "</internetDetails>",
        '<victim><victimPerson/><associatedAccount type="Linked"><email>a@mail.example</email></associatedAccount>'
        "</victim>",
    ),
    "ages 0 and 150": person("<age>0</age>").replace(
        b"</report>", b"<victim><victimPerson><age>150</age></victimPerson></victim></report>"
    ),
    "a date of birth": person("<dateOfBirth>2014-02-28</dateOfBirth>"),
    "a local part of 64": person(f"<email>{'a' * 64}@mail.example</email>"),
    "verified, and when": person(f'<email verified="true" verificationDate="{MOMENT}">a@mail.example</email>'),
    "verified, not when": person('<email verified="false">a@mail.example</email>'),
    "a phone": person('<phone type="Mobile" countryCallingCode="+44" extension="0123456789">1632 960017</phone>'),
    "an address of no country": person("<address><state/><country/></address>"),
    "a proxy for a country": person("<address><country>A1</country></address>"),
    "IPv6": capture("<ipAddress>2001:db8::17</ipAddress>"),
    "IPv4 in IPv6": capture("<ipAddress>::ffff:192.0.2.1</ipAddress>"),
    "ports": capture("<ipAddress>192.0.2.1</ipAddress><port>65535</port>"),
    "a place": place("<countryCode>IT</countryCode>", f' verified="true" timestamp="{MOMENT}"'),
    "a place in the US": place("<city>Springfield</city><region>IL</region><countryCode>US</countryCode>"),
    "a region of elsewhere": place("<city>Torino</city><region>Piemonte</region><countryCode>IT</countryCode>"),
    "an account": associated(),
    "an account by NCMEC's document": associated(attributes=' accountType="Parent/Guardian"'),
    "an account without its type": associated(attributes=""),
    "disabled, told at once, back later": disabled(
        f'disabledDate="{MOMENT}" userNotified="true" userNotifiedDate="{MOMENT}" reenabledDate="{LATER}"'
    ),
    "prior reports": reported("<priorCTReports>9223372036854775807</priorCTReports><priorCTReports>1</priorCTReports>"),
    "a batch": a_report(before=BATCH, after=REPORTED * 3),
    "a batch of nobody": a_report(before=BATCH, after=""),
    "law enforcement": a_report(
        '<lawEnforcement><agencyName>An agency</agencyName><servedLegalProcessInternational fleaCountry="IT">false'
        "</servedLegalProcessInternational></lawEnforcement>"
    ),
    "comments and space": a_report().replace(b"<reporter>", b"\n<!-- x -->\t<?pi?><reporter>"),
}
BAD: Mapping[str, tuple[bytes, str]] = {
    "another root": (b"<reports/>", "/"),
    "in a namespace": (a_report().replace(b"<report>", b'<report xmlns="urn:x">'), "/"),
    "no summary": (f"<report>{REPORTER}</report>".encode(), "/report/incidentSummary"),
    "no reporter": (f"<report>{SUMMARY}</report>".encode(), "/report/reporter"),
    "out of order": (f"<report>{REPORTER}{SUMMARY}</report>".encode(), "/report/incidentSummary"),
    "two summaries": (a_report(summary=SUMMARY * 2), "/report/reporter"),
    "an element nobody knows": (a_report(after="<canary/>"), "/report"),
    "an attribute nobody knows": (a_report().replace(b"<report>", b'<report canary="1">'), "/report"),
    "xsi:type": (
        a_report().replace(b"<report>", b'<report xmlns:x="http://www.w3.org/2001/XMLSchema-instance" x:type="y">'),
        "/report",
    ),
    "an inclusion": (a_report(after='<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="x"/>'), "/report"),
    "text between elements": (a_report(after="words"), "/report"),
    "elements in text": (
        summary("<platform>a<b/></platform>"),
        "/report/incidentSummary/platform",
    ),
    "no incident type": (summary("", kind="Something else"), "/report/incidentSummary/incidentType"),
    "space in a word": (summary("", kind=f" {TYPE}"), "/report/incidentSummary/incidentType"),
    "no offset": (summary("", when="2026-11-01T10:00:00"), "/report/incidentSummary/incidentDateTime"),
    "a day only": (summary("", when="2026-11-01"), "/report/incidentSummary/incidentDateTime"),
    "no such day": (summary("", when="2026-02-30T10:00:00Z"), "/report/incidentSummary/incidentDateTime"),
    "no time": (summary("", when=""), "/report/incidentSummary/incidentDateTime"),
    "the future": (summary("", when="2026-11-25T12:01:00Z"), "/report/incidentSummary/incidentDateTime"),
    "the future by its offset": (
        summary("", when="2026-11-25T11:59:00-01:00"),
        "/report/incidentSummary/incidentDateTime",
    ),
    "an escalation without a reason": (
        summary("<escalateToHighPriority> \n</escalateToHighPriority>"),
        "/report/incidentSummary/escalateToHighPriority",
    ),
    "an empty escalation": (
        summary("<escalateToHighPriority/>"),
        "/report/incidentSummary/escalateToHighPriority",
    ),
    "3001 characters": (
        summary(f"<escalateToHighPriority>{'a' * 3001}</escalateToHighPriority>"),
        "/report/incidentSummary/escalateToHighPriority",
    ),
    "a long platform": (summary(f"<platform>{'a' * 257}</platform>"), "/report/incidentSummary/platform"),
    "a tag that says no": (
        summary("<reportAnnotations><spam>false</spam></reportAnnotations>"),
        "/report/incidentSummary/reportAnnotations/spam",
    ),
    "a tag twice": (
        summary("<reportAnnotations><spam/><spam/></reportAnnotations>"),
        "/report/incidentSummary/reportAnnotations/spam",
    ),
    "a tag nobody knows": (
        summary("<reportAnnotations><other/></reportAnnotations>"),
        "/report/incidentSummary/reportAnnotations",
    ),
    "a record of nothing": (details(""), "/report/internetDetails"),
    "a record of two kinds": (details("<chatImIncident/><webPageIncident/>"), "/report/internetDetails"),
    "one kind twice": (details("<webPageIncident/><webPageIncident/>"), "/report/internetDetails"),
    "a URL of 2084": (
        details(f"<webPageIncident><url>{URL.ljust(2084, 'x')}</url></webPageIncident>"),
        "/report/internetDetails/webPageIncident/url",
    ),
    "an empty URL": (
        details("<webPageIncident><url/></webPageIncident>"),
        "/report/internetDetails/webPageIncident/url",
    ),
    "e-mail of nobody in the report": (mail_to("b@mail.example", "a@mail.example"), "/report"),
    "e-mail of the reporter": (mail_to("desk@messenger.example", "a@mail.example"), "/report"),
    "no latitude": (
        details("<cellPhoneIncident><latitude>north</latitude></cellPhoneIncident>"),
        "/report/internetDetails/cellPhoneIncident/latitude",
    ),
    "a reporter without e-mail": (
        a_report().replace(b"<email>desk@messenger.example</email>", b""),
        "/report/reporter/reportingPerson/email",
    ),
    "a victim who is no person": (a_report(after="<victim/>"), "/report/victim/victimPerson"),
    "age 151": (person("<age>151</age>"), "/report/victim/victimPerson/age"),
    "age -1": (person("<age>-1</age>"), "/report/victim/victimPerson/age"),
    "age and a half": (person("<age>7.5</age>"), "/report/victim/victimPerson/age"),
    "born today": (person("<dateOfBirth>2026-11-25</dateOfBirth>"), "/report/victim/victimPerson/dateOfBirth"),
    "born on no day": (person("<dateOfBirth>2014-02-29</dateOfBirth>"), "/report/victim/victimPerson/dateOfBirth"),
    "a local part of 65": (person(f"<email>{'a' * 65}@mail.example</email>"), "/report/victim/victimPerson/email"),
    "an e-mail of 256": (
        person(f"<email>a@{'a.' * 123}example</email>".replace("a@", "aa@")),
        "/report/victim/victimPerson/email",
    ),
    "no e-mail": (person("<email>mail.example</email>"), "/report/victim/victimPerson/email"),
    "two addresses in one": (person("<email>a@x.example b@x.example</email>"), "/report/victim/victimPerson/email"),
    "when, but not verified": (
        person(f'<email verificationDate="{MOMENT}">a@mail.example</email>'),
        "/report/victim/victimPerson/email",
    ),
    "when, and said not to be": (
        person(f'<phone verified="false" verificationDate="{MOMENT}">1632 960017</phone>'),
        "/report/victim/victimPerson/phone",
    ),
    "verified tomorrow": (
        person(f'<phone verified="true" verificationDate="{LATER}">1632 960017</phone>'),
        "/report/victim/victimPerson/phone/@verificationDate",
    ),
    "a long phone": (person(f"<phone>{'1' * 51}</phone>"), "/report/victim/victimPerson/phone"),
    "a calling code without +": (
        person('<phone countryCallingCode="44">1632 960017</phone>'),
        "/report/victim/victimPerson/phone/@countryCallingCode",
    ),
    "a calling code of four": (
        person('<phone countryCallingCode="+4444">1632 960017</phone>'),
        "/report/victim/victimPerson/phone/@countryCallingCode",
    ),
    "a calling code twice": (
        person('<phone countryCallingCode="+44">+441632 960017</phone>'),
        "/report/victim/victimPerson/phone",
    ),
    "an extension of 11": (
        person('<phone extension="01234567890">1632 960017</phone>'),
        "/report/victim/victimPerson/phone/@extension",
    ),
    "an extension with letters": (
        person('<phone extension="x1">1632 960017</phone>'),
        "/report/victim/victimPerson/phone/@extension",
    ),
    "no state of the US": (
        person("<address><state>XX</state></address>"),
        "/report/victim/victimPerson/address/state",
    ),
    "no country": (person("<address><country>XX</country></address>"), "/report/victim/victimPerson/address/country"),
    "a small country": (
        person("<address><country>it</country></address>"),
        "/report/victim/victimPerson/address/country",
    ),
    "no IP address": (
        capture("<ipAddress>192.0.2.256</ipAddress>"),
        "/report/personOrUserReported/ipCaptureEvent/ipAddress",
    ),
    "a blank IP address": (
        capture("<ipAddress> </ipAddress>"),
        "/report/personOrUserReported/ipCaptureEvent/ipAddress",
    ),
    "an event nobody knows": (
        capture("<ipAddress>192.0.2.1</ipAddress><eventName>login</eventName>"),
        "/report/personOrUserReported/ipCaptureEvent/eventName",
    ),
    "seen tomorrow": (
        capture(f"<ipAddress>192.0.2.1</ipAddress><dateTime>{LATER}</dateTime>"),
        "/report/personOrUserReported/ipCaptureEvent/dateTime",
    ),
    "port 0": (
        capture("<ipAddress>192.0.2.1</ipAddress><port>0</port>"),
        "/report/personOrUserReported/ipCaptureEvent/port",
    ),
    "port 65536": (
        capture("<ipAddress>192.0.2.1</ipAddress><port>65536</port>"),
        "/report/personOrUserReported/ipCaptureEvent/port",
    ),
    "a device of no type": (
        reported("<deviceId><idType/><idValue>17</idValue></deviceId>"),
        "/report/personOrUserReported/deviceId/idType",
    ),
    "a place of no country": (place("<city>Torino</city>"), "/report/personOrUserReported/estimatedLocation"),
    "no state": (
        place("<region>Piemonte</region><countryCode>US</countryCode>"),
        "/report/personOrUserReported/estimatedLocation",
    ),
    "a city without its state": (
        place("<city>Springfield</city><countryCode>US</countryCode>"),
        "/report/personOrUserReported/estimatedLocation",
    ),
    "an age and a birthday": (
        associated("<approximateAge>30</approximateAge><dateOfBirth>1990-01-01</dateOfBirth>"),
        "/report/personOrUserReported/associatedAccount",
    ),
    "an account of a type nobody knows": (
        associated(attributes=' type="Secret"'),
        "/report/personOrUserReported/associatedAccount/@type",
    ),
    "told before": (
        disabled(f'disabledDate="{MOMENT}" userNotifiedDate="2026-11-01T08:59:59Z"'),
        "/report/personOrUserReported/accountTemporarilyDisabled",
    ),
    "back at once": (
        disabled(f'disabledDate="{MOMENT}" reenabledDate="2026-11-01T09:00:00Z"'),
        "/report/personOrUserReported/accountTemporarilyDisabled",
    ),
    "disabled tomorrow": (
        disabled(f'disabledDate="{LATER}"'),
        "/report/personOrUserReported/accountTemporarilyDisabled/@disabledDate",
    ),
    "back from for ever": (
        reported(f'<accountPermanentlyDisabled reenabledDate="{MOMENT}">true</accountPermanentlyDisabled>'),
        "/report/personOrUserReported/accountPermanentlyDisabled",
    ),
    "a prior report beyond 64 bits": (
        reported("<priorCTReports>9223372036854775808</priorCTReports>"),
        "/report/personOrUserReported/priorCTReports",
    ),
    "two reported": (a_report(after=REPORTED * 2), "/report"),
    "a batch for no reason": (a_report(before="<batchedReport/>"), "/report/batchedReport/@reason"),
    "a batch for another reason": (a_report(before='<batchedReport reason="MANY"/>'), "/report/batchedReport/@reason"),
    "an urgent batch": (
        summary("<escalateToHighPriority>now</escalateToHighPriority>").replace(
            b"<report>", f"<report>{BATCH}".encode()
        ),
        "/report",
    ),
    "a batch with details": (
        a_report("<internetDetails><chatImIncident/></internetDetails>", before=BATCH),
        "/report",
    ),
    "a batch with law enforcement": (
        a_report("<lawEnforcement><agencyName>A</agencyName></lawEnforcement>", before=BATCH),
        "/report",
    ),
    "a batch with a recipient": (a_report(before=BATCH, after=REPORTED + "<intendedRecipient/>"), "/report"),
    "a batch with a victim": (
        a_report(before=BATCH, after=REPORTED + "<victim><victimPerson/></victim>"),
        "/report",
    ),
    "a batch with more to say": (
        a_report(before=BATCH, after=REPORTED + "<additionalInfo>more</additionalInfo>"),
        "/report",
    ),
    "a batch that tells of its users": (
        a_report(before=BATCH, after="<personOrUserReported><screenName>x</screenName></personOrUserReported>"),
        "/report",
    ),
}
GOOD_FILES: Mapping[str, str] = {
    "nothing more": "",
    "what it was called": "<fileName>a.jpg</fileName><originalFileName>b.jpg</originalFileName>",
    "looked at": "<fileViewedByEsp>true</fileViewedByEsp><exifViewedByEsp>true</exifViewedByEsp>",
    "EXIF not looked at": "<exifViewedByEsp>false</exifViewedByEsp>",
    "a supplement": SUPPLEMENT,
    "a supplement that is no meme": f"{SUPPLEMENT}<potentialMeme>false</potentialMeme>",
    "a viral supplement": f"{SUPPLEMENT}<fileAnnotations><viral/></fileAnnotations>",
    "a meme in the old way": "<fileRelevance>Reported</fileRelevance><potentialMeme>true</potentialMeme>",
    "classified": "<fileRelevance>Reported</fileRelevance><industryClassification>B2</industryClassification>",
    "a hash": '<originalFileHash hashType="MD5">fafa5efeaf3cbe3b23b2748d13e629a1</originalFileHash>',
    "metadata": '<details type="EXIF"><nameValuePair><name>Model</name><value>X</value></nameValuePair></details>',
    "notes": "<additionalInfo>one</additionalInfo><additionalInfo>two</additionalInfo>",
}
BAD_FILES: Mapping[str, tuple[str, str]] = {
    "EXIF but not the file": ("<exifViewedByEsp>true</exifViewedByEsp>", "/fileDetails"),
    "EXIF, and not the file": (
        "<fileViewedByEsp>false</fileViewedByEsp><exifViewedByEsp>1</exifViewedByEsp>",
        "/fileDetails",
    ),
    "a supplement that is a meme": (
        "<fileRelevance>Supplemental Reported</fileRelevance><fileAnnotations><potentialMeme/></fileAnnotations>",
        "/fileDetails",
    ),
    "a supplement that is a meme in the old way": (
        "<fileRelevance>Supplemental Reported</fileRelevance><potentialMeme>true</potentialMeme>",
        "/fileDetails",
    ),
    "a classified supplement": (
        "<fileRelevance>Supplemental Reported</fileRelevance><industryClassification>A1</industryClassification>",
        "/fileDetails",
    ),
    "no relevance": ("<fileRelevance>Other</fileRelevance>", "/fileDetails/fileRelevance"),
    "a class nobody knows": (
        "<industryClassification>C1</industryClassification>",
        "/fileDetails/industryClassification",
    ),
    "a tag that says no": (
        "<fileAnnotations><viral>false</viral></fileAnnotations>",
        "/fileDetails/fileAnnotations/viral",
    ),
    "both ways to tag": ("<potentialMeme>true</potentialMeme><fileAnnotations/>", "/fileDetails/fileAnnotations"),
    "a hash of no type": ("<originalFileHash>aa</originalFileHash>", "/fileDetails/originalFileHash/@hashType"),
    "a hash of a long type": (
        f'<originalFileHash hashType="{"a" * 65}">aa</originalFileHash>',
        "/fileDetails/originalFileHash/@hashType",
    ),
    "a long name": (f"<originalFileName>{'a' * 2057}</originalFileName>", "/fileDetails/originalFileName"),
    "uploaded tomorrow": (
        f"<uploadedToEspTimestamp>{LATER}</uploadedToEspTimestamp>",
        "/fileDetails/uploadedToEspTimestamp",
    ),
    "no metadata": ("<details/>", "/fileDetails/details/nameValuePair"),
    "metadata of another type": (
        '<details type="XMP"><nameValuePair><name>a</name><value>b</value></nameValuePair></details>',
        "/fileDetails/details/@type",
    ),
    "a long name of metadata": (
        f"<details><nameValuePair><name>{'a' * 65}</name><value>b</value></nameValuePair></details>",
        "/fileDetails/details/nameValuePair/name",
    ),
    "two captures": (
        "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress></ipCaptureEvent>" * 2,
        "/fileDetails/ipCaptureEvent",
    ),
}
IN_A_BATCH: Mapping[str, tuple[str, bool]] = {
    "viral": ("<fileAnnotations><viral/></fileAnnotations>", True),
    "a meme": ("<fileRelevance>Reported</fileRelevance><fileAnnotations><potentialMeme/></fileAnnotations>", True),
    "both, classified": (
        "<fileAnnotations><potentialMeme/><viral/></fileAnnotations><industryClassification>A1</industryClassification>",
        True,
    ),
    "looked at, public": (
        "<fileViewedByEsp>true</fileViewedByEsp><publiclyAvailable>true</publiclyAvailable>"
        "<fileAnnotations><viral/></fileAnnotations>",
        True,
    ),
    "a meme in the old way": ("<potentialMeme>true</potentialMeme>", True),
    "no tag": ("", False),
    "an empty list of tags": ("<fileAnnotations/>", False),
    "no meme": ("<potentialMeme>false</potentialMeme>", False),
    "another tag": ("<fileAnnotations><generativeAi/></fileAnnotations>", False),
    "another tag beside": ("<fileAnnotations><viral/><infant/></fileAnnotations>", False),
    "a supplement": (
        "<fileRelevance>Supplemental Reported</fileRelevance><fileAnnotations><viral/></fileAnnotations>",
        False,
    ),
    **{
        f"with {name}": (f"{before}<fileAnnotations><viral/></fileAnnotations>{after}", False)
        for name, before, after in (
            ("its name", "<originalFileName>a.jpg</originalFileName>", ""),
            ("its place", f"<locationOfFile>{URL}</locationOfFile>", ""),
            ("its hash", "", '<originalFileHash hashType="MD5">aa</originalFileHash>'),
            ("an IP address", "", "<ipCaptureEvent><ipAddress>192.0.2.1</ipAddress></ipCaptureEvent>"),
            ("a device", "", "<deviceId><idType>IMEI</idType><idValue>1</idValue></deviceId>"),
            ("metadata", "", "<details><nameValuePair><name>a</name><value>b</value></nameValuePair></details>"),
            ("notes", "", "<additionalInfo>more</additionalInfo>"),
        )
    },
}
FULL: Mapping[str, tuple[Node, Element]] = {
    "report": (maximal_report(), REPORT),
    "batch": (maximal_batch(), REPORT),
    "file": (maximal_file(), FILE_DETAILS),
}


@pytest.mark.parametrize("document", GOOD.values(), ids=GOOD)
def test_a_good_report_is_accepted(document: bytes) -> None:
    assert [str(problem) for problem in check(as_node(document), REPORT, NOW)] == []


@pytest.mark.parametrize(("document", "where"), BAD.values(), ids=BAD)
def test_a_bad_report_is_refused_where_it_is_bad(document: bytes, where: str) -> None:
    problems = check(as_node(document), REPORT, NOW)
    assert where in [problem.path for problem in problems]
    assert "canary" not in "".join(str(problem) for problem in problems)


@pytest.mark.parametrize("inside", GOOD_FILES.values(), ids=GOOD_FILES)
def test_good_file_details_are_accepted(inside: str) -> None:
    assert [str(problem) for problem in check(as_node(file_details(inside)), FILE_DETAILS, NOW)] == []


@pytest.mark.parametrize(("inside", "where"), BAD_FILES.values(), ids=BAD_FILES)
def test_bad_file_details_are_refused_where_they_are_bad(inside: str, where: str) -> None:
    assert where in [problem.path for problem in check(as_node(file_details(inside)), FILE_DETAILS, NOW)]


@pytest.mark.parametrize(("inside", "fits"), IN_A_BATCH.values(), ids=IN_A_BATCH)
def test_a_file_of_a_batch_is_one_thing_that_spread(inside: str, fits: bool) -> None:
    file = as_node(file_details(inside))
    assert not check(file, FILE_DETAILS, NOW)
    assert (misfit_in_a_batch(file) == "") == fits


@pytest.mark.parametrize(("document", "element"), FULL.values(), ids=FULL)
def test_the_fullest_document_is_accepted(document: Node, element: Element) -> None:
    assert [str(problem) for problem in check(document, element, NOW)] == []


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize(("document", "element"), FULL.values(), ids=FULL)
def test_what_is_written_is_valid_and_reads_as_it_was(document: Node, element: Element, name: str) -> None:
    written = write(document, element).encode()
    SCHEMAS[name].assertValid(etree.fromstring(written))
    assert as_node(written) == document
    assert write(as_node(written), element).encode() == written


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("document", GOOD.values(), ids=GOOD)
def test_a_schema_accepts_what_is_accepted_here(document: bytes, name: str) -> None:
    SCHEMAS[name].assertValid(etree.fromstring(write(as_node(document), REPORT).encode()))


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize("inside", GOOD_FILES.values(), ids=GOOD_FILES)
def test_a_schema_accepts_the_file_details_accepted_here(inside: str, name: str) -> None:
    SCHEMAS[name].assertValid(etree.fromstring(write(as_node(file_details(inside)), FILE_DETAILS).encode()))


SAMPLE = 40


def crippled(document: Node, element: Element) -> Iterator[Node]:
    """The document with one of its elements left out, renamed, or put before the one it follows."""
    text = write(document, element).encode()
    count = len(list(etree.fromstring(text).iter()))
    for at in random.sample(range(1, count), min(count - 1, SAMPLE)):
        for cripple in (left_out, renamed, earlier):
            tree = etree.fromstring(text)
            cripple(list(tree.iter())[at])
            yield as_node(etree.tostring(tree))


def left_out(victim: etree._Element) -> None:
    parent = victim.getparent()
    assert parent is not None
    parent.remove(victim)


def renamed(victim: etree._Element) -> None:
    victim.tag = "other"


def earlier(victim: etree._Element) -> None:
    before = victim.getprevious()
    if before is not None:
        before.addprevious(victim)


@pytest.mark.parametrize("name", SCHEMAS)
@pytest.mark.parametrize(("document", "element"), FULL.values(), ids=FULL)
def test_whatever_is_missing_strange_or_out_of_order_the_schemas_say_the_same(
    document: Node, element: Element, name: str
) -> None:
    """Where a schema refuses, so does the check; it refuses more, because it also knows the rules between elements."""
    for broken in crippled(document, element):
        assert SCHEMAS[name].validate(etree.fromstring(raw(broken))) or check(broken, element, NOW)


def raw(node: Node) -> bytes:
    """The node as XML, whatever it is."""

    def element(node: Node) -> etree._Element:
        made = etree.Element(node.name, node.attributes)
        made.text = node.text if not node.children else None
        made.extend([element(child) for child in node.children])
        return made

    return etree.tostring(element(node))


def test_the_grammar_names_what_ncmecs_schema_names() -> None:
    """Every path of elements and every attribute; a path that ours alone has is one that we tolerate."""
    ours = set(paths_of_ours())
    for name, tree in trees().items():
        assert set(paths_of(tree)) - TOLERATED == ours - TOLERATED, name


TOLERATED = {f"report/{whose}/associatedAccount/@accountType" for whose in ("personOrUserReported", "victim")}


def paths_of_ours() -> Iterator[str]:
    for root in ROOTS:
        yield from _ours(root, "")


def _ours(element: Element, above: str) -> Iterator[str]:
    path = f"{above}{element.name}"
    yield path
    yield from (f"{path}/@{attribute.name}" for attribute in element.shape.attributes)
    for inner in element.shape.known.values():
        yield from _ours(inner, f"{path}/")


def trees() -> Mapping[str, etree._Element]:
    found = {"ours": etree.fromstring(schema())}
    if path := reference():
        found["NCMEC's"] = etree.parse(str(path)).getroot()
    return found


XS = "{http://www.w3.org/2001/XMLSchema}"
WIRE = {root.name for root in ROOTS}


def paths_of(tree: etree._Element) -> Iterator[str]:
    globals_ = {child.get("name"): child for child in tree if child.tag in (f"{XS}element", f"{XS}complexType")}
    for root in tree.findall(f"{XS}element"):
        if root.get("name") in WIRE:
            yield from _paths(root, "", globals_)


def _paths(element: etree._Element, above: str, types: Mapping[str | None, etree._Element]) -> Iterator[str]:
    element = types[element.get("ref")] if element.get("ref") else element
    path = f"{above}{element.get('name')}"
    yield path
    inside = types.get(element.get("type")) if element.get("type") else element.find(f"{XS}complexType")
    if inside is None or inside.tag != f"{XS}complexType":
        return
    yield from (
        f"{path}/@{attribute.get('name')}" for attribute in inside.iter(f"{XS}attribute") if _own(attribute, inside)
    )
    for inner in inside.iter(f"{XS}element"):
        if _own(inner, inside):
            yield from _paths(inner, f"{path}/", types)


def _own(inner: etree._Element, outer: etree._Element) -> bool:
    """Whether no other element stands between them."""
    above = inner.getparent()
    while above is not None and above is not outer:
        if above.tag == f"{XS}element":
            return False
        above = above.getparent()
    return True


def test_the_words_are_those_of_ncmecs_schema() -> None:
    for tree in trees().values():
        for ours, theirs in ((COUNTRY.values, ("countryCode", "country")), (STATE.values, ("usState", "state"))):
            listed = [kind for name in theirs for kind in tree.findall(f"{XS}simpleType[@name='{name}']")]
            assert {word.get("value") for word in listed[0].iter(f"{XS}enumeration")} == set(ours)
