"""The words of the product and the only spelling of their stored values."""

from enum import StrEnum


class ReportState(StrEnum):
    RECEIVED = "received"
    FILED = "filed"
    QUARANTINED = "quarantined"


class Channel(StrEnum):
    SITE = "site"
    FOLLOW_UP = "follow_up"


class Danger(StrEnum):
    """The reporter's answer to "Is someone in danger right now?"."""

    YES = "yes"
    UNSURE = "unsure"
    NO = "no"
    UNSAID = "unsaid"


class About(StrEnum):
    """The reporter's answer to "Who is this about?"."""

    ME = "me"
    MY_CHILD = "my_child"
    A_CHILD = "a_child"
    SEEN = "seen"
    WORK = "work"


class Age(StrEnum):
    """The child's age, in bands: a date of birth is never asked."""

    UNDER_13 = "under_13"
    FROM_13_TO_15 = "13_15"
    FROM_16_TO_17 = "16_17"
    ADULT = "adult"


class Kind(StrEnum):
    """What it is, as the reporter sees it; no classification."""

    CONTACT = "contact"
    PICTURES = "pictures"
    PAGE = "page"
    NEARBY = "nearby"
    UNSURE = "unsure"


class Risk(StrEnum):
    """What the reporter ticks; it feeds priority."""

    MEET = "meet"
    THREAT = "threat"
    SHARED = "shared"
    KNOWN = "known"


class Kept(StrEnum):
    """Whether messages or names can still be seen."""

    YES = "yes"
    SOME = "some"
    NO = "no"


class MarkKind(StrEnum):
    """What a case can be known by: things that are the same thing wherever they are named."""

    URL = "url"
    ACCOUNT = "account"
    EMAIL = "email"
    PHONE = "phone"
    HASH = "hash"


class Regrouping(StrEnum):
    """What staff did with which reports are in which case."""

    MERGED = "merged"
    SPLIT = "split"
    UNDONE = "undone"


class CaseState(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class Disposition(StrEnum):
    """How a case ended."""

    ACTED_ON = "acted_on"
    PASSED_ON = "passed_on"
    NOT_ENOUGH_TO_ACT = "not_enough_to_act"
    NOT_ILLEGAL = "not_illegal"
    DUPLICATE = "duplicate"


class Role(StrEnum):
    ANALYST = "analyst"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class AgencyKind(StrEnum):
    HOTLINE = "hotline"
    POLICE = "police"
    HELPLINE = "helpline"


class Act(StrEnum):
    """What the audit trail records."""

    LOGGED_IN = "logged_in"
    LOGGED_OUT = "logged_out"
    CASE_READ = "case_read"
    ANSWER_SENT = "answer_sent"
    CASES_MERGED = "cases_merged"
    REPORTS_SPLIT = "reports_split"
    REGROUPING_UNDONE = "regrouping_undone"
    DISPOSITION_RECORDED = "disposition_recorded"
    QUARANTINE_RELEASED = "quarantine_released"
    STAFF_ADDED = "staff_added"
    AGENCY_CONNECTED = "agency_connected"
