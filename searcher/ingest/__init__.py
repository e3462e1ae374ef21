"""Ingesting: from files to the index. ``loader`` and ``rebuild`` are the two kinds of runs.

Invariants:
    The engine commits before ``sources`` records the files, so a crash only means that files are read again.
        Deletions are recorded before and completed after the commit (``run.Records.writer``).
    The versions ``CLEANER`` and ``ANNOTATOR`` decide what is read and annotated again; versions of
        problems (``pipeline.FINAL_VERSIONS``) decide what is retried.
    Fields of ``report.Report`` are the keys of ``report.Tally``.
    Settings and mappings are compared as text: their serialisation must be canonical.
"""
