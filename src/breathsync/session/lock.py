"""Who writes to a file: a lock that goes when its holder does, so that two programs never write to one."""

import os
import sys
from pathlib import Path

_FAR = 1 << 60  # where Windows locks: no byte that anybody reads


def take(handle: int) -> bool:
    """Hold the file of this open handle until it is closed; False if another program holds it."""
    try:
        _lock(handle)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: nothing can be held there, or known to be
        return True
    return True


def in_use(file: Path) -> bool:
    """Whether another program is writing to it now."""
    try:
        handle = os.open(file, os.O_RDWR)
    except OSError:
        return False
    try:
        return not take(handle)
    finally:
        os.close(handle)


if sys.platform == "win32":  # pragma: no cover - not run where this is developed

    def _lock(handle: int) -> None:
        import msvcrt

        place = os.lseek(handle, 0, os.SEEK_CUR)
        os.lseek(handle, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as problem:
            raise BlockingIOError from problem
        finally:
            os.lseek(handle, place, os.SEEK_SET)

else:

    def _lock(handle: int) -> None:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
