"""The tables. Importing this package loads them all, so that they know each other."""

from core.db import Model
from core.models.agency import Agency
from core.models.answer import Answer, AnswerCopy
from core.models.audit import AuditEntry
from core.models.bundle import CaseLink, CaseMark, CaseText, RegroupingRecord
from core.models.case import Case, DispositionRecord
from core.models.report import Draft, Proof, Report, ReportKey, Withdrawal
from core.models.staff import Staff, StaffSession

__all__ = [
    "Agency",
    "Answer",
    "AnswerCopy",
    "AuditEntry",
    "Case",
    "CaseLink",
    "CaseMark",
    "CaseText",
    "DispositionRecord",
    "Draft",
    "Model",
    "Proof",
    "RegroupingRecord",
    "Report",
    "ReportKey",
    "Staff",
    "StaffSession",
    "Withdrawal",
]
