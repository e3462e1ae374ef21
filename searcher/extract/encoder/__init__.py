"""The encoder of many languages: one pass over an article, for its names and for who said what.

``pieces`` cuts text into the vocabulary's pieces and lays them out in windows, ``model`` runs the network
and asks it the questions of quotations, ``encoded_text`` keeps what it made of an article. English articles
load it for quotations that are doubtful without it.
"""

from searcher.extract.encoder.encoded_text import EncodedText, Question, read_article

__all__ = ["Question", "EncodedText", "read_article"]
