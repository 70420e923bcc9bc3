# Cuts requirements.txt for the server image.
#   part=addons: what our addons import beside Odoo (the section of that heading)
#   part=oca:    the OCA addons, all below the line "# --no-deps", to be installed without their dependencies
/^# --no-deps/                { section = "oca"; next }
/^# What our addons import/   { section = "addons"; next }
/^$/                          { if (section != "oca") section = "" ; next }
/^#/                          { next }
section == part               { print }
