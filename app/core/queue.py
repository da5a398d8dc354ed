# file of feature: accounts
"""The queue between requests and the worker: it says "wake up" and nothing else.

Importing it imports huey, and with that redis and psycopg whatever the storage, so it is done
where the queue is needed and not before.
"""

import json
import sqlite3
from pathlib import Path
from typing import Any

from flask import Flask
from huey import Huey
from huey.registry import Message
from huey.serializer import Serializer
from huey.storage import RedisStorage, SqliteStorage
from redis import ConnectionPool, RedisError

from app.core.delivery import deliver_due
from app.core.work import QueueUnusable

REDIS_TIMEOUT = 5  # seconds; a request must not hang on a queue that does not answer


# What a file and Redis raise when they do not answer. An entry that is none of ours raises nothing:
# the library leaves it out.
UNUSABLE = (OSError, sqlite3.Error, RedisError)


class NamesAlone(Serializer):  # type: ignore[misc]
    """Nothing but the name of a task travels.

    The library's own way is pickle: whoever can write into the queue could run any code here.
    """

    def _serialize(self, message: Any) -> bytes:
        return json.dumps([message.id, message.name]).encode()

    def _deserialize(self, data: bytes) -> Any:
        key, name = json.loads(data)
        return Message(id=key, name=name)


def build(app: Flask) -> Any:
    """Return the queue of an application with its one task.

    It is named after the site, because two of them may share one Redis.

    Raises:
        QueueUnusable: the file cannot be opened, or is none of ours.
    """
    name = f"jobs {app.config['PUBLIC_URL']}"
    try:
        queue = Huey(name, results=False, serializer=NamesAlone(), **_storage(app))
    except UNUSABLE as error:
        raise QueueUnusable(type(error).__name__) from error

    @queue.task(name="wake")  # type: ignore[untyped-decorator]
    def wake() -> None:
        with app.app_context():
            deliver_due()

    queue.wake = wake.s
    return queue


def ask_to_deliver(queue: Any) -> None:
    """Put the task into the queue, unless it waits there already.

    Raises:
        QueueUnusable: the storage does not answer.
    """
    try:
        if not any(task.name == "wake" for task in queue.pending()):
            queue.enqueue(queue.wake())
    except UNUSABLE as error:
        raise QueueUnusable(type(error).__name__) from error


def _storage(app: Flask) -> dict[str, Any]:
    address = app.config["JOBS_STORAGE"]
    if address.startswith("sqlite:///"):
        file = Path(app.instance_path) / address.removeprefix("sqlite:///")
        file.parent.mkdir(parents=True, exist_ok=True)
        return {"storage_class": SqliteStorage, "filename": str(file)}
    pool = ConnectionPool.from_url(
        address, socket_connect_timeout=REDIS_TIMEOUT, socket_timeout=REDIS_TIMEOUT
    )
    return {"storage_class": RedisStorage, "connection_pool": pool}
