"""The extension points of the administration."""

from app.accounts.points import MenuLink
from app.core.extension import ExtensionPoint

# Shown to whoever may follow it.
ADMIN_MENU = ExtensionPoint[MenuLink]("admin.ADMIN_MENU", MenuLink)
