from . import samples as samples
from .errors import MissingDependencyError as MissingDependencyError
from .errors import ReseauError as ReseauError
from .errors import TableError as TableError
from .errors import UnknownNameError as UnknownNameError
from .network import Network as Network
from .network import load as load
from .vocabulary import SEED as SEED
from .vocabulary import label as label

__version__: str
