# mypy: ignore-errors
# PyTorch is not among the project's dependencies: only training needs it (`train.py` says where).
"""The network: a small convolutional backbone; a global class, a heat map of centres, a box per cell."""

import torch
from torch import nn
from torch.nn import functional

CELLS = 16  # the grid's side: one cell for every 8 pixels


def _conv(inputs, outputs, stride=1):
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)
    )


class Network(nn.Module):
    """Pixels (N x 3 x 128 x 128, 0..255) to class (N x 3), heat (N x 3 x 16 x 16), sides (N x 4 x 16 x 16).

    Class and heat are logits. `sides` are the distances from a cell's centre to its animal's left, top, right
    and bottom edge, in squares.
    """

    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(_conv(3, 16, 2), _conv(16, 32, 2), _conv(32, 32))
        self.eighth = nn.Sequential(_conv(32, 48, 2), _conv(48, 48))
        self.sixteenth = nn.Sequential(_conv(48, 80, 2), _conv(80, 80))
        self.thirtysecond = nn.Sequential(_conv(80, 112, 2), _conv(112, 112))
        self.classes = nn.Linear(224, 3)
        self.down = nn.ModuleList([nn.Conv2d(width, 48, 1) for width in (48, 80, 112)])
        self.merge = _conv(48, 48)
        self.heat = nn.Sequential(_conv(48, 48), nn.Conv2d(48, 3, 1))
        self.sides = nn.Sequential(_conv(48, 48), nn.Conv2d(48, 4, 1))
        nn.init.constant_(self.heat[-1].bias, -4.0)  # almost every cell is empty

    def forward(self, pixels):
        """Return (class logits, heat logits, sides)."""
        fine = self.eighth(self.stem(pixels / 127.5 - 1))
        middle = self.sixteenth(fine)
        coarse = self.thirtysecond(middle)
        pooled = torch.cat([coarse.mean((2, 3)), coarse.amax((2, 3))], 1)
        merged = self.down[1](middle) + functional.interpolate(self.down[2](coarse), scale_factor=2.0)
        merged = self.merge(self.down[0](fine) + functional.interpolate(merged, scale_factor=2.0))
        return self.classes(pooled), self.heat(merged), functional.softplus(self.sides(merged)) * 0.5


class Calibrated(nn.Module):
    """What is exported: probabilities instead of logits, each tempered on drawings the network never saw."""

    def __init__(self, network, temperature, slope, shift):
        super().__init__()
        self.network, self.temperature, self.slope, self.shift = network, temperature, slope, shift

    def forward(self, pixels):
        """Return (class probabilities, heat in 0..1, sides)."""
        classes, heat, sides = self.network(pixels)
        return (
            torch.softmax(classes / self.temperature, 1),
            torch.sigmoid(heat * self.slope + self.shift),
            sides,
        )


def loss(outputs, share, centres, weight, corners):
    """The sum of three losses.

    Args:
        outputs: What `Network` returned.
        share: N x 3, the target class distribution.
        centres: N x 3 x 16 x 16, 1 at an animal's centre, falling off around it.
        weight: N x 16 x 16, where a box is to be learned.
        corners: N x 4 x 16 x 16, the box there: distances to left, top, right, bottom.
    """
    classes, heat, sides = outputs
    of_class = -(share * functional.log_softmax(classes, 1)).sum(1).mean()
    probability = torch.sigmoid(heat)
    hit = centres == 1
    found = functional.logsigmoid(heat) * (1 - probability) ** 2
    ghost = functional.logsigmoid(-heat) * probability**2 * (1 - centres) ** 4
    of_heat = -torch.where(hit, found, ghost).sum() / hit.sum().clamp(min=1)
    overlap = _iou(sides, corners)
    distance = (sides - corners).abs().sum(1)
    of_box = ((1 - overlap + 2 * distance) * weight).sum() / weight.sum().clamp(min=1)
    return of_class + of_heat + of_box


def _iou(one, other):
    """IoU of boxes that share their reference point: N x 4 x H x W of distances to N x H x W."""
    inner = torch.minimum(one, other)
    common = (inner[:, 0] + inner[:, 2]) * (inner[:, 1] + inner[:, 3])
    area = (one[:, 0] + one[:, 2]) * (one[:, 1] + one[:, 3]) + (other[:, 0] + other[:, 2]) * (other[:, 1] + other[:, 3])
    return common / (area - common).clamp(min=1e-6)
