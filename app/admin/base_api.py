"""What the routes of the administration's API share: their blueprint, and what refuses them."""

from app.admin import rank, role_service
from app.api.blueprint import ApiBlueprint
from app.api.problems import Refusal
from app.roles import service as roles
from app.roles.models import LONGEST_NAME

NO_SUCH_ROLE = Refusal(roles.NoSuchRole, 404, "no_such_role", "There is no role of this name.")
# Answered by the one door for refusals, and logged.
ON_SOMEBODY = (rank.ActingOnOneself(), rank.HigherAccount())
LACKED = rank.PermissionLacked(["users:write"])
ON_A_ROLE = (role_service.OwnRole(), rank.HigherHolder(), LACKED)
ROLE_NAME = f"<string(maxlength={LONGEST_NAME}):name>"

blueprint = ApiBlueprint("admin", __name__, "", "Accounts, roles and the log of the whole site.")
