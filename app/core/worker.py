# file of feature: accounts
"""The worker: one process in the foreground that delivers mail and does periodic work.

One thread waits for the queue, another looks for what is due by itself. So work goes on when the
queue is lost or does not answer, and a slow mail server holds up only one of them.
"""

import signal
import time
from threading import Thread
from typing import Any

from flask import Flask

from app.core.jobs import open_queue, run_due, wake
from app.core.work import stopping

LOOKS_EVERY = 10  # seconds
STOPS = (signal.SIGINT, signal.SIGTERM)


def serve(app: Flask) -> None:
    """Work until Ctrl+C or SIGTERM, then finish the mail in hand and return.

    A second signal ends it at once.

    Raises:
        QueueUnusable: the queue cannot be opened.
    """
    queue = open_queue(app)
    # A file is asked again and again. Redis calls by itself, and is only waited for after it has
    # failed, since each failure is a long line in the log.
    first, last = (10.0, 10.0) if queue.storage.blocking else (0.1, 1.0)
    consumer = queue.create_consumer(
        periodic=False, initial_delay=first, max_delay=last, scheduler_interval=60
    )
    looks = Thread(target=_look, args=(app,), daemon=True)
    wake(app)  # what came due while nobody was here does not wait for the next minute
    # The library's own handlers end in the middle of a mail on one of the two signals. One that
    # comes while they are being replaced is held back, not lost.
    signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)
    consumer.start()
    looks.start()
    _on_stop(signal.default_int_handler)
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        while True:
            time.sleep(LOOKS_EVERY)
            consumer.check_worker_health()
    except KeyboardInterrupt:
        _on_stop(signal.SIG_DFL)
        stopping.set()
    consumer.stop(graceful=True)
    looks.join()


def _on_stop(handler: Any) -> None:
    for number in STOPS:
        signal.signal(number, handler)


def _look(app: Flask) -> None:
    while not stopping.wait(LOOKS_EVERY):
        run_due(app)
