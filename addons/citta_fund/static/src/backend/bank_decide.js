import { useEffect, useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { FormRenderer } from "@web/views/form/form_renderer";
import { formView } from "@web/views/form/form_view";

const CHOICES = ["[name=citta_pledge_id] input", "[name=citta_donor_id] input", "button.btn-primary"];

/** The screen of decisions is used by the keyboard alone: the cursor stands where the first choice is made. */
class BankDecideRenderer extends FormRenderer {
    setup() {
        super.setup();
        const root = useRef("compiled_view_root");
        useEffect(
            (element) => CHOICES.map((choice) => element?.querySelector(choice)).find(Boolean)?.focus(),
            () => [root.el, this.props.record.resId]
        );
    }
}

registry.category("views").add("citta_bank_decide", { ...formView, Renderer: BankDecideRenderer });
