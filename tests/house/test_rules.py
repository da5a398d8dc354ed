"""The rules no feature can check for itself. They hold for features that are yet to come."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask
from jinja2 import nodes
from werkzeug.routing import Rule

from app import config
from app.core.access import (
    EVERYBODY,  # feature: api
    NOBODY,
    STATIC_ENDPOINTS,
    access_rules,
)
from app.core.project import ROOT
from app.core.registry import DeclarationRefused, load_features
from app.features import FEATURES
from tests.conftest import Browser

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# What every feature may stand on, whether or not it says so.
GROUND = {"core", "extensions", "features"}
OPEN_TO_ALL = {"accounts", "login"}
# Core templates, macros and the layout belong to the house.
SHARED_TEMPLATES = {"macros", "core"}


def folders(place: str) -> set[str]:
    """Return the names of the feature folders in a tree.

    Git removes files and not the folders of bytecode beside them: those are no feature.
    """
    return {
        path.name
        for path in (ROOT / place).iterdir()
        if path.is_dir()
        and not path.name.startswith(("_", "."))
        and any(inside.name != "__pycache__" for inside in path.iterdir())
    }


def test_the_trees_mirror_the_features() -> None:
    assert folders("app") - {"core", "static"} == set(FEATURES)
    assert folders("templates") - SHARED_TEMPLATES <= set(FEATURES)
    assert set(FEATURES) <= folders("tests")


def test_declarations_agree_with_the_list() -> None:
    for feature in load_features(FEATURES):
        assert feature.title
        assert feature.summary.endswith(".")
        assert feature.offered in ("always", "recommended", "on request")


def test_a_feature_without_what_it_needs_is_refused() -> None:
    with pytest.raises(DeclarationRefused):
        load_features([*FEATURES, FEATURES[0]])
    # feature: accounts
    with pytest.raises(DeclarationRefused, match="needs site"):
        load_features(["accounts"])
    # endfeature


def imports(path: Path) -> Iterator[str]:
    """Yield the second part of each `app.x` that a file imports."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module] if node.module != "app" else [f"app.{a.name}" for a in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        yield from (name.split(".")[1] for name in names if name.startswith("app."))


def others(path: Path) -> set[str]:
    """Return the features, besides that of its folder, that a module is a bridge to."""
    words = f"_{path.stem}_"
    return {name for name in FEATURES if f"_{name}_" in words} - {path.parent.name}


def modules(folder: str = "") -> list[Path]:
    return sorted((ROOT / "app" / folder).rglob("*.py"))


def test_a_feature_imports_what_it_needs_and_a_bridge_also_what_its_other_feature_needs() -> None:
    needs = {feature.name: set(feature.needs) for feature in load_features(FEATURES)}
    for feature in FEATURES:
        before = FEATURES[: FEATURES.index(feature)]
        for path in modules(feature):
            assert others(path) <= set(before), f"{path} belongs to the latest of its features"
            allowed = set(OPEN_TO_ALL)
            for name in {feature, *others(path)}:
                allowed |= {name, *needs[name]}
            assert set(imports(path)) <= GROUND | (allowed & {feature, *before}), path


def test_the_core_imports_no_feature_and_no_settings_of_the_application() -> None:
    for path in modules("core"):
        assert set(imports(path)) <= {"core", "extensions"}, path
        assert not re.search(r"(?m)^\s*from app import", path.read_text("utf-8")), path


def test_no_modules_import_each_other_in_a_circle() -> None:
    """Whatever is imported inside a function counts, except where features are registered."""
    graph = {module_name(path): imported_modules(path) for path in modules()}
    registering = {module_name(path) for path in modules() if path.name == "__init__.py"}
    left = {name: found for name, found in graph.items() if name not in registering}
    while leaves := [name for name, found in left.items() if not found & left.keys()]:
        for name in leaves:
            del left[name]
    assert sorted(left) == []


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_modules(path: Path) -> set[str]:
    """Return the modules of the application that a file imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "app":
            found |= {str(node.module), *(f"{node.module}.{one.name}" for one in node.names)}
        elif isinstance(node, ast.Import):
            found |= {one.name for one in node.names if one.name.startswith("app.")}
    return found


def test_importing_a_declaration_does_nothing_else() -> None:
    """The generator and the documents read declarations without running the features."""
    for name in FEATURES:
        tree = ast.parse((ROOT / "app" / name / "__init__.py").read_text("utf-8"))
        found = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
        allowed = rf"from (flask import Flask|app\.(core|{name})\.\S+ import .+)"
        assert all(re.fullmatch(allowed, ast.unparse(node)) for node in found), name


def test_every_route_says_who_may_call_it(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            rules = access_rules(app, rule.endpoint, method)
            assert rules[0] is not NOBODY, f"{rule.endpoint} declares nothing"


def test_endpoints_are_named_after_their_feature(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in STATIC_ENDPOINTS:
            name = rule.endpoint.split(".")[0]
            name = name.removesuffix("_api")  # feature: api
            inboxes = {"mailbox"}
            inboxes |= {"text_messages"}  # feature: one_time_codes
            bridges = {f"{home}_{other}" for home in FEATURES for other in FEATURES}
            assert name in {*FEATURES, *bridges, *inboxes}


def address(app: Flask, rule: Rule) -> str:
    """Return an address of a route, with something of the right kind in each of its places."""
    adapter = app.url_map.bind("localhost")
    method = min(rule.methods or {"GET"})
    samples = (dict.fromkeys(rule.arguments, sample) for sample in ("1", str(UUID(int=1))))
    paths = (adapter.build(rule.endpoint, values, method) for values in samples)
    return next(path for path in paths if adapter.test(path, method))


@pytest.mark.asvs("3.5.1")
def test_every_unsafe_route_refuses_a_missing_form_token(app: Flask) -> None:
    browser = Browser(app)
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):  # feature: api
            continue  # feature: api
        path = address(app, rule)
        for method in UNSAFE & (rule.methods or set()):
            answer = browser.client.open(path, method=method, base_url="http://localhost:8000")
            assert answer.status_code == 400, f"{method} {path}"


# feature: api
@pytest.mark.asvs("3.5.1")
def test_every_route_for_programs_refuses_a_cookie(app: Flask, signed_in: Browser) -> None:
    """The wall: where no form token is asked for, nothing that a browser sends unasked counts."""
    walked = 0
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/"):
            for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
                answer = signed_in._go(method, address(app, rule), json={})
                is_public = access_rules(app, rule.endpoint, method)[0] is EVERYBODY
                assert is_public or answer.status_code == 401, f"{method} {rule.rule}"
                assert "Set-Cookie" not in answer.headers, f"{method} {rule.rule}"
                walked += 1
    assert walked > 0


# endfeature
# feature: accounts
@pytest.mark.asvs("3.5.3")
def test_safe_methods_change_nothing(app: Flask, statements: list[str]) -> None:
    browser = Browser(app)
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or set()) and rule.endpoint not in STATIC_ENDPOINTS:
            path = address(app, rule)
            assert browser.get(path).status_code < 500
    assert [one for one in statements if not one.startswith("SELECT")] == []


@pytest.mark.asvs("14.2.4")
def test_what_belongs_to_a_person_goes_with_them(app: Flask) -> None:
    """No feature can forget to erase: the database removes what points at the account."""
    from app.extensions import db

    with app.app_context():
        keys = [key for table in db.metadata.tables.values() for key in table.foreign_keys]
    assert keys
    for key in keys:
        if key.column.table.name == "user":
            assert key.ondelete == "CASCADE", f"{key.parent} would be left behind"


@pytest.mark.asvs("14.1.1")
def test_every_column_that_can_hold_words_says_what_they_are(app: Flask) -> None:
    from app.core.database import PERSONAL, PLAIN, SECRET
    from app.extensions import db

    with app.app_context():
        columns = [column for table in db.metadata.tables.values() for column in table.columns]
    for column in columns:
        if column.type.python_type in (str, bytes, dict):
            assert column.info in (PLAIN, PERSONAL, SECRET), f"{column}: info=PERSONAL, or what?"


@pytest.mark.asvs("6.4.2")
def test_no_column_holds_a_hint_or_a_secret_question(app: Flask) -> None:
    from app.extensions import db

    with app.app_context():
        names = [column.name for table in db.metadata.tables.values() for column in table.columns]
    assert not [name for name in names if re.search(r"hint|question|maiden", name)]


def test_whoever_holds_a_persons_data_can_hand_it_out(app: Flask) -> None:
    from app.accounts.points import EXPORTS

    exported = {name for name, _ in EXPORTS.by_feature(app)}
    for name in FEATURES:
        if (ROOT / "app" / name / "models.py").exists():
            assert name in exported, f"{name} has tables and adds no export"


# endfeature


def page_templates() -> list[str]:
    return sorted(
        path.relative_to(ROOT / "templates").as_posix()
        for path in (ROOT / "templates").rglob("*")
        if path.suffix in (".html", ".txt")
    )


def test_every_template_compiles_and_is_used(app: Flask) -> None:
    used: set[str] = set()
    for name in page_templates():
        source = (ROOT / "templates" / name).read_text("utf-8")
        tree = app.jinja_env.parse(source)
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.FromImport)):
            used.add(str(getattr(node.template, "value", "")))  # a slot includes what it holds
        app.jinja_env.get_template(name)
    code = "".join(path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py"))
    for name in page_templates():
        stem = re.sub(r"(\.subject)?\.(txt|html)$", "", name)
        assert name in used or f'"{name}"' in code or f'"{stem}"' in code, f"{name} is never used"


def test_every_mail_has_subject_text_and_html() -> None:
    for folder in (ROOT / "templates").glob("*/mail"):
        names = {path.name for path in folder.iterdir()}
        for mail in {name.split(".")[0] for name in names}:
            assert {f"{mail}.subject.txt", f"{mail}.txt", f"{mail}.html"} <= names
            subject = (folder / f"{mail}.subject.txt").read_text("utf-8")
            assert len(subject.strip().splitlines()) == 1


# feature: accounts
def test_every_mail_is_declared_with_the_event_that_causes_it() -> None:
    from app.core.events import EVENTS

    notices = [notice for feature in load_features(FEATURES) for notice in feature.notices]
    mails = {name for name in page_templates() if "/mail/" in name}
    declared = [notice.mail for notice in notices]
    assert len(set(declared)) == len(declared)
    assert {re.sub(r"(\.subject)?\.(txt|html)$", "", name) for name in mails} == set(declared)
    code = "".join(path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py"))
    for notice in notices:
        assert notice.event in EVENTS, f"{notice.mail}: there is no event {notice.event}"
        posted = re.search(rf'post_mail\(\s*"{notice.mail}"', code)
        assert bool(posted) == notice.carries_link, notice.mail


def test_every_event_is_sent_somewhere() -> None:
    from app.core.events import EVENTS

    code = "".join(path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py"))
    for event in EVENTS.values():
        assert re.search(rf"events\.{event.__name__}\(", code), event


def test_a_feature_declares_the_events_that_it_sends_in_its_own_folder() -> None:
    from app.core.events import EVENTS

    for event in EVENTS.values():
        home = event.__module__.split(".")[1]
        assert event.__module__ == f"app.{home}.events"
        sent = rf"\bevents\.{event.__name__}\("
        assert any(re.search(sent, path.read_text("utf-8")) for path in modules(home)), event


# endfeature
@pytest.mark.asvs("1.2.3", "3.7.1")
def test_pages_hold_no_inline_script_or_style() -> None:
    """The policy would block them in the browser; here it is said before."""
    for name in page_templates():
        if "/mail/" in name:
            continue
        source = (ROOT / "templates" / name).read_text("utf-8")
        assert not re.search(r"<script(?![^>]*src=)|<style|\sstyle=|\son\w+=", source), name
        assert not re.search(r"<(object|embed|applet)\b", source), name


# What would make code, commands, templates or objects of text that somebody wrote.
MADE_OF_TEXT = re.compile(
    r"(?<!\.)\b(eval|exec|compile|__import__)\(|\bos\.(system|popen)|\bsubprocess\b"
    r"|render_template_string|from_string\(|^(import|from) (pickle|marshal|shelve|yaml|xml|lxml)\b",
    re.MULTILINE,
)


@pytest.mark.asvs("1.2.5", "1.3.2", "1.3.7", "1.5.1")
def test_nothing_is_made_of_text_that_somebody_wrote() -> None:
    for path in (ROOT / "app").rglob("*.py"):
        found = MADE_OF_TEXT.search(path.read_text("utf-8"))
        assert not found, f"{path}: {found and found[0]}"


@pytest.mark.asvs("14.3.3")
def test_scripts_keep_nothing_in_the_browser_but_the_colours() -> None:
    for path in (ROOT / "app" / "static").rglob("*.js"):
        source = path.read_text("utf-8")
        assert not re.search(r"sessionStorage|indexedDB|document\.cookie", source), path
        assert "localStorage" not in source or path.name == "theme.js", path


def test_only_containment_catches_what_it_does_not_know() -> None:
    catches_all = re.compile(r"except(?: \(?(?:Base)?Exception\b.*)?:")
    found = {
        path.relative_to(ROOT / "app").as_posix()
        for path in (ROOT / "app").rglob("*.py")
        if catches_all.search(path.read_text("utf-8"))
    }
    assert found == {"core/containment.py"}


def test_only_faces_commit() -> None:
    """Services compose because none of them ends the transaction of another."""
    faces = ("views.py", "cli.py", "browser.py")
    faces += ("api.py", "door.py", *(f"api/{name}.py" for name in FEATURES))  # feature: api
    # A count of guesses must outlive a refusal, a delivery and a periodic work are transactions
    # of their own, and noting that a session was seen belongs to no view.
    by_name = {"core/throttle.py", "core/delivery.py", "core/jobs.py", "login/recognition.py"}
    # A message goes out when all else is committed, and so does one that goes to a page.
    by_name |= {"one_time_codes/sms.py"}  # feature: one_time_codes
    # What is refused has no transaction that anybody would commit.
    by_name |= {"security_log/listeners.py"}  # feature: security_log
    for path in (ROOT / "app").rglob("*.py"):
        place = path.relative_to(ROOT / "app").as_posix()
        if "session.commit()" in path.read_text("utf-8"):
            assert place.endswith(faces) or place in by_name, place


# feature: login
def test_nobody_is_let_in_anywhere_but_at_the_door() -> None:
    """One place makes a session, one a cookie of it, and one tokens: no side door."""
    doors = {
        r"\bLoginSession\(\n? *user_id": {"login/service.py"},
        r"\blogin_user\(": {"login/browser.py"},
        r"\bcreate_(access|refresh)_token\(": {"api/jwt.py"},  # feature: api
        r"\bmake_(access|refresh)_token\(": {"api/jwt.py", "api/refresh_tokens.py"},  # feature: api
        r"\bfirst_pair\(": {"api/refresh_tokens.py", "api/door.py"},  # feature: api
    }
    code = {path: path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py")}
    for door, places in doors.items():
        found = {path for path, text in code.items() if re.search(door, text)}
        assert {path.relative_to(ROOT / "app").as_posix() for path in found} == places, door


# endfeature
def test_nothing_but_the_clock_asks_for_the_time() -> None:
    for path in (ROOT / "app").rglob("*.py"):
        if path.name != "clock.py":
            assert not re.search(r"datetime\.(now|utcnow|today)\(", path.read_text("utf-8")), path


@pytest.mark.asvs("13.3.1")
def test_no_secret_has_a_default() -> None:
    features = load_features(FEATURES)
    declared = [*config.SETTINGS, *(s for feature in features for s in feature.settings)]
    for setting in declared:
        if setting.secret:
            assert not setting.default, setting.name
    example = (ROOT / ".env.example").read_text("utf-8")
    for setting in declared:
        if setting.secret and setting.default is None:
            assert f"{setting.name}=made-by-make-setup" in example


# feature: accounts
def test_every_migration_names_its_feature() -> None:
    for path in (ROOT / "migrations" / "versions").glob("*.py"):
        first = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
        assert first.split(":")[0] in FEATURES, path.name


# endfeature
