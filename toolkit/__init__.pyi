from .clean.accounts import clean_accounts as clean_accounts
from .clean.accounts import clean_lenders as clean_lenders
from .clean.audit import Audit as Audit
from .clean.audit import Cleaned as Cleaned
from .clean.cohorts import clean_cohorts as clean_cohorts
from .errors import ToolkitError as ToolkitError
from .results import Result as Result
from .tables import as_pandas as as_pandas
