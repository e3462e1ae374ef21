"""Search: the steps from what was asked to what is shown, around an engine.

``spelling`` corrects words, ``related`` asks for articles like one article, ``highlight`` makes hits with
passages and marks of what an engine found, ``advice`` says why nothing was found, and what else was meant.
"""
