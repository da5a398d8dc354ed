"""What our requests are held against: the least that Flask can do, and a usual set-up."""

from pathlib import Path

import jwt
from flask import Flask, jsonify, request
from flask_jwt_extended import JWTManager, create_access_token, current_user, jwt_required
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.orm import Mapped, mapped_column

KEY = "a-key-for-this-measurement-alone-and-long-enough"
CLAIMS = {"iss": "house", "aud": "house", "sub": "1", "jti": "a" * 32, "exp": 4_000_000_000}


def bearer(token: str) -> dict[str, str]:
    """Return the header that carries a token."""
    return {"Authorization": f"Bearer {token}"}


def bare_flask() -> Flask:
    """Return the smallest Flask application that answers JSON."""
    app = Flask("bare")
    app.config["SECRET_KEY"] = KEY
    app.get("/")(lambda: jsonify(hello="world"))
    return app


def flask_and_jwt() -> tuple[Flask, str]:
    """Return bare Flask that checks a token with PyJWT and asks no database, and a token."""
    app = Flask("jwt")
    app.config["SECRET_KEY"] = KEY

    @app.get("/")
    def me() -> dict[str, str]:
        token = request.headers["Authorization"].removeprefix("Bearer ")
        claims = jwt.decode(token, KEY, algorithms=["HS256"], audience="house", issuer="house")
        return {"id": claims["sub"]}

    return app, jwt.encode(CLAIMS, KEY, algorithm="HS256")


def flask_jwt_extended(folder: Path) -> tuple[Flask, str]:
    """Return the usual set-up and a token: user look-up and block list, as the documents say."""
    app = Flask("extended")
    app.config.update(
        SECRET_KEY=KEY,
        JWT_SECRET_KEY=KEY,
        SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder}/extended.db",
    )
    database, manager = SQLAlchemy(app), JWTManager(app)

    class User(database.Model):  # type: ignore[misc,name-defined]
        id: Mapped[int] = mapped_column(primary_key=True)
        name: Mapped[str]

    class Blocked(database.Model):  # type: ignore[misc,name-defined]
        id: Mapped[int] = mapped_column(primary_key=True)
        jti: Mapped[str] = mapped_column(unique=True)

    @manager.user_lookup_loader
    def load(_: object, claims: dict[str, str]) -> User | None:
        found = database.select(User).filter_by(id=int(claims["sub"]))
        return database.session.scalars(found).one_or_none()

    @manager.token_in_blocklist_loader
    def is_blocked(_: object, claims: dict[str, str]) -> bool:
        found = database.select(Blocked.id).filter_by(jti=claims["jti"])
        return database.session.scalar(found) is not None

    @app.get("/")
    @jwt_required()
    def me() -> dict[str, str]:
        return {"name": current_user.name}

    with app.app_context():
        database.create_all()
        database.session.add_all([User(name="Ada"), Blocked(jti="b" * 32)])
        database.session.commit()
        return app, create_access_token("1", expires_delta=False)
