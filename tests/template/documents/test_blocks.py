"""The documents' runner itself: what is as a page says passes, and anything else does not."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest
from sybil.example import SybilFailure

from tests.template.documents.page import Reader

# A server that needs nothing but Python: what is tested here is the reader, not an application.
MAKEFILE = """run:
	@echo "Serving on http://localhost:$(PORT)"
	@exec python3 -m http.server --bind localhost $(PORT)
"""
FORM = """<!doctype html><title>Form</title><h1>A form</h1><p>Fill it in.</p>
<form><label for=name>Name</label><input id=name name=name value="Ada Byron">
<input type=hidden value=secret><label for=keep>Keep</label><input id=keep type=checkbox>
<label for=order>Order</label><select id=order><option>Old<option>New</select>
<button>Send</button></form><a href="/there.html">Go there</a><p hidden>nowhere</p>"""
Read = Callable[[str], None]


@pytest.fixture
def record_property() -> Callable[[str, object], None]:
    """Count nothing: these pages are none of the documents."""
    return lambda *_: None


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that `make run` serves."""
    place = tmp_path / "a place"
    (place / "health").mkdir(parents=True)
    (place / "health" / "ready").touch()
    (place / "Makefile").write_text(MAKEFILE, "utf-8")
    (place / "index.html").write_text(FORM, "utf-8")
    (place / "there.html").write_text("<!doctype html><title>End</title><h1>Arrived</h1>", "utf-8")
    return place


@pytest.fixture
def read(folder: Path, reader: Callable[[Path], Reader]) -> Read:
    """Do what a text says."""

    def _read(text: str) -> None:
        page = folder.parent / "page.md"
        page.write_text(text, "utf-8")
        with reader(folder) as somebody:
            somebody.read(page)

    return _read


def console(*lines: str) -> str:
    return "\n".join(["# A page", "", "```console", *lines, "```", ""])


def steps(*lines: str) -> str:
    served = console("$ make run")
    return "\n".join([served, "```{steps}", "Open http://localhost:8000/", *lines, "```", ""])


@pytest.mark.parametrize(
    "lines",
    [
        ["$ echo one; echo two; echo three", "one", "three"],
        ["$ printf 'a\\tb  c\\n'", "a b c"],
        ["$ echo made app/x in 3.1 s", "made ... in ... s"],
        ["$ echo one; echo two", "...", "two"],
        ["$ echo one \\", "    two", "one two"],
        ["$ cd health", "$ ls", "ready"],
        ["$ word='one  two'", '$ echo "$word"', "one two"],
        ["$ say() { echo said $1; }", "$ say one", "said one"],
        ["$ echo to-stderr >&2", "to-stderr"],
        ["$ make nothing", "make: *** No rule to make target 'nothing'.  Stop."],
        ["$ echo Error: no; exit 1", "Error: no"],
    ],
)
def test_what_is_as_the_page_says_passes(read: Read, lines: list[str]) -> None:
    read(console(*lines))


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["$ echo one", "two"], "It should have said: two"),
        (["$ echo one two", "one"], "It should have said: one"),
        (["$ echo one; echo two", "two", "one"], "It should have said: one"),
        (["$ echo once", "once", "once"], "It should have said: once"),
        (["$ echo ok", "$ false"], r"\$ false\nIt failed"),
        (["$ echo Error: no", "Error: no"], "It should have failed"),
        (["$ make run", "make: *** [Makefile:2: run] Error 1"], "It did not end|should have"),
        (["no command"], "begins with a command"),
    ],
)
def test_what_is_not_as_the_page_says_fails(
    read: Read, lines: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.template.documents.process.PATIENCE", 1)
    with pytest.raises(SybilFailure, match=said):
        read(console(*lines))


def test_a_server_runs_until_the_page_ends(read: Read, folder: Path) -> None:
    ask = "python3 -c 'import urllib.request as u; print(u.urlopen(\"{}\").status)'"
    there = ask.format("http://localhost:8000/")
    read(console("$ make run", "Serving on http://localhost:8000", f"$ {there} >said"))
    assert (folder / "said").read_text() == "200\n"
    read(console("$ make run PORT=9000", "Serving on http://localhost:9000", "$ make run"))
    with pytest.raises(SybilFailure, match="Connection refused"):
        read(console(f"$ {there}"))


def test_nothing_outlives_a_page_that_fails(read: Read, folder: Path) -> None:
    by_hand = "make run PORT=9000 & sleep 1; echo localhost:8000 localhost:9000 >places"
    with pytest.raises(SybilFailure, match="It failed"):
        read(console("$ make run", f"$ {by_hand}", "$ false"))
    for place in (folder / "places").read_text().split():
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(place.split(":"))


def test_a_server_that_does_not_serve_fails(read: Read, folder: Path) -> None:
    (folder / "Makefile").write_text("run:\n\t@echo broken; exit 3\n", "utf-8")
    with pytest.raises(SybilFailure, match="It does not serve:\nbroken"):
        read(console("$ make run"))


@pytest.mark.browser
@pytest.mark.parametrize(
    "lines",
    [
        ['You should see "A form"', 'You should see "a ... it in"', 'You should see "Ada Byron"'],
        ['You should not see "secret"', 'You should not see "nowhere"'],
        ['Type "Grace" into "Name"', 'You should see "Grace"', 'You should not see "Ada"'],
        ['Type "Grace" into "Name"', 'Press "Send"', 'You should see "Ada Byron"'],
        ['Follow "Go ..."', 'You should see "Arrived"', 'Picture "there"'],
        ['Tick "Keep"', 'Untick "Keep"', 'Choose "New" in "Order"', "Reload the page"],
        [
            "Use another browser",
            "Open http://localhost:8000/there.html",
            'You should see "Arrived"',
        ],
    ],
)
def test_steps_that_are_as_the_page_says_pass(read: Read, lines: list[str]) -> None:
    read(steps(*lines))


@pytest.mark.browser
@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (['You should see "nowhere"'], "It is not to be seen"),
        (['You should not see "Fill it in"'], "It is to be seen"),
        (['You should see "Arrived"', 'Follow "Go there"'], "It is not to be seen"),
        (['Press "Go there"'], "Timeout"),
        (['Follow "Go"'], "Timeout"),
        (['Type "x" into "Nam"'], "Timeout"),
        (["Jump"], "There is no such step"),
    ],
)
def test_steps_that_are_not_as_the_page_says_fail(
    read: Read, lines: list[str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.template.documents.visitor.PATIENCE", 1)
    with pytest.raises(SybilFailure, match=f"{lines[0].split()[0]}(.|\n)*{said}"):
        read(steps(*lines))


def file_block(language: str, caption: str, *lines: str) -> str:
    return "\n".join([f"```{{code-block}} {language}", f":caption: {caption}", "", *lines, "```"])


def test_a_file_is_written_and_edited(read: Read, folder: Path) -> None:
    read(file_block("python", "app/shelf/views.py", "def one():", "    return 1", "", "", "x = 2"))
    assert (folder / "app/shelf/views.py").read_text() == "def one():\n    return 1\n\n\nx = 2\n"
    edits = [" def one():", "-    return 1", "+    return one", "", "@@", "-x = 2"]
    read(file_block("diff", "app/shelf/views.py", *edits))
    assert (folder / "app/shelf/views.py").read_text() == "def one():\n    return one\n\n\n"


@pytest.mark.parametrize(
    ("block", "said"),
    [
        (file_block("diff", "index.html", "-nothing"), "occur 0 times"),
        (file_block("diff", "Makefile", "-twice", "+once"), "occur 2 times"),
        (file_block("diff", "index.html", "nothing"), "A line of a diff begins with"),
        (file_block("diff", "missing.py", "-x"), "There is no missing.py to edit"),
        (file_block("python", "../outside.py", "x"), "outside the project"),
        (file_block("python", "/outside.py", "x"), "outside the project"),
        ("```{code-block} python\nx = 1\n```", "names no file"),
        ("```python\nx = 1\n```", "cannot be run"),
        ("```\nx = 1\n```", "cannot be run"),
    ],
)
def test_a_file_that_cannot_be_written_or_edited_fails(
    read: Read, folder: Path, block: str, said: str
) -> None:
    (folder / "Makefile").write_text("twice\ntwice\n", "utf-8")
    with pytest.raises(SybilFailure, match=said):
        read(block)


def test_only_the_block_after_its_mark_is_left_out(read: Read) -> None:
    mark = "<!-- not run: it would fail -->\n\n"
    read(f"{mark}{console('$ false')}\n{mark}```python\nx\n```\n\n```text\ndrawing\n```\n")
    with pytest.raises(SybilFailure, match=r"page\.md, line 10"):
        read(mark + console("$ false") + console("$ false"))
