import { registry } from "@web/core/registry";

const recognised = ".o_data_row:has(td[name=payment_ref]:contains(invented transfer))";

registry.category("web_tour.tours").add("citta_recognition_tour", {
    steps: () => [
        {
            content: "The line was recognised by its reference",
            trigger: `${recognised} td[name=citta_certainty] .text-bg-success`,
        },
        {
            content: "One click posts the gift",
            trigger: `${recognised} button[name=action_citta_post_gift].btn-primary`,
            run: "click",
        },
        {
            content: "The line has left the list of what is to be recognised",
            trigger: ".o_list_view:not(:has(td[name=payment_ref]:contains(invented transfer)))",
        },
    ],
});
