"""``python -m benchmarks.quality TOPIC… --data FOLDER``: print the quality of each topic.

``--languages`` measures names and quotes in other languages. With ``--figures`` nothing but our own
figures, those that the floors hold, as a line of JSON for each topic.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.quality import TOPICS, strangers, topic


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description=__doc__)
    parser.add_argument("topics", nargs="+", choices=sorted(TOPICS), metavar="TOPIC", help=", ".join(TOPICS))
    parser.add_argument("--data", type=Path, required=True, help="the folder with the labelled data")
    parser.add_argument("--figures", action="store_true", help="our own figures only, as JSON")
    parser.add_argument(
        "--languages", action="store_true", help="names and quotes: in languages other than English"
    )
    parser.add_argument("--verbose", choices="ab", help="strangers: print each failure of this half too")
    options = parser.parse_args()
    for name in options.topics:
        if options.languages and f"{name}_languages" in TOPICS:
            name = f"{name}_languages"
        folder = options.data / TOPICS[name]
        if not folder.is_dir():
            parser.error(f"{name} needs the folder {folder}, which is not there")
        if options.figures:
            print(json.dumps(topic(name).measure(options.data)))
        elif name == "strangers" and options.verbose:
            strangers.main(options.data, options.verbose)
        else:
            topic(name).main(options.data)


if __name__ == "__main__":
    main()
