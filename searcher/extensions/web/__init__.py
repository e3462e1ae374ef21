"""The web page of an index.

A request becomes a :class:`searcher.query.request.Search`, the results become HTML. The page stores nothing
that the commands do not store too.

``app`` has the routes and the server, ``guard`` access control, ``addresses`` the URLs, ``views`` the pages.
Everything works without JavaScript; with it, pages change in place.

Invariants: every text of a template has its German in ``strings.json``; every path below ``/api/`` is
described in ``openapi``; the names of form fields in templates are parameters of :class:`Search` or start
with an underscore.
"""
