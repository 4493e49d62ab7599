"""The words of the product and the only spelling of their stored values."""

from enum import StrEnum


class ReportState(StrEnum):
    RECEIVED = "received"
    FILED = "filed"
    QUARANTINED = "quarantined"


class Channel(StrEnum):
    SITE = "site"
    FOLLOW_UP = "follow_up"
    TAB = "tab"
    API = "api"
    CYBERTIPLINE = "cybertipline"
    XARF = "xarf"

    @property
    def is_door(self) -> bool:
        """Whether a partner's server sent it, which then has the receipt too."""
        return self in (Channel.API, Channel.CYBERTIPLINE, Channel.XARF)


class OpenState(StrEnum):
    """Where a report stands that a partner opened: while it is open it can be added to."""

    OPEN = "open"
    FINISHED = "finished"
    RETRACTED = "retracted"


class CredentialKind(StrEnum):
    """How a partner says who it is."""

    PASSWORD = "password"  # noqa: S105  # the word for one
    API_KEY = "api_key"


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


class Side(StrEnum):
    """Whose account it is that a partner tells of."""

    REPORTED = "reported"
    CHILD = "child"
    REPORTER = "reporter"
    OTHER = "other"


class Missing(StrEnum):
    """What an investigator needs and a partner did not tell; the value is what the partner is told."""

    ACCOUNT = "reported_account"
    SERVICE = "service"
    ADDRESS = "ip_with_time"
    PORT = "source_port"
    MOMENT = "incident_time"
    PLACE = "url_or_conversation"
    WORDS = "what_happened"
    EVIDENCE = "messages_or_hashes"
    AGE = "child_age"
    COUNTRY = "child_country"
    CONTACT = "contact"


class ContextState(StrEnum):
    """Whether what an app added to a report was signed by it, for us, just then and once."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


class Doubt(StrEnum):
    """Why an app's signature on what it adds proves nothing."""

    UNREADABLE = "unreadable"
    INCOMPLETE = "incomplete"
    UNSIGNED = "unsigned"
    MISADDRESSED = "misaddressed"
    OLD = "old"
    SUSPENDED = "suspended"


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


class RulesState(StrEnum):
    """Where a document of routing rules stands: one is live, at most one is tried out in its shadow."""

    DRAFT = "draft"
    SHADOW = "shadow"
    LIVE = "live"
    RETIRED = "retired"


class RoutingTrouble(StrEnum):
    """Why the rules could not be followed; the case is at the hotline, or went by the next rule."""

    NO_RULES = "no_rules"
    UNREADABLE = "unreadable"
    NO_SUCH_AGENCY = "no_such_agency"
    FAILED = "failed"


class RefusalReason(StrEnum):
    """Why an agency does not take a case."""

    OTHER_COUNTRY = "other_country"
    OTHER_KIND = "other_kind"
    LANGUAGE = "language"
    NO_CAPACITY = "no_capacity"
    CONFLICT = "conflict"


class Role(StrEnum):
    ANALYST = "analyst"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class AgencyKind(StrEnum):
    HOTLINE = "hotline"
    POLICE = "police"
    HELPLINE = "helpline"


class Accepted(StrEnum):
    """What an agency takes reports of."""

    CSAM_URL = "csam_url"
    GROOMING = "grooming"
    SELF_GENERATED = "self_generated"
    SEXTORTION = "sextortion"
    TRAFFICKING = "trafficking"
    OTHER = "other"


class By(StrEnum):
    """How an agency receives what is sent to it."""

    CONSOLE = "console"
    EMAIL = "email"
    WEBHOOK = "webhook"
    CYBERTIPLINE = "cybertipline"
    XARF = "xarf"
    SIGNPOST = "signpost"
    PLAIN = "plain"


class DeliveryKind(StrEnum):
    """What is sent."""

    REFERRAL = "referral"
    TAKEDOWN = "takedown"
    ALARM = "alarm"
    DIGEST = "digest"


class DeliveryState(StrEnum):
    """How far it came. `failed` is tried again by itself, `given_up` when a person says so."""

    WAITING = "waiting"
    SENDING = "sending"
    DELIVERED = "delivered"
    FAILED = "failed"
    GIVEN_UP = "given_up"


class Trouble(StrEnum):
    """Why something was not delivered."""

    NO_ANSWER = "no_answer"
    REFUSED = "refused"
    LOG_IN = "log_in"
    REDIRECTED = "redirected"
    ADDRESS = "address"
    NO_KEY = "no_key"
    NOT_SET = "not_set"
    BAD_ANSWER = "bad_answer"
    DOES_NOT_FIT = "does_not_fit"
    DIED = "died"
    OUR_FAULT = "our_fault"


class TakedownState(StrEnum):
    """Where a link stands that a provider was asked to remove: the first two run, the others are its end."""

    OPEN = "open"
    ANSWERED = "answered"
    REMOVED = "removed"
    REFUSED = "refused"
    STOPPED = "stopped"


class TakedownMark(StrEnum):
    """What staff say of it. `again` has another notice sent at once."""

    REMOVED = "removed"
    STILL_THERE = "still_there"
    ANSWERED = "answered"
    REFUSED = "refused"
    AGAIN = "again"
    STOPPED = "stopped"


class Offence(StrEnum):
    """What a link is taken for when its removal is asked: an article of Directive 2011/93/EU, or another law."""

    MATERIAL = "material"
    EXPLOITATION = "exploitation"
    SOLICITATION = "solicitation"
    OTHER = "other"


class AlarmKind(StrEnum):
    """Why somebody is called."""

    DANGER = "danger"
    DEADLINE = "deadline"
    RULE = "rule"


class AlarmState(StrEnum):
    RINGING = "ringing"
    TAKEN = "taken"
    OVER = "over"


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
    PARTNER_ADDED = "partner_added"
    PARTNER_CREDENTIALS_MADE = "partner_credentials_made"
    PARTNER_CREDENTIALS_REVOKED = "partner_credentials_revoked"
    PARTNER_QUARANTINED = "partner_quarantined"
    PARTNER_RELEASED = "partner_released"
    PARTNER_TAB_CHANGED = "partner_tab_changed"
    CASE_REFUSED = "case_refused"
    ROUTING_SHADOWED = "routing_shadowed"
    ROUTING_PUBLISHED = "routing_published"
    ROUTING_RETIRED = "routing_retired"
    AGENCY_ROUTED = "agency_routed"
    AGENCY_HOURS_SET = "agency_hours_set"
    AGENCY_IMPORTED = "agency_imported"
    AGENCY_EDITED = "agency_edited"
    AGENCY_CHECKED = "agency_checked"
    AGENCY_REMOVED = "agency_removed"
    AGENCY_RESTORED = "agency_restored"
    CASE_REFERRED = "case_referred"
    REFERRAL_READ = "referral_read"
    DELIVERY_RESENT = "delivery_resent"
    CASE_TAKEN = "case_taken"
    CLOCK_STOPPED = "clock_stopped"
    CLOCK_STARTED = "clock_started"
    ON_CALL_ADDED = "on_call_added"
    ON_CALL_REMOVED = "on_call_removed"
    PROVIDER_ADDED = "provider_added"
    PROVIDER_CHANGED = "provider_changed"
    PROVIDER_RETIRED = "provider_retired"
    TAKEDOWN_ASKED = "takedown_asked"
    TAKEDOWN_NOTICED = "takedown_noticed"
    TAKEDOWN_REMOVED = "takedown_removed"
    TAKEDOWN_CHECKED = "takedown_checked"
    TAKEDOWN_ANSWERED = "takedown_answered"
    TAKEDOWN_REFUSED = "takedown_refused"
    TAKEDOWN_AGAIN = "takedown_again"
    TAKEDOWN_STOPPED = "takedown_stopped"


class IdentifierKind(StrEnum):
    """What was found in a report that can be looked for again."""

    URL = "url"
    DOMAIN = "domain"
    EMAIL = "email"
    PHONE = "phone"
    HANDLE = "handle"
    IP = "ip"
    MD5 = "md5"
    SHA1 = "sha1"
    SHA256 = "sha256"
    PDQ = "pdq"
    WALLET = "wallet"


class Sure(StrEnum):
    """How sure a reading is of what it found."""

    CERTAIN = "certain"
    LIKELY = "likely"
    GUESS = "guess"


class Flag(StrEnum):
    """What is odd about an identifier as it was written."""

    DEFANGED = "defanged"
    PUNYCODE = "punycode"
    MIXED_SCRIPT = "mixed_script"
    LOOKALIKE = "lookalike"
    BIDI = "bidi"
    INVISIBLE = "invisible"
    USERINFO = "userinfo"


class Sign(StrEnum):
    """A sign of risk, from an answer or from words."""

    DANGER_NOW = "danger_now"
    SUICIDAL = "suicidal"
    MEETING = "meeting"
    THREATS = "threats"
    PAYMENT = "payment"
    AT_HOME = "at_home"
    YOUNG = "young"
    SELF_MADE = "self_made"


class CountrySource(StrEnum):
    """What points to a country."""

    REPORTER = "reporter"
    PARTNER = "partner"
    HOSTING = "hosting"
    PHONE = "phone"
    PLATFORM = "platform"
    TOP_LEVEL = "top_level"
    ADDRESS = "address"


class Reason(StrEnum):
    """Why a report has its priority."""

    DANGER_SAID = "danger_said"
    DANGER_UNSURE = "danger_unsure"
    DANGER_IN_WORDS = "danger_in_words"
    SUICIDAL = "suicidal"
    MEETING = "meeting"
    THREATS = "threats"
    PAYMENT = "payment"
    SHARED = "shared"
    AT_HOME = "at_home"
    YOUNG = "young"
    SELF_MADE = "self_made"
    PARTNER_URGENT = "partner_urgent"
    NOTHING_TOLD = "nothing_told"
    FLOOD = "flood"
