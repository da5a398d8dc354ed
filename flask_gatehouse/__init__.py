"""The generator: writes a project from the living application. Standard library only."""


class GeneratorError(Exception):
    """Generation cannot go on; the message is one sentence for the person who asked."""
