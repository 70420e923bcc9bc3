from . import observatory_need
from . import public_form
