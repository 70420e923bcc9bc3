from . import test_fund_bank_scoring
from . import test_fund_donation
from . import test_fund_rf_reference
from . import test_fund_sepa_qr
from . import test_fund_recognition
from . import test_fund_statement_import
