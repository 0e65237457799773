"""Everything that needs torch."""

from mmlearn_edu.networks.device import device
from mmlearn_edu.networks.search import search
from mmlearn_edu.networks.vision import torchvision

__all__ = ["device", "search", "torchvision"]
