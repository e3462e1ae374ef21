"""Export articles as data, tables, entities and references."""
