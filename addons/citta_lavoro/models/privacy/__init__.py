from . import access_log
from . import consent
from . import privacy_purpose
