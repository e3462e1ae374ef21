"""Names as they are compared."""

from __future__ import annotations

from searcher.names.forms import SHORT_FORMS
from searcher.names.normalise import fold


def test_every_short_form_can_be_looked_up() -> None:
    names = [*SHORT_FORMS, *SHORT_FORMS.values()]

    assert names == [fold(name) for name in names]
