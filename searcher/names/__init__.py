"""Names across articles: which names are one person or one body, and why."""

from typing import Final

__all__ = ["VERSION"]

#: The version of the rules and tables: names that an index keeps are resolved anew where it is another.
VERSION: Final = 19
