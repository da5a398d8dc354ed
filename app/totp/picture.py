"""What an app reads with a camera: the address of a secret, as a picture within the page.

No request asks for the picture, so no address and no cache ever holds it.
"""

import segno


def qr_code(address: str) -> str:
    """Return a QR code (ISO/IEC 18004) as an address of data that an image shows."""
    return str(segno.make_qr(address, error="m").svg_data_uri(scale=5, light="#fff", border=4))
