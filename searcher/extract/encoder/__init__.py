"""The encoder of many languages, which names and quotations share."""
