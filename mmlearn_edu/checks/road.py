"""The road of the workbook: its chapters from first to last, the planned ones too, stage by stage.

What each is for stands in the message catalogue (``stage-data``, ``road-01-paired-data``); which ones exist, the
registry knows.
"""

__all__ = ["ROAD"]

ROAD = {
    "start": ["00-start-here"],
    "data": ["01-paired-data"],
    "senses": ["02-tfidf", "03-word-vectors", "04-images", "05-cnn-features", "06-sound", "07-video"],
    "geometry": ["08-pca", "09-similarity", "10-kmeans", "11-maps"],
    "combine": ["12-fusion"],
    "judge": ["13-evaluation"],
    "learn": ["14-autoencoders", "15-shared-representation", "16-retrieval"],
    "generate": ["17-gan-anomaly"],
    "scale": ["18-scale"],
    "capstone": ["19-capstone"],
}
