"""Full-text search over your own articles, with people, organisations and who said what."""
