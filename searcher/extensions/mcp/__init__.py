"""An index for language models, by the Model Context Protocol: tools that look up, and change nothing.

What articles say is handed on as data, verbatim and with its place, so that whatever a model cites can be
checked; it decides nothing here. Every answer keeps within a budget of tokens, and says where the next one
goes on.
"""
