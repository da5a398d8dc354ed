"""What features say of the health of this installation."""

from collections.abc import Callable, Iterable

from app.core.extension import ExtensionPoint

Check = Callable[[], Iterable[str]]

# Return the names of parts that do not answer; asked by /health/ready.
HEALTH_CHECKS = ExtensionPoint[Check]("core.health.HEALTH_CHECKS", callable)
# Return sentences, each a fault with its cure; asked by `flask doctor`.
DOCTOR_CHECKS = ExtensionPoint[Check]("core.health.DOCTOR_CHECKS", callable)
# Return sentences that whoever sets the application up needs, and that are no faults.
DOCTOR_NOTES = ExtensionPoint[Check]("core.health.DOCTOR_NOTES", callable)
