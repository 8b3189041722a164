"""Random weights for the networks of a task of TotalSegmentator, in nnU-Net's layout and where the program looks for them.

python totalsegmentator_task.py <task.json> <plans.json of a model> <results folder> <small|whole> [class ...]

task.json is what describe_totalsegmentator.py says of the task. `whole` is the architecture that nnU-Net plans by default (six
stages of 32 to 320 features, windows of 128 voxels); `small` has two stages and windows of 32. Structures that a later step
looks for, and the classes that are named, are made likely, and most others unlikely, so that crops are neither empty nor
the whole image.
"""

import json
import os
import sys
from pathlib import Path

task_file, plans_file, results = (Path(argument).absolute() for argument in sys.argv[1:4])
SIZE = sys.argv[4]
ASKED = sys.argv[5:]
for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"):
    os.environ[name] = str(results)

import torch
from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer
from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

UNLIKELY = -50.0
LIKELY = 1.0
OTHERS = 12
STAGES = {
    "small": {"patch": 32, "features": [4, 8], "convolutions": 1},
    "whole": {"patch": 128, "features": [32, 64, 128, 256, 320, 320], "convolutions": 2},
}


def main():
    torch.manual_seed(11)
    task = json.loads(task_file.read_text())
    steps = [*task["steps"], *([task["subset"]] if "subset" in task else [])]
    looks = [step.get(look, {}) for step in steps for look in ("crop", "inside")]
    wanted = {*ASKED, *(name for look in looks for name in look.get("structures", []))}
    for step in steps:
        for network in step["networks"]:
            write(network, step["spacing_mm"] or [1.5, 1.5, 3.0], wanted)


def write(description, spacing, wanted):
    folder = results / description["folder"] / description["trained"]
    if folder.exists():
        return
    trainer, _, configuration = description["trained"].split("__")
    labels = description["labels"]
    plans = plans_of(description["folder"], configuration, spacing)
    manager = PlansManager(plans)
    network = nnUNetTrainer.build_network_architecture(
        manager, manager.get_configuration(configuration), 1, len(labels) + 1, enable_deep_supervision=False
    )
    choose(network, labels, wanted)
    dataset = {"background": 0, **{f"class_{value}": value for value in sorted(labels.values())}}
    description_of = {"channel_names": {"0": "CT"}, "labels": dataset, "numTraining": 1, "file_ending": ".nii.gz"}
    for fold in description["folds"] or ["0", "1"]:
        (folder / f"fold_{fold}").mkdir(parents=True)
        state = {
            "network_weights": network.state_dict(),
            "init_args": {"configuration": configuration},
            "trainer_name": trainer,
            "inference_allowed_mirroring_axes": None,
        }
        torch.save(state, folder / f"fold_{fold}" / "checkpoint_final.pth")
    (folder / "plans.json").write_text(json.dumps(plans))
    (folder / "dataset.json").write_text(json.dumps(description_of))


def plans_of(dataset, configuration, spacing):
    plans = json.loads(plans_file.read_text())
    settings = plans["configurations"].pop("3d_fullres")
    plans["configurations"] = {configuration: settings}
    plans["dataset_name"] = dataset
    shape = STAGES[SIZE]
    stages = len(shape["features"])
    settings.update({"patch_size": [shape["patch"]] * 3, "spacing": [float(mm) for mm in reversed(spacing)]})
    settings["architecture"]["arch_kwargs"].update(
        {
            "n_stages": stages,
            "features_per_stage": shape["features"],
            "kernel_sizes": [[3, 3, 3]] * stages,
            "strides": [[1, 1, 1]] + [[2, 2, 2]] * (stages - 1),
            "n_conv_per_stage": [shape["convolutions"]] * stages,
            "n_conv_per_stage_decoder": [shape["convolutions"]] * (stages - 1),
        }
    )
    return plans


def choose(network, labels, wanted):
    """Most classes get a bias that keeps them from winning: the wanted and some others stay."""
    last = [module for module in network.modules() if isinstance(module, torch.nn.Conv3d)][-1]
    kept = {0, *(value for name, value in labels.items() if name in wanted), *sorted(labels.values())[:OTHERS]}
    with torch.no_grad():
        for name, value in labels.items():
            if value not in kept:
                last.bias[value] = UNLIKELY
            elif name in ASKED:
                last.bias[value] += LIKELY


if __name__ == "__main__":
    main()
