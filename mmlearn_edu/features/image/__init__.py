"""Pictures to colours, edges, patches and small summaries."""

from mmlearn_edu.features.image.colour import colour_histogram, rgb_to_hsv
from mmlearn_edu.features.image.edges import oriented_gradients, sobel_edges, sobel_gradients
from mmlearn_edu.features.image.patches import image_patches
from mmlearn_edu.features.image.pooling import global_average_pool
from mmlearn_edu.features.image.summary import flatten_images, image_features

__all__ = [
    "colour_histogram",
    "flatten_images",
    "global_average_pool",
    "image_features",
    "image_patches",
    "oriented_gradients",
    "rgb_to_hsv",
    "sobel_edges",
    "sobel_gradients",
]
