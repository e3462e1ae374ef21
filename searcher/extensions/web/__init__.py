"""The page: an index as a site, for people who have never seen a terminal.

It is a skin over :class:`searcher.index.Index`: a request becomes a :class:`searcher.query.request.Search`,
and what is found becomes HTML. Nothing is kept here but what the commands keep too, beside the index.

``server`` has the connections; ``guard`` says what a server allows and holds everybody to it; ``addresses``
reads them; ``views`` are the pages; ``templates`` and ``static`` are what they look like. Everything works
without JavaScript; with it, pages change in place.
"""
