# file of feature: api
"""The API's face of the administration: the use cases of its pages, by the same rules."""

from app.admin import log_api, role_api, user_api
from app.admin.base_api import blueprint

__all__ = ["blueprint", "log_api", "role_api", "user_api"]  # each adds its routes
