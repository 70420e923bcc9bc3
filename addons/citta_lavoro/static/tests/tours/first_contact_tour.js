import { registry } from "@web/core/registry";
import { stepUtils } from "@web_tour/tour_utils";

registry.category("web_tour.tours").add("citta_first_contact_tour", {
    steps: () => [
        {
            content: "A first contact whose person said yes can become a pathway",
            trigger: "button[name=action_open_pathway].btn-primary, button[name=action_open_pathway].oe_highlight",
            run: "click",
        },
        {
            content: "The new pathway is in preparation",
            trigger: ".o_form_view .o_statusbar_status button[data-value=draft].o_arrow_button_current",
        },
        {
            content: "Agree on a goal",
            trigger: "div[name=goal_ids] .o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            content: "in the person's words",
            trigger: "div[name=goal_ids] .o_selected_row div[name=name] input, div[name=goal_ids] .o_selected_row div[name=name] textarea",
            run: "edit Find a job near home",
        },
        ...stepUtils.saveForm(),
        {
            content: "Start the pathway",
            trigger: "button[name=action_activate]:enabled",
            run: "click",
        },
        {
            content: "The pathway is under way",
            trigger: ".o_form_view .o_statusbar_status button[data-value=active].o_arrow_button_current",
        },
    ],
});
