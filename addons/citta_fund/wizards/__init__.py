from . import fund_register
from . import receipt_void
from . import account_statement_import
