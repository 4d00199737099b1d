"""Whether a window can open here, found out without opening one.

Qt ends the whole process where it has no display or lacks a library, so we look before it does.
"""

import ctypes
import importlib
import os
import sys
from pathlib import Path

from breathsync.wording import text

APT_PACKAGES = (
    "libegl1 libgl1 libxkbcommon0 libdbus-1-3 libfontconfig1 libglib2.0-0 "
    "libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0"
)
_X11_LIBRARIES = (
    "libxcb-cursor.so.0",
    "libxkbcommon-x11.so.0",
    "libxcb-icccm.so.4",
    "libxcb-keysyms.so.1",
    "libxcb-shape.so.0",
)
_WAYLAND_LIBRARIES = ("libwayland-client.so.0", "libwayland-cursor.so.0")


def why_no_window() -> str | None:
    """In one line why there can be no window and what to do, or `None` where it can open."""
    on_linux = sys.platform.startswith("linux")
    chosen_platform = os.environ.get("QT_QPA_PLATFORM")
    if on_linux and not chosen_platform and not _display():
        return text("terminal.no_window_display")
    try:
        importlib.import_module("PySide6.QtWidgets")
    except ImportError as problem:
        if on_linux:
            return text("terminal.no_window_qt", packages=APT_PACKAGES)
        return text("terminal.no_window_other", problem=problem)
    if on_linux and not chosen_platform and not (_wayland_works() or _x11_works()):
        return text("terminal.no_window_qt", packages=APT_PACKAGES)
    return None


def why_no_drawing() -> str | None:
    """In one line why not even a PDF can be drawn here, or `None` where it can: this needs no display."""
    try:
        importlib.import_module("PySide6.QtSvg")
    except ImportError as problem:
        on_linux = sys.platform.startswith("linux")
        return text("terminal.no_pdf", packages=APT_PACKAGES) if on_linux else str(problem)
    return None


def has_display() -> bool:
    """Whether there is a display, or a platform that was chosen on purpose."""
    on_linux = sys.platform.startswith("linux")
    return not on_linux or bool(os.environ.get("QT_QPA_PLATFORM")) or _display()


def _display() -> bool:
    return _wayland_socket() or _x11_answers()


def _wayland_socket() -> bool:
    name = os.environ.get("WAYLAND_DISPLAY")
    if not name:
        return False
    return (Path(os.environ.get("XDG_RUNTIME_DIR", "/run/user/0")) / name).exists()


def _x11_answers() -> bool:
    if not os.environ.get("DISPLAY"):
        return False
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # not even that library: what to install is said later
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers = bool(xcb.xcb_connection_has_error(connection) == 0)
    xcb.xcb_disconnect(connection)
    return answers


def _wayland_works() -> bool:
    return _wayland_socket() and all(map(_loads, _WAYLAND_LIBRARIES))


def _x11_works() -> bool:
    return bool(os.environ.get("DISPLAY")) and all(map(_loads, _X11_LIBRARIES))


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
