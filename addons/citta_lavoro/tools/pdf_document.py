"""Puts the body, the header and the footer of a report together as one printable page flow, in plain HTML and CSS."""
from dataclasses import dataclass

import lxml.html

PAGE = """
@page {{
    size: {width:g}mm {height:g}mm;
    margin: {top:g}mm {right:g}mm {bottom:g}mm {left:g}mm;
    @top-left {{ content: element(citta-header); width: 100%; vertical-align: top; padding-top: {head_room:g}mm; }}
    @bottom-left {{ content: element(citta-footer); width: 100%; vertical-align: bottom; padding-bottom: {foot_room:g}mm; }}
}}
html, body {{ height: auto !important; max-width: none !important; width: auto !important; overflow: visible !important; margin: 0 !important; }}
.citta-running-header {{ position: running(citta-header); padding: 0 {side:g}mm; }}
.citta-running-footer {{ position: running(citta-footer); padding: 0 {side:g}mm; }}
[class^="citta-running"] span.page::before {{ content: counter(page); }}
[class^="citta-running"] span.topage::before {{ content: counter(pages); }}
"""


@dataclass(frozen=True)
class Paper:
    """A sheet, in millimetres. ``css_margins``: the report's own style keeps the text off the edges."""

    width: float = 210
    height: float = 297
    top: float = 40
    right: float = 0
    bottom: float = 30
    left: float = 0
    css_margins: bool = True

    def turned(self):
        """The same sheet lying on its side.

        >>> Paper().turned().width
        297
        """
        return Paper(self.height, self.width, self.top, self.right, self.bottom, self.left, self.css_margins)


def page_style(paper):
    """The page's size and margins, with the running header and footer in them.

    >>> "size: 210mm 297mm" in page_style(Paper())
    True
    """
    room = 0 if paper.css_margins else 6
    return PAGE.format(
        width=paper.width, height=paper.height, top=paper.top, right=paper.right, bottom=paper.bottom, left=paper.left,
        side=11 if paper.css_margins else 0, head_room=room, foot_room=room,
    )


def running(html, container_id, index):
    """The header (or footer) of one record out of the document that holds those of all records.

    >>> html = '<body><div id="heads"><div class="header">A</div><div class="header">B</div></div></body>'
    >>> running(html, "heads", 1)
    '<div class="header">B</div>'
    >>> running(html, "heads", 5), running("", "heads", 0)
    ('', '')
    """
    if not html:
        return ""
    children = lxml.html.document_fromstring(html).xpath(f'//*[@id="{container_id}"]/*')
    return lxml.html.tostring(children[index], encoding="unicode", with_tail=False) if index < len(children) else ""


def title_of(root, default):
    """A document's title: its first heading, in one line, else what the report is called.

    >>> title_of(lxml.html.document_fromstring("<h1> A <b>receipt</b> </h1>"), "Report")
    'A receipt'
    >>> title_of(lxml.html.document_fromstring("<p>x</p>"), "Report")
    'Report'
    """
    heading = next(iter(root.xpath("//body//h1|//body//h2")), None)
    return " ".join(heading.text_content().split()) if heading is not None and heading.text_content().strip() else default


def compose(body, header, footer, paper, lang="", title=""):
    """One record's printable document.

    :param str body: a whole HTML document as Odoo's minimal layout makes it
    :param str header: the fragment that stands on top of every page
    :param str footer: the same for the bottom; ``span.page`` and ``span.topage`` are filled by the renderer
    :param Paper paper: the sheet
    :param str lang: its language, ``it_IT`` or ``it-IT``, unless the body says its own in ``data-oe-lang``
    :param str title: used where the body has no heading

    >>> page = compose("<html><body><h1>Hi</h1></body></html>", "<b>top</b>", "", Paper(), "it_IT", "Report")
    >>> '<html lang="it-IT">' in page, "<title>Hi</title>" in page, "running(citta-header)" in page
    (True, True, True)
    """
    root = lxml.html.document_fromstring(body)
    head = root.find("head") if root.find("head") is not None else root.makeelement("head")
    if head.getparent() is None:
        root.insert(0, head)
    for node in root.xpath("//script|//base|//head/title"):
        node.drop_tree()
    own = root.xpath("//@data-oe-lang")
    if own or lang:
        root.set("lang", (own[0] if own else lang).replace("_", "-"))
    for tag, text in (("title", title_of(root, title)), ("style", page_style(paper))):
        node = root.makeelement(tag)
        node.text = text
        head.append(node)
    for place, html in (("footer", footer), ("header", header)):
        if html:
            root.find("body").insert(0, lxml.html.fragment_fromstring(html, create_parent="div"))
            root.find("body")[0].set("class", f"citta-running-{place}")
    return "<!DOCTYPE html>\n" + lxml.html.tostring(root, encoding="unicode")
