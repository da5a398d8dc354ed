"""How the application is served: `gunicorn --config deploy/gunicorn.conf.py wsgi:app`."""

import os

# A socket file and no port: nothing on the network can reach the application but through the
# proxy, and between the two nothing goes in the open (OWASP ASVS 5.0.0, 12.3.3). Whoever may enter
# the folder may connect, so the folder is what guards it.
bind = os.environ.get("BIND", "unix:/run/house/web.sock")
umask = 0o007

# A thread waits for the database or hashes a password; the processor is not idle meanwhile.
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", os.cpu_count() or 1))
threads = 8

# A request that takes longer than this will not be answered any more: its client has gone.
timeout = 30
graceful_timeout = 30
# Whatever leaks in a library is given back now and then, and not by all workers at once.
max_requests = 10_000
max_requests_jitter = 1_000
# Signs of life in memory: on a busy disk they come late, and a good worker would be killed.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108, PTH112

# Which proxy is believed is one setting of the application, TRUSTED_PROXIES, and no second one.
forwarded_allow_ips = ""
secure_scheme_headers: dict[str, str] = {}
# No second door by which workers could be told what to do.
control_socket_disable = True

# The application writes one line a request, without paths, which may hold the secret of a link.
accesslog = None
errorlog = "-"
