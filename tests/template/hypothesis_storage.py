"""Hypothesis keeps what it remembers in a folder of the run, not in the folder of the project.

The folder of the project may be closed to it, and then it warns, which fails a test. The examples
are derived from the tests themselves, so there is nothing to remember from one run to the next.
"""

import os
import tempfile

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Set the folder before any test loads Hypothesis; each worker has a folder of its own."""
    folder = tempfile.TemporaryDirectory(prefix="hypothesis-", ignore_cleanup_errors=True)
    config.add_cleanup(folder.cleanup)
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = folder.name
