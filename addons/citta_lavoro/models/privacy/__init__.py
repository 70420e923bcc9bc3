from . import privacy_sweeper  # the eraser is made of it
from . import reach_mixin  # models of this room are made of it, too
from . import access_log
from . import base
from . import calendar_attendee
from . import calendar_filters
from . import consent
from . import gamification_badge_user
from . import gamification_badge_user_wizard
from . import mail_activity
from . import mail_activity_schedule
from . import mail_compose_message
from . import mail_followers
from . import mail_notification
from . import mail_template
from . import mail_thread
from . import privacy_deed
from . import privacy_eraser
from . import privacy_erasure
from . import privacy_export
from . import privacy_lookup_wizard
from . import privacy_notice
from . import privacy_purpose
from . import privacy_registry
from . import privacy_request_export  # the bases of the request
from . import privacy_request_term
from . import privacy_request
from . import rating_rating
from . import res_partner_bank
from . import utm_campaign
