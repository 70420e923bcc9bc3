from . import test_common_claim
from . import test_common_pdf
from . import test_common_workflow
from . import test_programme_territory
