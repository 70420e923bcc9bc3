"""A short text as a square that the camera of a phone reads."""
import base64
import io

import qrcode
from qrcode.image.svg import SvgPathImage


def qr_uri(text):
    """The square as the address of a picture that carries its own content, sharp at every size.

    >>> qr_uri("https://example.org/invito/x").startswith("data:image/svg+xml;base64,")
    True
    >>> b"<svg" in base64.b64decode(qr_uri("x").partition(",")[2])
    True
    """
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=4, box_size=10)
    code.add_data(text.encode())
    code.make(fit=True)
    stream = io.BytesIO()
    code.make_image(image_factory=SvgPathImage).save(stream)
    return "data:image/svg+xml;base64," + base64.b64encode(stream.getvalue()).decode()
