# One folder per room; a room uses only the rooms above it in this list.
from . import common
from . import programme
from . import privacy
from . import people
from . import observatory
from . import network
from . import academy
from . import incubator
