"""The application factory: read top to bottom, it is the order in which the house is built."""

from collections.abc import Mapping

from flask import Flask
from flask_bootstrap import Bootstrap5

from app import config
from app.core import access, errors, headers, hosts, logs, slots
from app.core.cookies import SHA256CookieSessions
from app.core.current import current_principal
from app.core.project import ROOT, environment
from app.core.registry import load_features, register_features
from app.core.settings import SettingsRefused, read_settings
from app.features import FEATURES


def create_app(environ: Mapping[str, str] | None = None) -> Flask:
    """Build the application from the features and the environment.

    Args:
        environ: the settings as text; by default the process environment over .env.

    Raises:
        SettingsRefused: with everything that is wrong, when anything is.
    """
    features = load_features(FEATURES)
    declared = [*config.SETTINGS, *(s for feature in features for s in feature.settings)]
    values, faults = read_settings(declared, environment() if environ is None else environ)
    if faults:
        raise SettingsRefused(faults)

    app = Flask(__name__, template_folder=str(ROOT / "templates"))
    app.config.from_mapping(values)
    config.configure_flask(app)
    app.session_interface = SHA256CookieSessions()

    logs.init_app(app)
    hosts.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    slots.init_app(app)
    app.config["BOOTSTRAP_SERVE_LOCAL"] = True
    Bootstrap5(app)
    register_features(app, features)
    access.init_app(app)  # last: behind the form token check that a feature registers
    app.jinja_env.globals["current_principal"] = current_principal
    return app
