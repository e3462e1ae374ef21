"""Read-only tools for language models over the Model Context Protocol.

Texts of articles are returned verbatim with their offsets, so that citations can be checked. Every answer
stays within a budget of tokens and says how to get the next part.
"""
