from . import network_application
from . import network_member
from . import network_opportunity
from . import observatory_need
from . import people_portal
from . import public_form
