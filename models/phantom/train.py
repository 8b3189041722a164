"""Trains the phantom model and exports it: python train.py <folder of training-data.ts>

Needs PyPI's nnunetv2 and onnx. plans.json, beside this file, gives network, patch and spacing; images are prepared as nnU-Net
prepares them. Writes model.onnx. A quarter of an hour of one core. Seeds, patches and their order are fixed, and there is one
thread; another release of PyTorch still gives another model, which measure.ts must show to find every organ. The one here is
of PyTorch 2.8.0.
"""
import json
import sys
import time
from pathlib import Path

import numpy as np
import onnx
import torch
from nnunetv2.preprocessing.preprocessors.default_preprocessor import DefaultPreprocessor
from nnunetv2.utilities.get_network_from_plans import get_network_from_plans
from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

HERE = Path(__file__).parent
CONFIGURATION = "3d_fullres"
SEED = 1
# Steps and highest learning rate. Each turn goes on with the weights of the one before, and with other patches.
TURNS = [(2000, 3e-3), (1000, 2e-3)]
BATCH = 2
# Of the patches, the part that lies around a voxel of an organ. The others lie anywhere, also in the air beside a body.
AROUND_ORGANS = 0.5


def main(folder):
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)
    plans = PlansManager(json.loads((HERE / "plans.json").read_text()))
    dataset = json.loads((HERE / "dataset.json").read_text())
    settings = plans.get_configuration(CONFIGURATION)
    cases = read_cases(folder, plans, settings, dataset)
    classes = len(dataset["labels"])
    network = get_network_from_plans(
        settings.network_arch_class_name, settings.network_arch_init_kwargs,
        settings.network_arch_init_kwargs_req_import, 1, classes, deep_supervision=False)
    for turn, (steps, highest_rate) in enumerate(TURNS):
        random = np.random.default_rng(SEED + turn)
        train(network, cases, settings.patch_size, classes, steps, highest_rate, random)
    export(network.eval(), settings.patch_size)


def read_cases(folder, plans, settings, dataset):
    """Image, labels, and for each organ in them its voxels."""
    cases = []
    for image in sorted(Path(folder).glob("*_image.nii.gz")):
        labels = str(image).replace("_image", "_labels")
        data, seg, _ = DefaultPreprocessor(verbose=False).run_case([str(image)], labels, plans, settings, dataset)
        seg = np.maximum(seg[0], 0).astype(np.int64)
        organs = [np.argwhere(seg == label) for label in np.unique(seg) if label > 0]
        cases.append((data[0].astype(np.float32), seg, organs))
    return cases


def train(network, cases, size, classes, steps, highest_rate, random):
    optimizer = torch.optim.AdamW(network.parameters(), lr=highest_rate, weight_decay=1e-4)
    rates = torch.optim.lr_scheduler.OneCycleLR(optimizer, highest_rate, total_steps=steps, pct_start=0.1)
    began, recent = time.monotonic(), []
    for step in range(1, steps + 1):
        images, labels = zip(*(patch_of(cases[random.integers(len(cases))], size, random) for _ in range(BATCH)))
        loss = loss_of(network(torch.from_numpy(np.stack(images))[:, None]), torch.from_numpy(np.stack(labels)), classes)
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 12)
        optimizer.step()
        rates.step()
        recent.append(loss.item())
        if step % 250 == 0:
            print(f"{step} steps, loss {np.mean(recent):.4f}, {time.monotonic() - began:.0f} s", flush=True)
            recent = []


def patch_of(case, size, random):
    """A box of the patch's size, filled up with zeros where the image ends, as nnU-Net does for small images."""
    image, labels, organs = case
    if organs and random.random() < AROUND_ORGANS:
        voxels = organs[random.integers(len(organs))]
        centre = voxels[random.integers(len(voxels))]
        wanted = [c - random.integers(s // 4, s - s // 4) for c, s in zip(centre, size)]
    else:
        wanted = [random.integers(0, max(1, n - s + 1)) for n, s in zip(image.shape, size)]
    start = [min(max(0, w), max(0, n - s)) for w, n, s in zip(wanted, image.shape, size)]
    box = tuple(slice(a, a + s) for a, s in zip(start, size))
    missing = [s - min(s, n) for s, n in zip(size, image.shape)]
    pads = [(m // 2, m - m // 2) for m in missing]
    return np.pad(image[box], pads), np.pad(labels[box], pads)


def loss_of(logits, labels, classes):
    """Cross entropy and 1 - Dice of each organ over the batch. An organ that is not there counts by what is found of it."""
    entropy = torch.nn.functional.cross_entropy(logits, labels)
    found = torch.softmax(logits, 1)[:, 1:]
    true = torch.nn.functional.one_hot(labels, classes).movedim(-1, 1)[:, 1:].float()
    axes = (0, 2, 3, 4)
    both, either = (found * true).sum(axes), (found + true).sum(axes)
    return entropy + (1 - (2 * both + 1) / (either + 1)).mean()


def export(network, size):
    """Norms as they are: windows are far too small for their sums to lose digits."""
    torch.onnx.export(network, (torch.zeros(1, 1, *size),), HERE / "model.onnx", input_names=["image"],
                      output_names=["logits"], dynamo=False, opset_version=17)
    onnx.checker.check_model(str(HERE / "model.onnx"))


if __name__ == "__main__":
    main(sys.argv[1])
