"""The files of the page that never change: their names hold a digest of what is in them."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from importlib import resources

from starlette.requests import Request
from starlette.responses import Response

__all__ = ["Assets"]

_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


@dataclass(frozen=True, slots=True)
class _Asset:
    plain: bytes
    packed: bytes
    kind: str


class Assets:
    """The files of ``searcher/web/static``, read once; no other file can be asked for."""

    def __init__(self) -> None:
        self._files: dict[str, _Asset] = {}
        self._names: dict[str, str] = {}
        for file in resources.files("searcher.web").joinpath("static").iterdir():
            content = file.read_bytes()
            stem, _, ending = file.name.rpartition(".")
            name = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.{ending}"
            kind = mimetypes.types_map.get(f".{ending}", "application/octet-stream")
            self._files[name] = _Asset(content, gzip.compress(content, mtime=0), kind)
            self._names[file.name] = name

    def url(self, name: str) -> str:
        """Return where a file is."""
        return f"/static/{self._names[name]}"

    def answer(self, request: Request) -> Response:
        """Return a file."""
        asset = self._files.get(request.path_params["name"])
        if asset is None:
            return Response(status_code=404)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(
                asset.packed, headers={**_FOREVER, "Content-Encoding": "gzip"}, media_type=asset.kind
            )
        return Response(asset.plain, headers=_FOREVER, media_type=asset.kind)
