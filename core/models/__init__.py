"""The tables. Importing this package loads them all, so that they know each other."""

from core.db import Model
from core.models.agency import Agency
from core.models.answer import Answer
from core.models.audit import AuditEntry
from core.models.case import Case, DispositionRecord
from core.models.open_report import OpenReport, ReportPart
from core.models.partner import IdempotencyKey, Partner, PartnerCredential
from core.models.report import Draft, Proof, Report, ReportKey, UsedContext, Withdrawal
from core.models.routing import Routing, RoutingDocument
from core.models.staff import Staff, StaffSession

__all__ = [
    "Agency",
    "Answer",
    "AuditEntry",
    "Case",
    "DispositionRecord",
    "Draft",
    "IdempotencyKey",
    "Model",
    "OpenReport",
    "Partner",
    "PartnerCredential",
    "Proof",
    "Report",
    "ReportKey",
    "ReportPart",
    "Routing",
    "RoutingDocument",
    "Staff",
    "StaffSession",
    "UsedContext",
    "Withdrawal",
]
