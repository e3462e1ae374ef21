"""Documents: PDF, office programs (Word, PowerPoint, OpenDocument, Pages) and electronic books (EPUB)."""
