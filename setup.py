"""Builds a wheel that depends on the sources alone: fixed times, and no files from an earlier build.

The metadata is in setup.cfg.
"""

from __future__ import annotations

import os
import tempfile

from setuptools import setup

# 1980-01-01, the earliest time that a wheel can store.
os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")
os.umask(0o022)
with tempfile.TemporaryDirectory() as folder:
    setup(options={"build": {"build_base": folder}})
