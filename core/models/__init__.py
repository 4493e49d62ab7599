"""The tables. Importing this package loads them all, so that they know each other."""

from core.db import Model
from core.models.agency import Agency
from core.models.answer import Answer
from core.models.audit import AuditEntry
from core.models.case import Case, DispositionRecord
from core.models.report import Draft, Proof, Report, ReportKey, Withdrawal
from core.models.routing import Routing, RoutingDocument
from core.models.staff import Staff, StaffSession

__all__ = [
    "Agency",
    "Answer",
    "AuditEntry",
    "Case",
    "DispositionRecord",
    "Draft",
    "Model",
    "Proof",
    "Report",
    "ReportKey",
    "Routing",
    "RoutingDocument",
    "Staff",
    "StaffSession",
    "Withdrawal",
]
