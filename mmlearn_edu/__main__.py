"""``python -m mmlearn_edu`` is ``mmlearn-edu``."""

import sys

from mmlearn_edu.cli import main

sys.exit(main())
