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
    DISPOSITION_RECORDED = "disposition_recorded"
    QUARANTINE_RELEASED = "quarantine_released"
    STAFF_ADDED = "staff_added"
    AGENCY_CONNECTED = "agency_connected"
