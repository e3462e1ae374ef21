"""Growth: whether the time that a function takes grows faster than its text, told by ratios."""

import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from searcher.errors import SearcherError

#: How much longer four times the text may take: the square of it takes sixteen times as long.
MAX_RATIO = 8
#: Seconds below which nothing is told by comparing.
MIN_SECONDS = 0.05


def grows(function: Callable[[str], Any], text: Callable[[int], str], length: int) -> bool:
    """Tell whether time grows faster than a text does, which ``text`` makes of a length.

    One try that does not show it is enough, since other processes only make a try look worse. Each try is
    longer: what compares each name with a bounded number of others looks like a square until it has so many.
    """
    for factor in (1, 1, 2, 4, 8, 16, 32):
        short, long = (seconds(function, text(times * factor * length)) for times in (1, 4))
        if long < MIN_SECONDS or long < MAX_RATIO * short:
            return False
    return True


def seconds(function: Callable[[str], Any], text: str) -> float:
    """Return the seconds of the processor that a function takes, whatever it says of the text."""
    tracer = sys.gettrace()
    sys.settrace(None)  # coverage takes twice as long as what it watches
    try:
        began = time.process_time()
        with suppress(SearcherError):
            function(text)
        return time.process_time() - began
    finally:
        sys.settrace(tracer)
