"""What the walk through the house must know of the devices."""

from tests.house.walk import Known, session_of_the_user

KNOWN = Known(things={("devices", "public_id"): session_of_the_user})
