"""What a browser test must look up behind the screens: an invitation's link, a record's number."""


class Rpc:
    """The administrator's calls over the web client's own address.

    :param person: a window logged in as ``admin``
    """

    def __init__(self, person):
        self.request = person.context.request

    def call(self, model, method, *arguments, **keywords):
        """Call a public method; an error of the server fails the test with its text."""
        answer = self.request.post(f"/web/dataset/call_kw/{model}/{method}", data={
            "jsonrpc": "2.0", "method": "call",
            "params": {"model": model, "method": method, "args": list(arguments), "kwargs": keywords},
        }).json()
        assert "error" not in answer, answer["error"]["data"]["message"]
        return answer["result"]

    def search_read(self, model, domain, fields, **keywords):
        """Records as dictionaries."""
        return self.call(model, "search_read", domain, fields, **keywords)

    def invitation(self, email):
        """The link by which an invited person chooses a password."""
        partner = self.search_read("res.partner", [("email", "=", email), ("user_ids", "!=", False)], ["id"], limit=1)
        mails = self.search_read(
            "mail.mail", ["|", ("recipient_ids", "in", [partner[0]["id"]]), ("email_to", "ilike", email)], ["body_html"]
        )
        links = [link for mail in mails for link in _links(mail["body_html"]) if "/web/signup" in link or "reset_password" in link]
        assert links, f"no invitation was sent to {email}"
        return links[-1]


def _links(html):
    return [part.split('"')[0].replace("&amp;", "&") for part in (html or "").split('href="')[1:]]
