"""Names and quotations in other languages than English, and words of one language in another."""
