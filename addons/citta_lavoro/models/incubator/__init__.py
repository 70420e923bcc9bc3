from . import crm_team
from . import challenge
from . import review
from . import crm_lead
from . import need
from . import kpi
from . import privacy_registry
