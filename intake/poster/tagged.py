"""A PDF whose parts say what they are, for those who listen to it."""

from collections.abc import Iterator
from contextlib import contextmanager

from fpdf import FPDF


class TaggedPDF(FPDF):
    """fpdf2 tags pictures; this does the same for text."""

    @contextmanager
    def tagged(self, tag: str, text: str) -> Iterator[None]:
        """What is drawn inside is an element of the document and is read aloud as `text`."""
        mark = self.struct_builder.next_mcid_for_page(self.page)
        self._add_marked_content(struct_type=f"/{tag}", mcid=mark)
        spoken = f"\ufeff{text}".encode("utf-16-be").hex()
        self._out(f"/{tag} <</MCID {mark} /ActualText <{spoken}>>> BDC")
        yield
        self._out("EMC")

    @contextmanager
    def decoration(self) -> Iterator[None]:
        """What is drawn inside is not read aloud."""
        self._out("/Artifact BMC")
        yield
        self._out("EMC")
