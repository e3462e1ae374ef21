"""Documents of office programs (Word, PowerPoint, OpenDocument, Pages) and electronic books (EPUB)."""
