from . import test_common_claim
from . import test_common_pdf
from . import test_common_workflow
from . import test_privacy_consent
from . import test_programme_kpi
from . import test_programme_territory
from . import test_people_pathway
