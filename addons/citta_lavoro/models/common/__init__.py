from . import claim
from . import claim_mixin
from . import workflow_log
from . import workflow_mixin
