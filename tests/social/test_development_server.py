"""The local provider beside the development server: started once, and there after each reload."""

import socket
from pathlib import Path

import pytest
import requests

from tests.house.databases import free_port
from tests.site.development import Running, project, started

pytestmark = pytest.mark.process

__all__ = ["project"]  # a fixture
CHANGE = ("app/site/views.py", 'return "before"', 'return "after"')


def answers(port: int) -> bool:
    """Return whether the provider on a port answers."""
    document = f"http://127.0.0.1:{port}/.well-known/openid-configuration"
    return requests.get(document, timeout=30).status_code == 200


def starts_sign_in(server: Running) -> str:
    """Begin to sign in with Google and return what the answer says."""
    address = f"http://localhost:{server.port}/social/google/start"
    answer = requests.get(address, timeout=30, allow_redirects=False)
    return answer.headers.get("Location", answer.text)


def test_the_provider_is_announced_and_survives_a_reload(project: Path, tmp_path: Path) -> None:
    port = free_port()
    more = {"LOCAL_PROVIDER_PORT": str(port)}
    with started(project, tmp_path / "output", **more) as server:
        assert f"\n  Google and GitHub, played locally: http://127.0.0.1:{port}\n" in server.said()
        assert answers(port)
        with server.edited(*CHANGE, then="Serving again after"):
            assert starts_sign_in(server).startswith(f"http://127.0.0.1:{port}/oauth2/authorize?")
        assert answers(port)
        for word in ("WARNING", "ERROR", "in use", "Traceback"):
            assert word not in server.said()
        assert server.said().count("played locally") == 1


def test_its_port_in_use_is_said_before_anything_is_served(project: Path, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        with pytest.raises(AssertionError, match="is in use"):  # noqa: SIM117 - the block is never reached
            with started(project, tmp_path / "output", LOCAL_PROVIDER_PORT=port):
                pass
    said = (tmp_path / "output").read_text("utf-8")
    assert (
        f"Port {port}, for the local sign-in provider, is in use. Change LOCAL_PROVIDER_PORT.\n"
    ) in said
    assert "Serving on" not in said
