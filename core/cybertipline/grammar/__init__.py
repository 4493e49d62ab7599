"""The grammar: every element, attribute, order, length, word and rule of the form, written down once."""

from core.cybertipline.grammar.files import DONE_RESPONSE, FILE_DETAILS, REPORT_RESPONSE
from core.cybertipline.grammar.report import REPORT

__all__ = ["DONE_RESPONSE", "FILE_DETAILS", "REPORT", "REPORT_RESPONSE", "ROOTS"]

ROOTS = (REPORT, FILE_DETAILS, REPORT_RESPONSE, DONE_RESPONSE)
