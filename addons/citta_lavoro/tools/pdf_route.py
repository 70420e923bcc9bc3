"""Which addresses a printed document may read: our own stylesheets, static files, images and barcodes. Nothing else."""
import re
from urllib.parse import parse_qs, unquote, urlsplit

STATIC = re.compile(r"/(?P<path>[a-z]\w*/static/.+)")
# On a page of a website its number comes before the version.
ASSETS = re.compile(r"/web/assets/(\d+/)?[^/]+/(?P<filename>[\w.-]+\.css)")
BARCODE = re.compile(r"/report/barcode/(?P<barcode_type>\w+)/(?P<value>.+)")
IMAGES = (
    re.compile(r"/web/image/(?P<res_id>\d+)(-[^/]*)?(/\d+x\d+)?(/[^/]+)?"),
    re.compile(r"/web/image/(?P<res_model>[a-z][\w.]*)/(?P<res_id>\d+)(-[^/]*)?/(?P<field>[a-z]\w*)(/[^/]*){0,2}"),
    re.compile(r"/web/image/(?P<xmlid>[a-z]\w*\.[\w.-]+)(/[^/]+)?"),
)
KINDS = (("assets", (ASSETS,)), ("barcode", (BARCODE,)), ("image", IMAGES), ("static", (STATIC,)))


class RefusedAddress(ValueError):
    """The document asks for something that is not ours to print."""


def route(url, base_url):
    """What an address stands for, as a kind and its parts.

    >>> route("http://localhost:8069/web/static/img/logo.png", "http://localhost:8069")
    ('static', {'path': 'web/static/img/logo.png'}, {})
    >>> route("http://localhost:8069/web/image/res.partner/7/avatar_128?unique=1", "http://localhost:8069")
    ('image', {'res_model': 'res.partner', 'res_id': '7', 'field': 'avatar_128'}, {'unique': '1'})
    >>> route("http://localhost:8069/web/assets/1a2b/web.report_assets_common.min.css", "http://localhost:8069/")[:2]
    ('assets', {'filename': 'web.report_assets_common.min.css'})
    >>> route("http://localhost:8069/web/assets/1/1a2b/citta_lavoro.report_assets.min.css", "http://localhost:8069")[0]
    'assets'
    >>> route("http://localhost:8069/report/barcode/QR/a%20b?width=90", "http://localhost:8069")
    ('barcode', {'barcode_type': 'QR', 'value': 'a b'}, {'width': '90'})

    :raise RefusedAddress: for any other address, another host, another scheme, or a path that climbs out

    >>> route("file:///etc/passwd", "http://localhost:8069")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    RefusedAddress: not an address of ours
    >>> route("http://localhost:8069/web/static/../../secret", "http://localhost:8069")  # doctest: +IGNORE_EXCEPTION_DETAIL
    Traceback (most recent call last):
    RefusedAddress: not an address of ours
    """
    asked, own = urlsplit(url), urlsplit(base_url)
    path = unquote(asked.path)
    if asked.scheme in ("http", "https") and asked.netloc == own.netloc and ".." not in path.split("/"):
        for kind, patterns in KINDS:
            for pattern in patterns:
                if match := pattern.fullmatch(path):
                    parts = {name: value for name, value in match.groupdict().items() if value is not None}
                    return kind, parts, {name: values[0] for name, values in parse_qs(asked.query).items()}
    raise RefusedAddress(f"not an address of ours: {url[:200]}")
