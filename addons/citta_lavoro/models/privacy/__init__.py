from . import privacy_sweeper  # the eraser is made of it
from . import access_log
from . import consent
from . import privacy_deed
from . import privacy_eraser
from . import privacy_erasure
from . import privacy_export
from . import privacy_lookup_wizard
from . import privacy_purpose
from . import privacy_registry
from . import privacy_request_export  # the base of the request
from . import privacy_request
