from . import phone_key_mixin  # mixins first: first contacts and persons are made of them
from . import duplicate_mixin
from . import intake_import_mixin
from . import intake_mixin
from . import invitee_mixin
from . import weekdays_mixin
from . import invitation
from . import citta_invitation  # after the invitation it completes
from . import invitation_bulk
from . import meeting_slot
from . import meeting_slot_series
from . import intake_import
from . import intake_import_line
from . import base_import_import
from . import partner
from . import pathway_item  # the base of goals and actions
from . import pathway_case  # the base of the pathway
from . import pathway_facts  # another one
from . import pathway_alarm  # a third
from . import pathway_team  # and a fourth
from . import action
from . import agreement
from . import agreement_sign
from . import agreement_signature
from . import assessment
from . import assessment_line
from . import calendar_event
from . import canvas
from . import canvas_compare
from . import canvas_line
from . import case_member
from . import crm_lead
from . import crm_team
from . import feedback
from . import feedback_count
from . import follow_up
from . import delivery
from . import citta_delivery  # after the service it completes
from . import delivery_bulk
from . import delivery_type
from . import europass
from . import experience
from . import goal
from . import handover
from . import hr_skill
from . import hr_skill_type
from . import isee_band
from . import internship_project  # the base of the internship
from . import internship
from . import internship_day
from . import internship_fill
from . import internship_sheet
from . import internship_skill
from . import kpi
from . import lead
from . import life_domain
from . import message
from . import message_write
from . import note
from . import path_decision
from . import path_rule
from . import pathway
from . import citta_pathway  # after the pathway it completes
from . import pathway_close
from . import pathway_pause
from . import pathway_stage
from . import person_profile
from . import person_sensitive
from . import person_skill
from . import plan_apply
from . import plan_template
from . import plan_template_line
from . import res_partner
from . import res_users
from . import privacy_erasure
from . import privacy_registry
from . import programme
from . import status_declaration
from . import suspension
from . import time_slot
from . import privacy_export
