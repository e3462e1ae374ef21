"""Plug-ins: entry points by group and name, and those that are built in."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from searcher.errors import UsageError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


#: What the distribution itself has, in the form of entry points.
BUILT_IN: Mapping[str, Mapping[str, str]] = {
    "searcher.readers": {
        "html": "searcher.readers.html.reader:HtmlReader",
        "captions": "searcher.readers.captions:CaptionsReader",
        "ttml": "searcher.readers.captions:TtmlReader",
        "text": "searcher.readers.text:TextReader",
        "json": "searcher.readers.records:JsonReader",
        "csv": "searcher.readers.tables:CsvReader",
        "compressed": "searcher.readers.containers:CompressedReader",
        "zip": "searcher.readers.containers:ZipReader",
        "tar": "searcher.readers.containers:TarReader",
        "7z": "searcher.readers.containers:SevenZipReader",
        "feed": "searcher.readers.newsxml:FeedReader",
        "warc": "searcher.readers.warc:WarcReader",
        "wacz": "searcher.readers.warc:WaczReader",
        "eml": "searcher.readers.mail:EmlReader",
        "emlx": "searcher.readers.mail:EmlxReader",
        "msg": "searcher.readers.outlook:MsgReader",
        "pst": "searcher.readers.outlook:PstReader",
        "mbox": "searcher.readers.mail:MboxReader",
        "mhtml": "searcher.readers.mail:MhtmlReader",
        "epub": "searcher.readers.epub:EpubReader",
        "pdf": "searcher.readers.pdf:PdfReader",
        "docx": "searcher.readers.office:DocxReader",
        "doc": "searcher.readers.office:DocReader",
        "ppt": "searcher.readers.office:PptReader",
        "pptx": "searcher.readers.office:PptxReader",
        "odt": "searcher.readers.office:OdtReader",
        "pages": "searcher.readers.office:PagesReader",
        "tables": "searcher.readers.tables:TableReader",
        "rtf": "searcher.readers.rtf:RtfReader",
        "news": "searcher.readers.newsxml:NewsXmlReader",
        "record": "searcher.readers.parliament:RecordReader",
    },
    "searcher.extractors": {
        "names": "searcher.extract.names:find_names",
        "quotes": "searcher.extract.quotes:find_quotes",
        "contacts": "searcher.extract.contacts:find_contacts",
    },
    # How results are shown elsewhere: as HTML to a notebook, and as a data frame.
    "searcher.displays": {"html": "searcher.displays:html", "frame": "searcher.displays:frame"},
    "searcher.engines": {"opensearch": "searcher.engines.opensearch:open_engine"},
}


@cache
def load(group: str) -> dict[str, Any]:
    """Load every object of an entry-point group, by name; an installed one overrules a built-in one.

    Raises what importing the part raises: a broken plug-in is better seen than skipped.
    """
    return {name: point.load() for name, point in _points(group).items()}


def find(group: str, name: str) -> Any:
    """Return one object of an entry-point group; a built-in one without a look at what is installed, which
    takes longer than a search. Raises UsageError, with the names there are, for no name."""
    if built_in := BUILT_IN.get(group, {}).get(name):
        module, _, attribute = built_in.partition(":")
        return getattr(import_module(module), attribute)
    points = _points(group)
    if name not in points:
        raise UsageError(f"Nothing installed opens “{name}://…”. There is: {', '.join(sorted(points))}.")
    return points[name].load()


def install_command(extra: str) -> str:
    """Return the command that installs the packages of an extra, by their names: the project itself may be on
    no registry."""
    from importlib.metadata import PackageNotFoundError, requires

    try:
        wanted = [one.partition(";") for one in requires("article-searcher") or ()]
    except PackageNotFoundError:
        wanted = []
    asked = (f"extra=='{extra}'", f'extra=="{extra}"')
    names = [f"'{name.strip()}'" for name, _, when in wanted if when.replace(" ", "").endswith(asked)]
    return f"pip install {' '.join(names) or f'article-searcher[{extra}]'}"


@cache
def installed_entries(group: str) -> Mapping[str, EntryPoint]:
    """Return the entry points of a group that other distributions declare, by name."""
    from importlib.metadata import entry_points

    return {
        point.name: point for point in entry_points(group=group) if not point.value.startswith("searcher.")
    }


@cache
def _points(group: str) -> Mapping[str, EntryPoint]:
    from importlib.metadata import EntryPoint

    points = {name: EntryPoint(name, value, group) for name, value in BUILT_IN.get(group, {}).items()}
    return {**points, **installed_entries(group)}
