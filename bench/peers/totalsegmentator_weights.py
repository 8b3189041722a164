"""Weights for TotalSegmentator in nnU-Net's layout, small and random: they find nothing true, but the program runs whole.

python totalsegmentator_weights.py <plans.json of a model> <results folder>
"""

import json
import os
import sys
from pathlib import Path

plans_file, results = (Path(argument).absolute() for argument in sys.argv[1:3])
for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"):
    os.environ[name] = str(results)

import torch
from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer
from nnunetv2.utilities.plans_handling.plans_handler import PlansManager
from totalsegmentator.map_tasks_config import TASK_CONFIGS, TASK_ID_WEIGHTS_CONFIGS
from totalsegmentator.map_to_binary import class_map, class_map_5_parts, class_map_parts_mr

CONFIGURATION = "3d_fullres"


def main():
    torch.manual_seed(7)
    for task, parts in (("total", class_map_5_parts), ("total_mr", class_map_parts_mr)):
        modes = TASK_CONFIGS[task]["sub_modes"]
        whole = modes["default"]
        for number, classes in zip(whole["task_id"], parts.values()):
            write(number, whole["trainer"], whole["resample"], len(classes))
        for mode in ("fast", "fastest"):
            write(modes[mode]["task_id"], modes[mode]["trainer"], modes[mode]["resample"], len(class_map[task]))
    vessels = TASK_CONFIGS["lung_vessels_LEGACY"]
    write(vessels["task_id"], vessels["trainer"], 1.5, len(class_map["lung_vessels_LEGACY"]))


def write(number, trainer, spacing, classes):
    plans = json.loads(plans_file.read_text())
    dataset = TASK_ID_WEIGHTS_CONFIGS[number]["foldername"]
    plans["dataset_name"] = dataset
    settings = plans["configurations"][CONFIGURATION]
    settings.update({"patch_size": [32, 32, 32], "spacing": [float(spacing)] * 3})
    arch = settings["architecture"]["arch_kwargs"]
    arch.update(
        {
            "n_stages": 2,
            "features_per_stage": [4, 8],
            "kernel_sizes": [[3, 3, 3]] * 2,
            "strides": [[1, 1, 1], [2, 2, 2]],
            "n_conv_per_stage": [1, 1],
            "n_conv_per_stage_decoder": [1],
        }
    )
    manager = PlansManager(plans)
    network = nnUNetTrainer.build_network_architecture(
        manager, manager.get_configuration(CONFIGURATION), 1, classes + 1, enable_deep_supervision=False
    )
    folder = results / dataset / f"{trainer}__nnUNetPlans__{CONFIGURATION}"
    (folder / "fold_0").mkdir(parents=True)
    labels = {"background": 0, **{f"class_{value}": value for value in range(1, classes + 1)}}
    description = {"channel_names": {"0": "CT"}, "labels": labels, "numTraining": 1, "file_ending": ".nii.gz"}
    (folder / "plans.json").write_text(json.dumps(plans))
    (folder / "dataset.json").write_text(json.dumps(description))
    torch.save(
        {
            "network_weights": network.state_dict(),
            "init_args": {"configuration": CONFIGURATION},
            "trainer_name": trainer,
            "inference_allowed_mirroring_axes": None,
        },
        folder / "fold_0" / "checkpoint_final.pth",
    )


if __name__ == "__main__":
    main()
