"""A cluster of OpenSearch on this machine, for tests: one process a node, its parts from Maven Central.

``python -m tests.extensions.opensearch.node 3`` starts three nodes and prints the address for
SEARCHER_OPENSEARCH_URL.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["READER", "WRITER", "Cluster", "Unavailable", "local_cluster"]

HERE = Path(__file__).parent
SOURCES = HERE / "LocalNode.java", HERE / "Guard.java"
#: The oldest Java that OpenSearch 3 runs on.
JAVA = 21
#: As it is before tests begin, which have a home of their own: Maven keeps what it fetched in the user's.
ENVIRONMENT = dict(os.environ)
#: Who may do everything on a guarded node, and who may only read, with their passwords (Guard.java).
WRITER, READER = ("writer", "ink"), ("reader", "eyes")
#: Seconds until a cluster answers, and until its parts are fetched.
START, FETCH = 90, 180


class Unavailable(Exception):
    """No cluster can be started here; the message says why."""


class Cluster:
    """The nodes of a running cluster."""

    def __init__(
        self, commands: list[list[str]], ports: list[int], log: Path, certificate: Path | None = None
    ) -> None:
        self.ports = ports
        self._certificate = certificate
        self._protocol = "https" if certificate else "http"
        self._commands = commands
        self._log = log
        self._processes = [self._started(command) for command in commands]

    @property
    def address(self) -> str:
        """The beginning of the address of an index: the name follows."""
        return f"opensearch+{self._protocol}://" + ",".join(f"127.0.0.1:{port}" for port in self.ports)

    def kill(self, node: int) -> None:
        """Let a node die as if its machine had."""
        with self._processes[node] as process:
            process.kill()

    def start(self, node: int) -> None:
        """Start a node that died."""
        self._processes[node] = self._started(self._commands[node])

    def wait(self) -> None:
        """Wait until all nodes have found one another. Raises Unavailable."""
        health = f"_cluster/health?wait_for_nodes={len(self.ports)}&timeout=5s"
        password = b64encode(":".join(WRITER).encode()).decode()
        asked = urllib.request.Request(
            f"{self._protocol}://127.0.0.1:{self.ports[0]}/{health}",
            headers={"authorization": f"Basic {password}"},
        )
        trust = ssl.create_default_context(cafile=self._certificate) if self._certificate else None
        deadline = time.monotonic() + START
        while time.monotonic() < deadline and all(process.poll() is None for process in self._processes):
            try:
                with urllib.request.urlopen(asked, timeout=10, context=trust):
                    return
            except OSError:
                time.sleep(0.3)
        raise Unavailable(f"OpenSearch did not start: {self._log.read_text('utf-8', 'replace')[-500:]}")

    def end(self) -> None:
        for node in range(len(self.ports)):
            self.kill(node)

    def _started(self, command: list[str]) -> subprocess.Popen[bytes]:
        with open(self._log, "ab") as log:
            # It ends with this process, however that ends: its input does.
            return subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True
            )


@contextmanager
def local_cluster(
    nodes: int = 1, heap: str = "512m", *, certificate: Path | None = None
) -> Iterator[Cluster]:
    """Start a cluster, and end it. With a certificate, a file that has its key as well, nodes speak TLS and
    ask who asks. Raises Unavailable."""
    java, parts = _newest_java(), _class_path()
    node = _compiled(java, parts)
    home = Path(tempfile.mkdtemp(prefix="opensearch-"))
    ports = [_free_port() for _ in range(2 * nodes)]
    http, transport = ports[:nodes], ports[nodes:]
    seeds = ",".join(f"127.0.0.1:{port}" for port in transport) if nodes > 1 else ""
    managers = ",".join(f"n{node}" for node in range(nodes))
    options = [f"-Xmx{heap}", f"-Xms{heap}"]
    if certificate:
        key = home / "key.p12"
        packing = f"openssl pkcs12 -export -in {certificate} -out {key} -passout pass:guard"
        subprocess.run(packing.split(), check=True)
        options.append(f"-Dguard={key}")
    if nodes == 1:  # for a minute or two, which is over before the better compiler pays
        options.append("-XX:TieredStopAtLevel=1")
    commands = [
        [
            *(str(java), *options),
            *("-cp", f"{node}{os.pathsep}{parts}", SOURCES[0].stem),
            *(str(home / f"node{n}"), f"n{n}", str(http[n]), str(transport[n]), seeds, managers),
        ]
        for n in range(nodes)
    ]
    try:
        cluster = Cluster(commands, http, home / "log", certificate)
        try:
            cluster.wait()
            yield cluster
        finally:
            cluster.end()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def _newest_java() -> Path:
    """Return the newest Java on this machine that compiles, which need not be the one on the PATH."""
    homes = [Path(os.environ["JAVA_HOME"])] if os.environ.get("JAVA_HOME") else []
    for folder in ("/usr/lib/jvm", "~/.sdkman/candidates/java", "/Library/Java/JavaVirtualMachines"):
        homes += Path(folder).expanduser().glob("*")
    on_path = shutil.which("javac")
    homes += [Path(on_path).resolve().parent.parent] if on_path else []
    found = [
        (version, home / "bin" / "java")
        for home in (*homes, *(home / "Contents" / "Home" for home in homes))
        if (home / "bin" / "javac").exists() and (version := _version(home))
    ]
    version, java = max(found, default=(0, Path()))
    if version < JAVA:
        raise Unavailable(
            f"OpenSearch needs a JDK of {JAVA} or newer; the newest here is {version or 'none'}."
        )
    return java


def _version(home: Path) -> int:
    try:
        text = (home / "release").read_text("utf-8")
    except OSError:
        return 0
    match = re.search(r'JAVA_VERSION="(\d+)', text)
    return int(match[1]) if match else 0


def _class_path() -> str:
    """Return the class path of a node, fetched by Maven where it is not in its repository."""
    maven = shutil.which("mvn")
    if not maven:
        raise Unavailable("OpenSearch is fetched by Maven (mvn), which is not here.")
    kept = _kept(HERE / "pom.xml").with_suffix(".txt")
    if kept.exists() and all(map(os.path.exists, kept.read_text("utf-8").split(os.pathsep))):
        return kept.read_text("utf-8")
    output = kept.with_suffix(f".{os.getpid()}")
    command = [maven, "-q", "-B", "-f", str(HERE / "pom.xml"), "dependency:build-classpath"]
    try:
        done = subprocess.run(
            [*command, f"-Dmdep.outputFile={output}"],
            capture_output=True,
            timeout=FETCH,
            check=False,
            env=ENVIRONMENT,
        )
    except subprocess.TimeoutExpired:
        raise Unavailable(f"Maven did not fetch OpenSearch within {FETCH} s.") from None
    if done.returncode:
        raise Unavailable(f"Maven cannot fetch OpenSearch: {done.stdout.decode(errors='replace')[-300:]}")
    output.replace(kept)
    return kept.read_text("utf-8")


def _compiled(java: Path, parts: str) -> Path:
    """Return the folder with the main class of a node: to compile it takes as long as to start one."""
    kept = _kept(*SOURCES, HERE / "pom.xml", java.parent.parent / "release")
    if not kept.exists():
        made = Path(tempfile.mkdtemp(prefix="opensearch-"))
        command = [str(java.with_name("javac")), "-d", str(made), "-cp", parts, *map(str, SOURCES)]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode:
            raise Unavailable(f"{HERE} does not compile: {done.stderr.decode(errors='replace')[-300:]}")
        with suppress(OSError):  # another process was faster
            made.rename(kept)
    return kept


def _kept(*files: Path) -> Path:
    """Return where on this machine is kept what is made of these files."""
    digest = hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"searcher-opensearch-{os.getuid()}-{digest}"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])
