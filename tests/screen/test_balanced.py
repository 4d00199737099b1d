"""Words that wrap into lines of like length."""

import pytest

pytest.importorskip("PySide6.QtWidgets", exc_type=ImportError)

from PySide6.QtCore import Qt

from breathsync.screen.balanced import BalancedLabel, narrowest
from breathsync.screen.theme import FINE

WORDS = "swing with each breath 14 beats"


@pytest.fixture
def label(qapp):
    made = BalancedLabel(WORDS, FINE)
    made.setFixedWidth(made.fontMetrics().horizontalAdvance(WORDS) - 2)  # the last word has no room
    made.show()
    qapp.processEvents()
    yield made
    made.close()


def test_no_word_stands_alone_where_the_lines_can_share(label):
    longer_line = label.fontMetrics().horizontalAdvance("breath 14 beats")
    assert longer_line <= label.taken().width() <= longer_line + 2


def test_no_line_is_added(label):
    whole = label.width()
    free = narrowest(label.fontMetrics(), WORDS, whole)
    assert label.heightForWidth(whole) == 2 * label.fontMetrics().lineSpacing()
    assert free == label.taken().width()


def test_other_words_and_another_width_are_balanced_anew(label, qapp):
    label.setText("swing")
    one_word = label.fontMetrics().horizontalAdvance("swing")
    assert one_word <= label.taken().width() <= one_word + 2
    label.setText(WORDS)
    label.setFixedWidth(2 * label.width())
    qapp.processEvents()
    assert label.taken().width() >= label.fontMetrics().horizontalAdvance(WORDS)


def test_words_in_the_middle_stay_there(label):
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    label.setText(WORDS + ".")
    assert abs(label.taken().center().x() - label.rect().center().x()) <= 1


def test_a_width_without_room_for_a_word_is_taken_as_it_is(label):
    assert narrowest(label.fontMetrics(), "Atemzugschwingung", 20) == 20
