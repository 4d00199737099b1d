"""Writes a report from the review, in a process of its own: it takes some seconds."""

import sys

from PySide6.QtCore import QProcess
from PySide6.QtWidgets import QFileDialog

from breathsync.screen.review.page import ReviewPage
from breathsync.wording import text


def ask_for_report(page: ReviewPage) -> None:
    """Ask where it is to be written, write it, and say on the page what became of it."""
    suggested = f"{page.model.file.stem}.pdf"
    name, _ = QFileDialog.getSaveFileName(
        page, text("review.report"), suggested, text("review.report_kinds")
    )
    if not name:
        return
    writing = QProcess(page)
    writing.finished.connect(
        lambda code: page.said.setText(
            str(writing.readAllStandardError().data(), "utf-8") if code else text("review.report_kept")
        )
    )
    command = ["-m", "breathsync", "report", str(page.model.file.resolve()), "-o", name]
    writing.start(sys.executable, command)
