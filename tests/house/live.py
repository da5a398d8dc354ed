# file of feature: login
"""The whole house as it goes live on one machine: gunicorn, worker, nginx, PostgreSQL and Redis."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import trustme

from app.core.project import ROOT
from tests.accounts.mail_server import MailServer
from tests.conftest import SETTINGS
from tests.house.databases import free_port, until
from tests.parts import require_part

NAME = "house.example.com"  # as in deploy/nginx.conf
PATIENCE = 60  # seconds


@dataclass
class Live:
    """What runs, and where."""

    tls: int
    open: int
    authority: trustme.CA
    mail_server: MailServer
    gunicorn: "subprocess.Popen[bytes]"

    def is_ready(self) -> bool:
        """Tell whether the application says so, through the proxy."""
        try:
            return Visitor(self).go("/health/ready")[0].status == 200
        except OSError:
            return False

    def context(self) -> ssl.SSLContext:
        """Return what a browser brings that trusts our authority."""
        context = ssl.create_default_context()
        self.authority.configure_trust(context)
        return context

    def connect(self, context: ssl.SSLContext | None = None, name: str = NAME) -> ssl.SSLSocket:
        """Return an encrypted line to the proxy."""
        plain = socket.create_connection(("127.0.0.1", self.tls), PATIENCE)
        return (context or self.context()).wrap_socket(plain, server_hostname=name)

    def say(self, raw: bytes) -> bytes:
        """Send bytes as they are, and return all that comes back until the line is cut."""
        with self.connect() as line:
            line.sendall(raw)
            said = b""
            try:
                while part := line.recv(65536):
                    said += part
                    line.settimeout(5)  # a line that is kept open says nothing more
            except TimeoutError:
                pass
        return said


@dataclass
class Visitor:
    """A browser without pictures: keeps cookies and fills forms in."""

    live: Live
    cookies: dict[str, str] = field(default_factory=dict)
    set_cookies: list[str] = field(default_factory=list)

    def go(
        self, path: str, form: dict[str, str] | None = None, **headers: str
    ) -> tuple[http.client.HTTPResponse, str]:
        """Ask for a page, or send a form, and return the answer with its text."""
        line = http.client.HTTPSConnection("127.0.0.1", self.live.tls)
        line.sock = self.live.connect()
        told = {"Host": NAME, **{name.replace("_", "-"): text for name, text in headers.items()}}
        told["Cookie"] = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        body = None
        if form is not None:
            told |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "Origin": f"https://{NAME}",
            }
            told["Referer"] = f"https://{NAME}{path}"
            body = urlencode(form)
        line.request("GET" if form is None else "POST", path, body, told)
        answer = line.getresponse()
        text = answer.read().decode()
        line.close()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            self.set_cookies.append(cookie)
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer, text

    def submit(self, path: str, **fields: str) -> tuple[http.client.HTTPResponse, str]:
        """Open a page and send its form, with the token of the form."""
        _, page = self.go(path)
        found = re.search(r'name="csrf_token" value="([^"]+)"', page)
        assert found, f"{path} has no form: {page[:200]}"
        return self.go(path, {"csrf_token": unescape(found[1]), **fields})


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a process until the end of the block."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def nginx_conf(folder: Path, tls: int, open_port: int) -> str:
    """Return the proxy's settings as they stand, with other places for what is of this machine."""
    conf = (ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    kept = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"    {one}_temp_path {folder}/{one};\n" for one in kept)
    for old, new in (
        ("pid /run/nginx.pid;", f"pid {folder}/nginx.pid;\ndaemon off;"),
        ("listen 80 ", f"listen 127.0.0.1:{open_port} "),
        ("listen 443 ssl default_server;", f"listen 127.0.0.1:{tls} ssl default_server;"),
        ("listen 443 ssl;", f"listen 127.0.0.1:{tls} ssl;"),
        ("unix:/run/house/web.sock", f"unix:{folder}/web.sock"),
        ("/etc/house/tls", str(folder)),
        ("http {\n", f"http {{\n{places}"),
    ):
        assert old in conf, f"deploy/nginx.conf no longer says {old}"
        conf = conf.replace(old, new)
    # Started by root, its workers would be somebody who may not enter our folder.
    return f"user root;\n{conf}" if os.geteuid() == 0 else conf


@contextmanager
def live_house(database: str, redis: str, authority: trustme.CA) -> Iterator[Live]:
    """Bring everything up with the files of ``deploy/``, and down again."""
    nginx = require_part("nginx")
    # A socket's path may have 107 characters, and pytest's folders are long.
    folder = Path(tempfile.mkdtemp(prefix="live-", dir="/tmp"))
    mails, tls, open_port = MailServer(), free_port(), free_port()
    certificate = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(certificate)
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))
    ours = authority.issue_cert(NAME)
    ours.private_key_pem.write_to_path(str(folder / "privkey.pem"))
    for part in ours.cert_chain_pems:
        part.write_to_path(str(folder / "fullchain.pem"), append=True)
    (folder / "nginx.conf").write_text(nginx_conf(folder, tls, open_port), "utf-8")
    environment = {
        **SETTINGS,
        "PATH": os.environ["PATH"],
        "APP_ENV": "production",
        "PUBLIC_URL": f"https://{NAME}",
        "TRUSTED_PROXIES": "1",
        "BCRYPT_ROUNDS": "10",
        "DATABASE_URL": database,
        "LIMITS_STORAGE": redis,
        "JOBS_STORAGE": redis,
        "SMTP_URL": f"smtp://localhost:{mails.port}",
        "SSL_CERT_FILE": str(folder / "ca.pem"),
        "BIND": f"unix:{folder}/web.sock",
        "WEB_CONCURRENCY": "2",
    }
    ours_in = [sys.executable, "-m"]
    flask = [*ours_in, "flask", "--app", "wsgi"]
    subprocess.run([*flask, "db", "upgrade"], cwd=ROOT, env=environment, check=True)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        stack.callback(
            subprocess.run, [*flask, "db", "downgrade", "base"], cwd=ROOT, env=environment
        )
        stack.enter_context(mails.serving(tls_context=certificate, require_starttls=True))
        served = [*ours_in, "gunicorn", "--config", "deploy/gunicorn.conf.py", "wsgi:app"]
        gunicorn = stack.enter_context(running(served, environment))
        stack.enter_context(running([*flask, "jobs", "work"], environment))
        proxy = [nginx, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
        stack.enter_context(running(proxy, {"PATH": os.environ["PATH"]}))
        live = Live(tls, open_port, authority, mails, gunicorn)
        until(live.is_ready)
        yield live
