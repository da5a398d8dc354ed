"""Who must have a second factor, as a setting."""

OPTIONAL, ALL = "optional", "all"
CURE = "write optional or all"
# feature: roles
ROLES = "roles:"
CURE = "write optional, all, or roles: and names of roles with commas between"
# endfeature
ABOUT = "Who must have a second factor, and sets one up on the way in if there is none"


def demanded(value: str) -> str:
    """Read who must have a second factor.

    Raises:
        ValueError: with the cure.
    """
    # feature: roles
    if roles_in(value):
        return value
    # endfeature
    if value not in {OPTIONAL, ALL}:
        raise ValueError(CURE)
    return value


# feature: roles
def roles_in(value: str) -> frozenset[str]:
    """Return the names of roles in the setting; none if it is about all or nobody."""
    names = value.removeprefix(ROLES) if value.startswith(ROLES) else ""
    return frozenset(name.strip() for name in names.split(",") if name.strip())


# endfeature
