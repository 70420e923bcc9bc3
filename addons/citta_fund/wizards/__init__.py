from . import fund_register
from . import fund_opening
from . import donation_split
from . import donation_bank
from . import partner_merge
from . import receipt_void
from . import account_statement_import
