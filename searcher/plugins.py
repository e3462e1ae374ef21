"""Find plug-ins: entry points by group and name, built-in and installed."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from searcher.errors import UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


#: The built-in entry points of the distribution.
BUILT_IN: Mapping[str, Mapping[str, str]] = {
    "searcher.readers": {
        "html": "searcher.readers.html.reader:HtmlReader",
        "captions": "searcher.extensions.transcripts.captions:CaptionsReader",
        "ttml": "searcher.extensions.transcripts.captions:TtmlReader",
        "text": "searcher.readers.text:TextReader",
        "json": "searcher.readers.records:JsonReader",
        "csv": "searcher.readers.tables:CsvReader",
        "compressed": "searcher.readers.containers:CompressedReader",
        "zip": "searcher.readers.containers:ZipReader",
        "tar": "searcher.readers.containers:TarReader",
        "7z": "searcher.readers.containers:SevenZipReader",
        "feed": "searcher.extensions.newsxml:FeedReader",
        "warc": "searcher.extensions.webarchives:WarcReader",
        "wacz": "searcher.extensions.webarchives:WaczReader",
        "eml": "searcher.extensions.mail.messages:EmlReader",
        "emlx": "searcher.extensions.mail.messages:EmlxReader",
        "msg": "searcher.extensions.mail.outlook:MsgReader",
        "pst": "searcher.extensions.mail.outlook:PstReader",
        "mbox": "searcher.extensions.mail.messages:MboxReader",
        "mhtml": "searcher.extensions.mail.messages:MhtmlReader",
        "epub": "searcher.extensions.documents.epub:EpubReader",
        "pdf": "searcher.extensions.documents.pdf:PdfReader",
        "docx": "searcher.extensions.documents.office:DocxReader",
        "doc": "searcher.extensions.documents.office:DocReader",
        "ppt": "searcher.extensions.documents.office:PptReader",
        "pptx": "searcher.extensions.documents.office:PptxReader",
        "odt": "searcher.extensions.documents.office:OdtReader",
        "pages": "searcher.extensions.documents.office:PagesReader",
        "tables": "searcher.readers.tables:TableReader",
        "rtf": "searcher.readers.rtf:RtfReader",
        "news": "searcher.extensions.newsxml:NewsXmlReader",
        "record": "searcher.extensions.parliaments:RecordReader",
        "digitised": "searcher.extensions.digitised:DigitisedReader",
    },
    # Functions that return the right extension of a file, given its first bytes and its current extension.
    "searcher.recognisers": {
        "record": "searcher.extensions.parliaments.marks:ending_of",
        "digitised": "searcher.extensions.digitised:ending_of",
    },
    # Recognition of files that hold many articles: downloads from databases.
    "searcher.downloads": {"databases": "searcher.extensions.databases:Databases"},
    # Readers of recorded speech. They return the text above the first turn and the turns, or articles.
    "searcher.speech": {
        "text": "searcher.extensions.transcripts.text:transcript_of",
        "page": "searcher.extensions.transcripts.pages:parse_page_transcript",
        "chat": "searcher.extensions.transcripts.chats:parse_chat",
        "json": "searcher.extensions.transcripts.recordings:recording_events",
    },
    # Extraction in languages other than English. These functions take an article and its language.
    "searcher.annotators": {
        "names": "searcher.extensions.languages.foreign_names:named_clusters",
        "quotes": "searcher.extensions.languages.quotes:foreign_quotes",
    },
    # A table of the words of an index by meaning, and the base forms of declined names.
    "searcher.languages": {
        "words": "searcher.extensions.languages.across:WordTable",
        "base forms": "searcher.extensions.languages.declension:possible_bases",
    },
    # Files that list other files. The listed files are read with them instead of separately.
    "searcher.manifests": {"digitised": "searcher.extensions.digitised:Manifest"},
    "searcher.extractors": {
        "names": "searcher.extract.names:find_names",
        "quotes": "searcher.extract.quotes:find_quotes",
        "contacts": "searcher.extract.contacts:find_contacts",
    },
    # Conversion of results to HTML for notebooks, and to data frames.
    "searcher.displays": {"html": "searcher.displays:html", "frame": "searcher.displays:frame"},
    "searcher.engines": {"opensearch": "searcher.extensions.opensearch:open_engine"},
    "searcher.commands": {
        "export": "searcher.extensions.export.commands:export",
        "mcp": "searcher.extensions.mcp.commands:mcp",
        "serve": "searcher.extensions.web.commands:serve",
        "watch": "searcher.extensions.watching.commands:watch",
    },
    # Web applications that are mounted under a path of the web server.
    "searcher.web_apps": {"mcp": "searcher.extensions.mcp.server:web_app"},
}
#: The extra to install for each extension. All other extensions need [all].
EXTRAS: Mapping[str, str] = {"mcp": "mcp", "watching": "watch", "web": "web"}


@cache
def load(group: str) -> dict[str, Any]:
    """Load all objects of an entry-point group by name. Installed ones take precedence.

    Raises the errors of importing them: a broken plug-in should be noticed.
    """
    return {name: point.load() for name, point in _entry_points(group).items()}


def find(group: str, name: str) -> Any:
    """Return an object of an entry-point group. Raises UsageError, with the available names, if there is
    none.

    Built-in objects are found without scanning installed packages, which takes longer than a search.
    """
    if built_in := built_in_entries(group).get(name):
        module, _, attribute = built_in.partition(":")
        return getattr(import_module(module), attribute)
    points = _entry_points(group)
    if name not in points:
        raise UsageError(f"Nothing installed provides “{name}”. There is: {', '.join(sorted(points))}.")
    return points[name].load()


def find_optional(group: str, name: str) -> Any | None:
    """Return an object of an entry-point group, or None."""
    return find(group, name) if name in built_in_entries(group) or name in installed_entries(group) else None


@cache
def built_in_entries(group: str) -> Mapping[str, str]:
    """Return the built-in entries of a group, without those of removed extensions."""
    return {name: value for name, value in BUILT_IN.get(group, {}).items() if not _is_missing(value)}


def missing_entries(group: str) -> Mapping[str, str]:
    """Return the built-in entries of a group whose extension is missing, with the extra that provides
    each."""
    entries = BUILT_IN.get(group, {})
    return {
        name: f"article-searcher[{EXTRAS.get(_extension(entries[name]), 'all')}]"
        for name in entries.keys() - built_in_entries(group).keys()
    }


def _extension(value: str) -> str:
    """Return the name of an entry's extension, or "" for the core."""
    prefix, _, rest = value.partition("searcher.extensions.")
    return "" if prefix else re.split(r"[.:]", rest)[0]


def _is_missing(value: str) -> bool:
    extension = _extension(value)
    return bool(extension) and find_spec(f"searcher.extensions.{extension}") is None


def install_command(extra: str) -> str:
    """Return the command that installs an extra's packages by name, as the project may not be on a
    registry."""
    from importlib.metadata import PackageNotFoundError, requires

    try:
        requirements = [one.partition(";") for one in requires("article-searcher") or ()]
    except PackageNotFoundError:
        requirements = []
    markers = (f"extra=='{extra}'", f'extra=="{extra}"')
    names = [f"'{name.strip()}'" for name, _, when in requirements if when.replace(" ", "").endswith(markers)]
    return f"pip install {' '.join(names) or f'article-searcher[{extra}]'}"


def names(group: str) -> Collection[str]:
    """Return the names in an entry-point group."""
    return _entry_points(group).keys()


@cache
def installed_entries(group: str) -> Mapping[str, EntryPoint]:
    """Return the entry points of a group declared by other distributions, by name."""
    from importlib.metadata import entry_points

    return {
        point.name: point for point in entry_points(group=group) if not point.value.startswith("searcher.")
    }


@cache
def _entry_points(group: str) -> Mapping[str, EntryPoint]:
    from importlib.metadata import EntryPoint

    points = {name: EntryPoint(name, value, group) for name, value in built_in_entries(group).items()}
    return {**points, **installed_entries(group)}
