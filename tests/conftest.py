"""Which force the machines and stacks of the tests are of, whatever force a fork of this repository writes into infra/resources.yaml: what
tests expect to be said to whom is Derbyshire's.
"""

import os

os.environ["PROFILE"] = "derbyshire"
