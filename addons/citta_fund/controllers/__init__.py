from . import fund_page
from . import fund_payment
from . import fund_portal
