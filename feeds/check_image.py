"""Artwork as the feed names it: itunes:image of the channel and of items.

Apple: 1400 to 3000 pixels, square, JPG or PNG, RGB
(https://podcasters.apple.com/support/896-artwork-requirements).
"""

from feeds.check_addresses import Addresses
from feeds.check_enclosure import suffix_of
from feeds.check_faults import Element, Faults, quoted


def check_image(element: Element, faults: Faults, addresses: Addresses) -> None:
    """Judge the address of a picture."""
    address = element.get("href") or ""
    if not address:
        said = "itunes:image has no href"
        faults.append(("feed-image.address", element, said))
        return
    addresses.file(element, address, faults)
    if suffix_of(address) not in {"jpg", "jpeg", "png"}:
        said = f"{quoted(address)} is named neither .jpg nor .png"
        faults.append(("feed-image.format", element, said))
