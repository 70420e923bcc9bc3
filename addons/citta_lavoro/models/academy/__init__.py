from . import attendance
from . import enrolment
from . import event_event
from . import event_registration
from . import kpi
from . import pathway
from . import session
from . import slide_channel
