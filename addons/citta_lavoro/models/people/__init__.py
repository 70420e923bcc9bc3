from . import phone_key_mixin  # mixins first: first contacts and persons are made of them
from . import duplicate_mixin
from . import intake_import_mixin
from . import intake_mixin
from . import intake_import
from . import intake_import_line
from . import base_import_import
from . import partner
from . import pathway_item  # the base of goals and actions
from . import action
from . import crm_lead
from . import crm_team
from . import follow_up
from . import goal
from . import handover
from . import kpi
from . import lead
from . import note
from . import pathway
from . import citta_pathway  # after the pathway it completes
from . import pathway_close
from . import pathway_pause
from . import pathway_stage
from . import person_sensitive
from . import res_partner
from . import privacy_registry
from . import programme
from . import suspension
from . import privacy_export
