from . import event_event
from . import indicator
from . import indicator_value
from . import kpi
from . import need
from . import observatory
