from . import canvas
from . import canvas_line
from . import event_event
from . import indicator
from . import indicator_value
from . import kpi
from . import need
from . import observatory
