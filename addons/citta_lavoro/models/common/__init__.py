from . import claim
from . import claim_mixin
from . import form_attempt
from . import classification
from . import ir_actions_report
from . import workflow_log
from . import workflow_mixin
