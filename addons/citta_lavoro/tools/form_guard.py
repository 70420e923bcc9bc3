"""What bounds a public form without asking the visitor for anything: a signed stamp, clean text, a network's name."""
import hashlib
import hmac
import ipaddress
import unicodedata


def network_of(address):
    """The network that counts as one source: one IPv4 address, or an IPv6 /64 (what one line gets).

    >>> network_of("192.0.2.7"), network_of("2001:db8:1:2:3:4:5:6"), network_of("2001:db8:1:2::9"), network_of("nonsense")
    ('192.0.2.7/32', '2001:db8:1:2::/64', '2001:db8:1:2::/64', 'unknown')
    """
    try:
        ip = ipaddress.ip_address(address or "")
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((ip, 32 if ip.version == 4 else 64), strict=False))


def keyed_hash(secret, *parts):
    """A hash that only the holder of the secret can make again.

    >>> keyed_hash("s", "a", "b") == keyed_hash("s", "a", "b"), keyed_hash("s", "a", "b") == keyed_hash("t", "a", "b")
    (True, False)
    >>> keyed_hash("s", "ab", "c") == keyed_hash("s", "a", "bc")
    False
    """
    return hmac.new(secret.encode(), repr(parts).encode(), hashlib.sha256).hexdigest()


def make_stamp(secret, form, now, nonce):
    """The stamp of a form shown at ``now`` (seconds): time, nonce and signature.

    >>> make_stamp("s", "talk", 1000, "abc").split(".")[:2]
    ['1000', 'abc']
    """
    return f"{now}.{nonce}.{keyed_hash(secret, form, str(now), nonce)}"


def read_stamp(secret, form, stamp):
    """(time, nonce) of a genuine stamp of this form; None for any other text.

    >>> read_stamp("s", "talk", make_stamp("s", "talk", 1000, "abc"))
    (1000, 'abc')
    >>> read_stamp("s", "other", make_stamp("s", "talk", 1000, "abc")), read_stamp("s", "talk", "x"), read_stamp("s", "talk", None)
    (None, None, None)
    """
    parts = (stamp or "").split(".")
    if len(parts) != 3 or not parts[0].isdecimal():
        return None
    genuine = make_stamp(secret, form, int(parts[0]), parts[1])
    if not hmac.compare_digest(genuine.encode(), stamp.encode()):
        return None
    return int(parts[0]), parts[1]


def clean(text):
    """Typed text in one form: composed accents, no control characters but line ends, no blanks at the ends.

    >>> clean(" Nicolo\\u0300 \\x00\\u200bRossi\\r\\nsecond line ")
    'Nicolò Rossi\\nsecond line'
    >>> clean(None), clean(open)  # nothing sent; a file where a text was asked for
    ('', '')
    """
    text = unicodedata.normalize("NFC", text if isinstance(text, str) else "").replace("\r\n", "\n")
    return "".join(one for one in text if one == "\n" or unicodedata.category(one) not in ("Cc", "Cf")).strip()
