"""Builds a wheel that depends on the sources alone: fixed times, and no files from an earlier build.

If a model does not have its digest, the build fails.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from setuptools import setup

sys.path.insert(0, str(Path(__file__).parent))

import searcher_models

if altered := searcher_models.altered_files():
    sys.exit(f"These files do not have the digest in SHA256SUMS: {', '.join(altered)}")

# 1980-01-01, the earliest time that a wheel can store.
os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")
os.umask(0o022)
with tempfile.TemporaryDirectory() as folder:
    setup(options={"build": {"build_base": folder}})
