"""The page: an index as a site, for people who have never seen a terminal.

It is a skin over :class:`searcher.index.Index`: a request becomes a :class:`searcher.query.request.Search`,
and what is found becomes HTML. Nothing is kept here but what the commands keep too, beside the index.

``settings`` is what a server allows and ``guard`` holds everybody to it; ``asking`` reads addresses;
``views`` are the pages; ``templates`` and ``static`` are what they look like. Everything works without
JavaScript; with it, pages change in place.
"""
