# file of feature: accounts
"""What the queue, the worker and delivery must know of each other."""

from threading import Event

# Set when the worker is asked to end: long work looks at it between two pieces.
stopping = Event()


class QueueUnusable(Exception):
    """The storage of the queue cannot be opened, or does not answer."""
