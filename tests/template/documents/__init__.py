"""The documents, carried out: commands in a shell, steps in a browser, edits in files."""


class Fault(Exception):
    """Something is not as a page says."""
