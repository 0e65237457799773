"""How unusual is a sample? Higher scores are more anomalous, in the whole room.

scikit-learn's ``score_samples`` and ``decision_function`` are the other way round: low is anomalous. The detectors here
offer both, and agree with each other: ``score_samples`` is minus ``anomaly_score``, ``predict`` says -1 (anomalous)
where ``anomaly_score`` is above ``threshold_``, and 1 elsewhere.
"""

from mmlearn_edu.anomaly.density import GaussianDensity
from mmlearn_edu.anomaly.mismatch import CrossModalMismatch
from mmlearn_edu.anomaly.reconstruction import ReconstructionDetector
from mmlearn_edu.anomaly.threshold import alarm_threshold

__all__ = ["CrossModalMismatch", "GaussianDensity", "ReconstructionDetector", "alarm_threshold"]
