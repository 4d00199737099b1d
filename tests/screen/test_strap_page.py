"""The connect panel in the real window, offscreen, with straps in virtual air."""

import pytest

pytest.importorskip("PySide6.QtWidgets", reason="Qt cannot be imported", exc_type=ImportError)
pytest.importorskip("bumble", reason="bumble is not installed (extra `bumble`)")

from contextlib import ExitStack

from bleak.exc import BleakBluetoothNotAvailableReason as Trouble
from PySide6.QtCore import Qt
from tests.air.backend import virtual_bluetooth
from tests.air.room import Room
from tests.air.test_links import strap_settings
from tests.screen.test_window import chosen, press, wait_for, window  # noqa: F401 - fixtures

from breathsync.devices import finding
from breathsync.devices.virtual_air import VirtualController
from breathsync.screen import app
from breathsync.screen.checkin_page import CheckInPage
from breathsync.screen.consent_page import ConsentPage
from breathsync.screen.page import LargeButton
from breathsync.screen.pages import EndPage, StartPage
from breathsync.screen.practice_window import PracticePage
from breathsync.screen.strap_page import StrapPage
from breathsync.session.players import LivePlayer
from breathsync.session.strap_player import StrapPlayer
from breathsync.session.straps import Straps


class InARoom(StrapPlayer):
    """In the session's own thread something happens first."""

    def __init__(self, enter, *arguments):
        super().__init__(*arguments)
        self._enter = enter

    async def run(self, listeners):
        await self._enter()
        await super().run(listeners)


def show(window, player):
    """Nobody is asked anything: that has tests of its own."""
    window._around.before = lambda player, begin, leave: begin()
    window._around.after = lambda player, then: then()
    window.show_strap(player)
    window.show()


class Panel:
    """The panel in a room with so many straps; the room lives in the session's own thread."""

    def __init__(self, window, chosen, count, trouble=None, streams=()):
        self.stack, self.window, self.count, self.trouble = ExitStack(), window, count, trouble
        straps = Straps(chosen, streams)
        self.player = InARoom(self.enter, straps, chosen, lambda strap: LivePlayer(strap, chosen))
        show(window, self.player)
        self.page = window.centralWidget()

    async def enter(self):
        self.room = Room()
        adapter = virtual_bluetooth(VirtualController("adapter", self.room.air))
        self.room.adapter = self.stack.enter_context(adapter)
        self.room.adapter.trouble = self.trouble
        for number in range(self.count):
            await self.room.bring(settings=strap_settings(number), every_s=0.2)

    def in_session(self, what, *words):
        self.window._bridge.ask(what, *words)

    def offered(self):
        return [b.text().splitlines()[0] for b in self.page._others.findChildren(LargeButton)]

    def leave(self):
        if self.window._bridge is None:
            return
        page = self.window.centralWidget()
        if isinstance(page, StrapPage):
            page._go_back()
        else:
            press(page, Qt.Key.Key_Escape)
        wait_for(lambda: isinstance(self.window.centralWidget(), StartPage | EndPage))


@pytest.fixture
def panel(window, chosen, monkeypatch):
    monkeypatch.setattr(finding, "SETTLE_S", 1.0)  # straps in virtual air are heard sooner
    made = []

    def make(count=1, trouble=None, streams=()):
        made.append(Panel(window, chosen, count, trouble, streams))
        return made[0]

    yield make
    made[0].leave()
    for strap in made[0].room.straps:
        strap._beating = strap._frames = None  # their loop has ended
    made[0].stack.close()


def test_it_finds_the_strap_shows_heart_and_battery_and_begins_over_the_same_link(panel, window):
    there = panel()
    assert not there.page.begin.isEnabled()
    wait_for(lambda: there.page.heart.text().isdigit())
    assert "Polar H10 12345600" in there.page.state.text()
    wait_for(lambda: "battery 87 %" in there.page.state.text())
    there.page.begin.click()
    wait_for(lambda: isinstance(window.centralWidget(), PracticePage))
    assert len(there.room.strap.peripheral.links) == 1
    assert there.player.recording.exists()


def test_requirement_7_who_wears_a_strap_is_asked_before_it_is_looked_for(window, chosen):
    """Consent, the check-in, the strap: in this order, and nothing is on the disk before consent."""
    player = StrapPlayer(Straps(chosen), chosen, lambda strap: LivePlayer(strap, chosen))
    window._look_for = lambda looked_for: looks.append(looked_for)
    looks = []
    window.show_strap(player)
    window.show()
    assert isinstance(window.centralWidget(), ConsentPage) and not chosen.recordings_folder.exists()
    window.centralWidget().accept_button.click()
    page = window.centralWidget()
    assert isinstance(page, CheckInPage) and not looks
    page.answers["threat"].say(4)
    press(page, Qt.Key.Key_Return)
    assert looks == [player]
    assert [event.threat for event in player._told] == [4]


def test_several_straps_are_offered_and_the_chosen_one_is_held(panel):
    there = panel(2)
    wait_for(lambda: len(there.offered()) == 2)
    wait_for(lambda: "several straps" in there.page.state.text())
    assert not there.page.begin.isEnabled()
    there.page._others.findChildren(LargeButton)[1].click()
    wait_for(lambda: there.page.begin.isEnabled())
    wait_for(lambda: there.page.heart.text().isdigit())


def test_in_a_room_of_many_straps_each_can_be_chosen_and_keeps_its_place(panel):
    """Their strengths waver all the time."""
    there = panel(8)
    wait_for(lambda: len(there.offered()) == 8)
    names = [f"Polar H10 123456{number:02}" for number in range(8)]
    assert there.offered() == names
    buttons = there.page._others.findChildren(LargeButton)
    for number, strap in enumerate(there.room.straps):
        strap.controller.strength_dbm = -90 + number
    wait_for(lambda: "weak (-83 dBm)" in buttons[7].text())
    assert there.offered() == names
    assert there.page._others.findChildren(LargeButton) == buttons
    buttons[6].click()
    wait_for(lambda: names[6] in there.page.state.text())


def test_bluetooth_that_is_off_is_said_and_used_when_it_comes_on(panel):
    there = panel(trouble=Trouble.POWERED_OFF)
    wait_for(lambda: "Bluetooth is off" in there.page.state.text())
    assert "doctor" in there.page.advice.text()
    there.in_session(there.room.adapter.come_back)
    wait_for(lambda: there.page.heart.text().isdigit())


def test_a_link_that_is_lost_in_a_session_is_a_state_of_its_own(panel, window):
    there = panel()
    wait_for(lambda: there.page.begin.isEnabled())
    there.page.begin.click()
    wait_for(lambda: isinstance(window.centralWidget(), PracticePage))
    bar = window.centralWidget().bar
    wait_for(lambda: bar._dot.text() == "●")
    there.in_session(there.room.air.out_of_range, there.room.strap.controller)
    wait_for(lambda: "link lost" in bar._signal.text())
    assert bar._dot.text() == "○"
    there.in_session(there.room.air.in_range, there.room.strap.controller)
    wait_for(lambda: "steady" in bar._signal.text())
    assert bar._dot.text() == "●"


def test_closing_the_window_stops_the_streams_and_ends_the_link(panel, window):
    there = panel(streams=("ecg", "acc"))
    wait_for(lambda: there.page.begin.isEnabled())
    there.page.begin.click()
    wait_for(lambda: isinstance(window.centralWidget(), PracticePage))
    wait_for(lambda: len(there.room.strap.peripheral.polar.running) == 2)
    window.close()
    assert there.room.strap.peripheral.polar.running == set()
    assert there.room.strap.peripheral.links == []


def test_a_crash_of_the_window_stops_the_streams_and_ends_the_link(panel, window, monkeypatch):
    def crash(*_):
        raise RuntimeError("Qt is gone")

    there = panel(streams=("ecg", "acc"))
    wait_for(lambda: there.page.begin.isEnabled())
    there.page.begin.click()
    wait_for(lambda: isinstance(window.centralWidget(), PracticePage))
    wait_for(lambda: len(there.room.strap.peripheral.polar.running) == 2)
    monkeypatch.setattr(app, "run_until_closed", crash)
    with pytest.raises(RuntimeError):
        app._until_closed(None, window)
    assert there.room.strap.peripheral.polar.running == set()
    assert there.room.strap.peripheral.links == []
