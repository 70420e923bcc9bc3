from . import observatory_need
from . import public_form
from . import network_application
from . import network_member
from . import network_opportunity
