"""The public door to an index: :class:`Index`, and what its attributes offer.

:mod:`.index` has the searches and the changes of whole indexes. The rest is grouped by subject, one class and
one module each: :mod:`.articles`, :mod:`.names`, :mod:`.tags`, :mod:`.files`, :mod:`.log` and :mod:`.hints`.
All of them share one :class:`~searcher.index.session.Session`, which holds what is open.
"""

from searcher.index.index import MEMORY, Index, open_index

__all__ = ["MEMORY", "Index", "open_index"]
