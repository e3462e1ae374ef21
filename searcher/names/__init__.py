"""Names across articles: which names are one person or one body.

``normalise`` says when two names are written alike, ``resolution`` which names of a collection are one, and
``decisions`` keeps what somebody has decided by hand.
"""
