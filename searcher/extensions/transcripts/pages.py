"""Transcripts in web pages whose markup names the speakers: ``<p class="speaker">Name</p>``."""

from __future__ import annotations

import copy
import re
from typing import Any

from searcher.extensions.transcripts.text import transcript_of
from searcher.readers.html.blocks import assemble, is_hidden, layout
from searcher.readers.turns import BOLD, HEADING, Turn, parse_label

#: Classes of speakers. "name" is also used for authors of comments, and therefore needs a colon.
_SPEAKER = re.compile(r"(?:^|[\s_-])(?:speaker|(name))(?=$|\s|[_-]name)", re.I)
_MIN_SPEAKERS = 4


def parse_page_transcript(tree: Any, body: str) -> tuple[str, list[Turn | str]] | None:
    """Return the text above the first turn of a page, and the turns. Return None if it has no turns."""
    classed = tree.xpath("//*[contains(@class, 'speaker') or contains(@class, 'name')]")
    named = [element for element in classed if _is_speaker(element)]
    if len(named) < _MIN_SPEAKERS:
        return transcript_of(body)
    other_ancestors = [{*element.iterancestors()} for element in named[1:]]
    around = next(one for one in named[0].iterancestors() if all(one in other for other in other_ancestors))
    part = copy.deepcopy(around)
    for element in [*part.iter("*")]:
        if is_hidden(element) and element.getparent() is not None:
            element.drop_tree()
        elif element.tag in ("h1", "h2", "h3", "h4", "h5", "h6"):
            element.text = HEADING + (element.text or "")
        elif _is_speaker(element):
            element.text = BOLD + (element.text or "").lstrip()
    turns = layout(part)
    marked = "\n\n".join(assemble(turns, turns.blocks))
    return transcript_of(marked, marked=True) or transcript_of(body)


def _is_speaker(element: Any) -> bool:
    match = _SPEAKER.search(element.get("class") or "")
    if not match:
        return False
    printed = element.text_content().strip()
    colon = printed.endswith(":") or (element.tail or "").lstrip().startswith(":")
    return parse_label(printed, any_case=True) is not None and (colon or not match[1])
