"""The tables. Importing this package loads them all, so that they know each other."""

from core.db import Model
from core.models.agency import Agency
from core.models.alarm import Alarm, OnCall
from core.models.answer import Answer, AnswerCopy
from core.models.audit import AuditEntry
from core.models.bundle import CaseLink, CaseMark, CaseText, RegroupingRecord
from core.models.case import Case, DispositionRecord
from core.models.open_report import OpenReport, ReportPart
from core.models.partner import IdempotencyKey, Partner, PartnerCredential
from core.models.referral import Circuit, Delivery, Referral
from core.models.report import Draft, Proof, Report, ReportKey, UsedContext, Withdrawal
from core.models.routing import Routing, RoutingDocument
from core.models.staff import Staff, StaffSession
from core.models.takedown import Provider, Takedown, TakedownNotice

__all__ = [
    "Agency",
    "Alarm",
    "Answer",
    "AnswerCopy",
    "AuditEntry",
    "Case",
    "CaseLink",
    "CaseMark",
    "CaseText",
    "Circuit",
    "Delivery",
    "DispositionRecord",
    "Draft",
    "IdempotencyKey",
    "Model",
    "OnCall",
    "OpenReport",
    "Partner",
    "PartnerCredential",
    "Proof",
    "Provider",
    "Referral",
    "RegroupingRecord",
    "Report",
    "ReportKey",
    "ReportPart",
    "Routing",
    "RoutingDocument",
    "Staff",
    "StaffSession",
    "Takedown",
    "TakedownNotice",
    "UsedContext",
    "Withdrawal",
]
