"""Names across articles: which names are one person or one body.

``forms`` has the tables, which extraction reads too. ``normalise`` says when two names are written alike;
``rules`` which values of a group are one name, for ``people``, ``bodies`` and publications, with what
articles explain of acronyms and how near (``nearness``) those with a surname or acronym alone are;
``decisions`` keeps what somebody has decided by hand. A ``table`` has the name of every value and tells what
an asked name means; ``evidence`` says why.
"""

from typing import Final

__all__ = ["VERSION"]

#: The version of the rules, of :func:`.normalise.fold` and of its tables: names that an index keeps are
#: resolved anew where another version resolved them.
VERSION: Final = 11
