"""What each rule is worth: its parts are switched off one by one, and the labelled sets scored again.

A part is a function that decides something, a pattern or a word list (:mod:`.parts` finds them). Each topic
is a module with ``main(data)``, which prints a table: for each part what it gains in F1, in points, on each
set, that is, how much is lost without it. A part that gains nothing as a mean over the sets is no use.
"""

__all__ = ["TOPICS"]

TOPICS = ("names", "quotes")
