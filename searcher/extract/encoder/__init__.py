"""The encoder of many languages: one pass over an article, for its names and for who said what.

``pieces`` cuts text into the vocabulary's pieces, ``stream`` lays them out in windows, ``embedding`` and
``model`` run the network, ``heads`` asks the questions of quotations. English articles load it
for quotations that are doubtful without it.
"""

from searcher.extract.encoder.reading import Question, Reading, read_article

__all__ = ["Question", "Reading", "read_article"]
