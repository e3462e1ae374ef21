"""``searcher serve``: the index as a page in a browser."""

from __future__ import annotations

import ipaddress
import os
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import click

from searcher.cli.exits import OK
from searcher.cli.options import index_option, open_existing, require
from searcher.cli.streams import finish, note, write
from searcher.errors import UsageError
from searcher.locations import find_index

if TYPE_CHECKING:
    from searcher.extensions.web.guard import Network


_PORT = 8642  # where --port names none
#: Characters of a token off this machine: 16 of them hold 96 bits, if they were drawn at random.
_MIN_TOKEN_CHARACTERS = 16
#: Numbers of users who are people (from 501 on a Mac, from 1000 on Linux; 65534 is nobody), and the shells of
#: users who cannot log in.
_PEOPLE = range(500, 65_534)
_NO_SHELLS = ("nologin", "false")


@click.command(
    epilog="""\b
Examples:
  searcher serve --open                  in your browser, for you alone
  searcher serve --host 0.0.0.0          for others in your network, who need the token that it prints
  searcher serve --read-only             nothing can be changed
  searcher serve --user-header X-Remote-User --allow-host archive.example --writer ada --writer kim
                                         behind a proxy that says who asks; two of them change things
"""
)
@click.option(
    "--host", default="127.0.0.1", metavar="ADDRESS", help="Where to listen (127.0.0.1: this machine alone)."
)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=_PORT, help=f"The port ({_PORT}; 0: any that is free)."
)
@click.option("--open", "browse", is_flag=True, help="Open the page in your browser.")
@click.option(
    "--allow-host",
    "hosts",
    multiple=True,
    metavar="NAME",
    help="A name under which the page may be asked for.",
)
@click.option(
    "--token", metavar="TOKEN", help="Token that every visitor needs. Generated if others can reach the page."
)
@click.option("--read-only", is_flag=True, help="Nothing can be changed through the page.")
@click.option(
    "--user-header",
    metavar="FIELD",
    help="The field of a request in which a proxy says who asks: changes carry that name.",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDRESS",
    help="Where the proxy is (this machine): nobody else is answered. An address or a network.",
)
@click.option(
    "--writer",
    "writers",
    multiple=True,
    metavar="NAME",
    help="Who may change something, by the name that the proxy says (everybody); all others only read.",
)
@click.option("--mcp", is_flag=True, help="Let language models search too, at /mcp (searcher mcp).")
@index_option
def serve(
    host: str,
    port: int,
    browse: bool,
    hosts: tuple[str, ...],
    token: str | None,
    read_only: bool,
    user_header: str | None,
    proxies: tuple[str, ...],
    writers: tuple[str, ...],
    mcp: bool,
    folder: str | None,
) -> int:
    """Show the index as a page in a browser.

    Only this machine can open it, unless another --host is given: then every visitor needs a token. A team
    uses a proxy that knows its people (--user-header). Stop it with Ctrl+C.
    """
    require("The page needs more packages", "web", "starlette", "uvicorn", "jinja2")
    if mcp:
        require("This needs one more package", "mcp", "mcp")
    from searcher.extensions.web.app import server_of
    from searcher.extensions.web.guard import PATIENCE_SECONDS, THIS_MACHINE, Access

    if user_header is None:
        if proxies or writers:
            raise UsageError(
                "Nobody says who asks: name the field in which the proxy does with --user-header."
            )
        token = _token(token, here=_is_loopback(host))
    elif token is None and not proxies and _others_live_here():
        raise UsageError(
            "Other people have accounts on this machine, and could pass for the proxy: give a --token, and "
            "let the proxy send it, as “Authorization: Bearer TOKEN”."
        )
    settings = Access(
        frozenset(name.lower() for name in hosts),
        token,
        read_only,
        mcp,
        user_header,
        tuple(map(_network, proxies)) or THIS_MACHINE,
        frozenset(writers),
    )
    opened = open_existing(folder, patience=PATIENCE_SECONDS)
    with opened as index, _listening_socket(host, port) as listening:
        address = _address(host, listening.getsockname()[1], settings.token_of_all)
        write(f"Searcher is at {address} (Ctrl+C ends it)\n")
        finish()
        if token is None and user_header is None:
            note(
                "It has no token: nobody else has an account here. Every program on this machine may ask it."
            )
        if browse:
            import webbrowser

            webbrowser.open(address)
        server_of(index, settings, find_index(folder)).run(sockets=[listening])
    return OK


def _token(given: str | None, *, here: bool) -> str | None:
    """Return what whoever asks has to know: what was given, or something made up where others could ask;
    ``here``: only this machine can. Raises UsageError for one that can be guessed."""
    if given is None and (not here or _others_live_here()):
        import secrets

        return secrets.token_urlsafe(24)
    if given is None:
        return None
    if not here and 0 < len(given) < _MIN_TOKEN_CHARACTERS:
        raise UsageError(
            f"A token of {len(given)} characters can be guessed. Use at least {_MIN_TOKEN_CHARACTERS} if "
            "others can reach the page. Leave --token out to have one generated."
        )
    return given


def _network(given: str) -> Network:
    """Return the addresses of a proxy. Raises UsageError."""
    try:
        return ipaddress.ip_network(given)
    except ValueError as error:
        raise UsageError(f"--proxy takes an address or a network, as 10.0.0.0/24: {error}.") from error


def _others_live_here() -> bool:
    """Tell whether somebody else has an account on this machine; False where that cannot be told."""
    try:
        import pwd
    except ImportError:  # Windows
        return False
    return any(
        user.pw_uid in _PEOPLE and user.pw_uid != os.getuid() and not user.pw_shell.endswith(_NO_SHELLS)
        for user in pwd.getpwall()
    )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens; whoever comes from now on is answered. Raises UsageError."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family)
        # Head and body of an answer are two writes; the second would wait 40 ms for the first's receipt.
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listening
    except (OSError, UnicodeError) as error:
        raise UsageError(
            f"Nothing can listen at {host}, port {port} ({error}). Another one is chosen with: --port 0"
        ) from error


def _address(host: str, port: int, token: str | None) -> str:
    """Return the address to open in a browser."""
    name = "127.0.0.1" if host in ("0.0.0.0", "localhost") else host  # noqa: S104  everywhere is here too
    name = "[::1]" if name == "::" else f"[{name}]" if ":" in name else name
    return f"http://{name}:{port}/" + (f"?{urlencode({'token': token})}" if token is not None else "")
