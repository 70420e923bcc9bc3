from . import receipt_void
