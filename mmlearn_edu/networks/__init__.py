"""Everything that needs torch."""

from mmlearn_edu.networks.adversarial import discriminator_loss, generator_loss
from mmlearn_edu.networks.audio_cnn import AudioCNN
from mmlearn_edu.networks.autoencoder import Autoencoder
from mmlearn_edu.networks.classifier import NetworkClassifier
from mmlearn_edu.networks.conv_autoencoder import ConvAutoencoder
from mmlearn_edu.networks.deep_cca import DeepCCA
from mmlearn_edu.networks.dense_network import DenseNetwork
from mmlearn_edu.networks.device import device
from mmlearn_edu.networks.extractors import prepare_clips, prepare_images, r3d_18_features, vgg16_features
from mmlearn_edu.networks.gan import GAN, GANHistory
from mmlearn_edu.networks.gated_fusion import GatedFusion
from mmlearn_edu.networks.image_cnn import ImageCNN
from mmlearn_edu.networks.infonce import infonce
from mmlearn_edu.networks.modality_dropout import drop_modalities
from mmlearn_edu.networks.multimodal_autoencoder import MultimodalAutoencoder
from mmlearn_edu.networks.negative_sampling import negative_sampling_loss
from mmlearn_edu.networks.search import search
from mmlearn_edu.networks.seeding import seeded
from mmlearn_edu.networks.skip_gram import SkipGram
from mmlearn_edu.networks.total_correlation import total_correlation
from mmlearn_edu.networks.training import History, train
from mmlearn_edu.networks.two_towers import TwoTowers
from mmlearn_edu.networks.video_cnn import VideoCNN
from mmlearn_edu.networks.vision import torchvision
from mmlearn_edu.networks.weights import WeightsUnavailable

__all__ = [
    "GAN",
    "AudioCNN",
    "Autoencoder",
    "ConvAutoencoder",
    "DeepCCA",
    "DenseNetwork",
    "GANHistory",
    "GatedFusion",
    "History",
    "ImageCNN",
    "MultimodalAutoencoder",
    "NetworkClassifier",
    "SkipGram",
    "TwoTowers",
    "VideoCNN",
    "WeightsUnavailable",
    "device",
    "discriminator_loss",
    "drop_modalities",
    "generator_loss",
    "infonce",
    "negative_sampling_loss",
    "prepare_clips",
    "prepare_images",
    "r3d_18_features",
    "search",
    "seeded",
    "torchvision",
    "total_correlation",
    "train",
    "vgg16_features",
]
