"""The one place that knows WeasyPrint: whether it is there, and how it is asked for a PDF."""
import logging
from functools import lru_cache

_logger = logging.getLogger(__name__)


@lru_cache(maxsize=1)
def weasyprint():
    """The library, or None where it or the system's Pango is missing.

    >>> weasyprint() is weasyprint()
    True
    """
    # What is refused is logged where it is refused; the steps of each page are of no use in a server's log.
    for name, level in (("weasyprint", logging.CRITICAL), ("weasyprint.progress", logging.WARNING), ("fontTools", logging.WARNING)):
        logging.getLogger(name).setLevel(level)
    try:
        import weasyprint as library  # noqa: PLC0415 (loads Pango, which a server may lack)
    except (ImportError, OSError) as error:
        _logger.info("WeasyPrint cannot be used: %s", error)
        return None
    return library


def _fetcher(library, read):
    class Fetcher(library.urls.URLFetcher):
        """Answers from ``read`` alone: no handler for any network or file scheme is ever asked."""

        def fetch(self, url, headers=None):
            """``data:`` addresses carry their content; all others are ours to answer or to refuse."""
            if url.startswith("data:"):
                return super().fetch(url, headers)
            content, mimetype = read(url)
            return library.urls.URLFetcherResponse(url, content, {"Content-Type": mimetype})

    return Fetcher(allowed_protocols=["data"], allow_redirects=False)


def render(documents, base_url, read, variant=None):
    """The PDF of several HTML documents, one after the other, each with its own page count.

    :param list documents: whole HTML documents
    :param str base_url: what relative addresses are relative to
    :param read: called with an address, returns (bytes, mimetype) or raises; what it refuses is left out
    :param str variant: ``pdf/a-3b``, ``pdf/ua-1`` or None
    :return: bytes

    >>> def refuse(url):
    ...     raise ValueError(url)
    >>> weasyprint() is None or render(["<p>one"], "http://localhost", refuse)[:5] == b"%PDF-"
    True
    """
    library = weasyprint()
    fetcher, cache = _fetcher(library, read), {}
    parts = [library.HTML(string=html, base_url=base_url, url_fetcher=fetcher).render(cache=cache) for html in documents]
    return parts[0].copy([page for part in parts for page in part.pages]).write_pdf(pdf_variant=variant, custom_metadata=False)
