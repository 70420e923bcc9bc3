"""A text as a square that the camera of a phone reads."""
import base64
import io

import qrcode
from qrcode.image.svg import SvgPathImage


def _code(text):
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, box_size=10)
    code.add_data(text.encode())
    code.make(fit=True)
    return code


def qr_png(text):
    """The square as a PNG picture.

    >>> qr_png("BCD")[:4] == b"\\x89PNG"
    True
    """
    stream = io.BytesIO()
    _code(text).make_image().save(stream, format="PNG")
    return stream.getvalue()


def qr_svg(text):
    """The square as an SVG drawing: sharp at every size.

    >>> b"<svg" in qr_svg("BCD")
    True
    """
    stream = io.BytesIO()
    _code(text).make_image(image_factory=SvgPathImage).save(stream)
    return stream.getvalue()


def qr_uri(text):
    """The drawing as the address of a picture that carries its own content.

    >>> qr_uri("https://example.org/invito/x").startswith("data:image/svg+xml;base64,")
    True
    >>> base64.b64decode(qr_uri("x").partition(",")[2]) == qr_svg("x")
    True
    """
    return "data:image/svg+xml;base64," + base64.b64encode(qr_svg(text)).decode()
