from . import kpi
from . import programme
from . import programme_funder
from . import programme_phase
from . import res_city
from . import res_partner
from . import res_users
from . import territory
