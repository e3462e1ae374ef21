"""Saved web pages to articles."""

from searcher.readers.html.reader import HtmlReader, article_from_html

__all__ = ["HtmlReader", "article_from_html"]
