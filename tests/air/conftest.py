"""Virtual air needs bumble; where it is not installed these tests are skipped."""

import pytest

pytest.importorskip("bumble", reason="bumble is not installed (extra `bumble`)")
