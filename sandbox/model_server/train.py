# /// script
# requires-python = ">=3.11"
# dependencies = ["torch==2.13.0", "numpy", "pillow", "onnx", "onnxscript"]
# ///
# mypy: ignore-errors
# PyTorch is not among the project's dependencies; it has an environment of its own.
"""Train `animals.onnx` on drawings, or measure it.

From the repository's root, some ten minutes on two cores, from a fixed seed:

    python3.11 -m venv /tmp/train
    /tmp/train/bin/pip install torch==2.13.0 numpy pillow onnx onnxscript
    /tmp/train/bin/python -m sandbox.model_server.train

To measure the committed model on drawings it never saw, in the project's own environment:

    python -m sandbox.model_server.train --evaluate
"""

import argparse
import multiprocessing
from pathlib import Path

import numpy as np

from sandbox.model_server.examples import CALIBRATION, TRAINING, mixed

MODEL = Path(__file__).with_name("animals.onnx")
CELLS = 16
EPOCHS, BATCH = 9, 64


def main() -> None:
    """Read the command line; train and export, or evaluate."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evaluate", action="store_true", help="only measure the committed model")
    parser.add_argument("--drawings", type=int, default=11_000, help="how many to train on")
    arguments = parser.parse_args()
    if arguments.evaluate:
        from sandbox.model_server import evaluation  # needs onnxruntime, which the training environment lacks

        print(evaluation.report())  # noqa: T201
        return
    train(arguments.drawings)


def train(drawings: int) -> None:
    """Draw, train, calibrate on other drawings, export."""
    import torch

    from sandbox.model_server.network import Network

    torch.manual_seed(7)
    torch.use_deterministic_algorithms(True)
    pixels, targets = gather(range(TRAINING, TRAINING + drawings))
    network = Network().to(memory_format=torch.channels_last)
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3, weight_decay=0.02)
    steps = EPOCHS * (drawings // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, total_steps=steps)
    for epoch in range(EPOCHS):
        total = _epoch(network, optimizer, schedule, pixels, targets)
        print(f"epoch {epoch + 1}/{EPOCHS}: loss {total:.3f}", flush=True)  # noqa: T201
    network.eval()
    _export(network, *_calibrate(network, *gather(range(CALIBRATION, CALIBRATION + 2000))))


def gather(seeds):
    """Draw the examples for `seeds` on two processes; return uint8 pixels and the four targets as tensors."""
    import torch

    with multiprocessing.Pool(2) as pool:
        parts = pool.map(_prepare, seeds, chunksize=50)
    pixels, *targets = (torch.from_numpy(np.stack(column)) for column in zip(*parts, strict=True))
    return pixels, targets


def _prepare(seed: int):
    example = mixed(seed)
    return (example.view.pixels, *targets_of(example.animals))


def targets_of(animals):
    """What the network should say of `animals`: class shares, heat map, and which box to learn where."""
    share = np.full(3, 1 / 3, np.float32)  # nothing there: any kind is as likely as another
    heat = np.zeros((3, CELLS, CELLS), np.float32)
    weight = np.zeros((CELLS, CELLS), np.float32)
    corners = np.zeros((4, CELLS, CELLS), np.float32)
    if animals:
        share = np.bincount([kind for kind, _ in animals], minlength=3).astype(np.float32) / len(animals)
    middles = (np.arange(CELLS, dtype=np.float32) + 0.5) / CELLS
    for kind, (x0, y0, x1, y1) in animals:
        across, down = (x0 + x1) / 2, (y0 + y1) / 2
        spread = max(0.6 / CELLS, 0.09 * min(x1 - x0, y1 - y0))
        bump = np.exp(-((middles[None] - across) ** 2 + (middles[:, None] - down) ** 2) / (2 * spread**2))
        heat[kind] = np.maximum(heat[kind], bump * 0.99)
        column, row = min(int(across * CELLS), CELLS - 1), min(int(down * CELLS), CELLS - 1)
        heat[kind, row, column] = 1
        near = (slice(max(0, row - 1), row + 2), slice(max(0, column - 1), column + 2))
        weight[near] = 1
        for side, value in enumerate(
            (middles[None] - x0, middles[:, None] - y0, x1 - middles[None], y1 - middles[:, None])
        ):
            corners[side][near] = np.broadcast_to(np.maximum(value, 0.001), (CELLS, CELLS))[near]
    return share, heat, weight, corners


def _epoch(network, optimizer, schedule, pixels, targets):
    import torch

    from sandbox.model_server.network import loss

    network.train()
    losses = []
    for picked in torch.randperm(len(pixels)).split(BATCH)[: len(pixels) // BATCH]:
        seen, (share, heat, weight, corners) = pixels[picked].float(), [target[picked] for target in targets]
        # Colour must not matter: shuffle the channels. Left and right neither: mirror every other batch.
        seen = seen[:, torch.randperm(3)]
        if torch.rand(()) < 0.5:
            seen, heat, weight = seen.flip(3), heat.flip(3), weight.flip(2)
            corners = corners.flip(3)[:, [2, 1, 0, 3]]
        result = loss(network(seen.contiguous(memory_format=torch.channels_last)), share, heat, weight, corners)
        optimizer.zero_grad()
        result.backward()
        optimizer.step()
        schedule.step()
        losses.append(result.item())
    return sum(losses) / len(losses)


def _calibrate(network, pixels, targets):
    """Fit a temperature for the class, and Platt's slope and shift for the heat at its peaks."""
    import torch
    from torch.nn import functional

    share, heat_target, _, _ = targets
    with torch.no_grad():
        parts = [network(part.float()) for part in pixels.split(100)]
    classes, heat = torch.cat([part[0] for part in parts]), torch.cat([part[1] for part in parts])
    one = share.amax(1) == 1
    temperature = torch.ones((), requires_grad=True)
    _minimise([temperature], lambda: functional.cross_entropy(classes[one] / temperature, share[one].argmax(1)))
    peak = heat.amax(1, keepdim=True)
    peak = (heat == peak) & (peak == functional.max_pool2d(peak, 3, 1, 1)) & (heat > -4)
    # A peak is right if an animal of its kind is centred there or one cell on.
    right = (functional.max_pool2d((heat_target == 1).float(), 3, 1, 1) > 0)[peak].float()
    slope, shift = torch.ones((), requires_grad=True), torch.zeros((), requires_grad=True)
    _minimise([slope, shift], lambda: functional.binary_cross_entropy_with_logits(heat[peak] * slope + shift, right))
    found = [float(value.detach()) for value in (temperature, slope, shift)]
    print("temperature {:.3f}, heat slope {:.3f}, shift {:.3f}".format(*found))  # noqa: T201
    return found


def _minimise(parameters, objective):
    import torch

    optimizer = torch.optim.LBFGS(parameters, lr=0.1, max_iter=200)

    def closure():
        optimizer.zero_grad()
        value = objective()
        value.backward()
        return value

    optimizer.step(closure)


def _export(network, temperature, slope, shift):
    import torch

    from sandbox.model_server.network import Calibrated

    torch.onnx.export(
        Calibrated(network, temperature, slope, shift).eval(),
        (torch.zeros(1, 3, 128, 128),),
        MODEL,
        input_names=["pixels"],
        output_names=["classes", "heat", "sides"],
        opset_version=18,
        dynamo=True,
        external_data=False,
    )
    _strip()
    print(f"{MODEL.name}: {MODEL.stat().st_size / 1e6:.2f} MB")  # noqa: T201


def _strip():
    """Take the exporter's stack traces out of the file: they name the folders of the machine it ran on."""
    import onnx

    model = onnx.load(MODEL)
    for node in model.graph.node:
        del node.metadata_props[:]
    for value in [*model.graph.value_info, *model.graph.input, *model.graph.output, *model.graph.initializer]:
        del value.metadata_props[:]
    onnx.save(model, MODEL)


if __name__ == "__main__":
    main()
