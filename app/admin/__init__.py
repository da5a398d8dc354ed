"""Administration: users, their sessions and events, roles and the security log.

Follows OWASP ASVS 5.0.0, V8 and V16. Adds to the house the pages below /admin and the routes
`users`, `roles` and `security-log` of the API. Every action asks for fresh proof and is logged.
"""

from flask import Flask

from app.core.feature import Feature, Notice, Permission

feature = Feature(
    "admin",
    needs=("roles", "security_log"),
    offered="recommended",
    title="Administration",
    summary="Find an account, see what happened to it, end its sessions, give and take roles.",
    notices=(Notice("new_password_required", "admin/mail/new_password"),),
    permissions=(
        Permission("users:read", "See every account, its sessions and its roles."),
        Permission("users:write", "Switch accounts off and on, end sessions, require passwords."),
        Permission("roles:read", "See which roles there are and what they allow."),
        Permission("roles:write", "Make, change and remove roles, give and take them."),
        Permission("security_log:read", "See and export the events of every account."),
    ),
)


def init_app(app: Flask) -> None:
    """Register the pages, and the menu that leads to them."""
    from app.accounts.points import ACCOUNT_MENU, EXPORTS, MenuLink
    from app.admin import directory, listeners, views
    from app.admin.points import ADMIN_MENU

    app.jinja_env.globals.update(admin_menu=ADMIN_MENU)
    app.register_blueprint(views.blueprint)
    ACCOUNT_MENU.add(app, MenuLink("Administration", "admin.front"))
    ADMIN_MENU.add(
        app,
        MenuLink("Users", "admin.users.index"),
        MenuLink("Roles", "admin.roles.index"),
        MenuLink("Security log", "admin.log.index"),
    )
    EXPORTS.add(app, directory.export)
