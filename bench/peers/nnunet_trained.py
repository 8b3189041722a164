"""Trains small models with nnU-Net v2 and predicts with them: python nnunet_trained.py <work folder>

Data are balls within balls, always the same. Trained are: `plain` (PlainConvUNet; 3d_fullres, 2d, and the cascade of 3d_lowres
and 3d_cascade_fullres; CT) and `regions` (ResidualEncoderUNet; labels that overlap, one to ignore, MR, slices far apart).
Each has learned a little only: what counts is that the same weights give the same labels elsewhere. Writes images/,
nnUNet_results/ and predicted/<dataset>-<configuration>/.
"""

import json
import os
import sys
from pathlib import Path

work = Path(sys.argv[1]).absolute()
for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"):
    os.environ[name] = str(work / name)
    (work / name).mkdir(parents=True, exist_ok=True)
os.environ.update({"nnUNet_n_proc_DA": "1", "nnUNet_compile": "f", "nnUNet_def_n_proc": "1"})

import numpy as np
import SimpleITK as sitk
import torch
from nnunetv2.experiment_planning.plan_and_preprocess_api import extract_fingerprints, plan_experiments, preprocess
from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor
from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer

CASES = 6
UNSEEN = 2
PLAIN = {
    "number": 811,
    "name": "Dataset811_plain",
    "spacing": (1.6, 1.5, 2.5),
    "shape": (34, 60, 56),
    "dataset": {"channel_names": {"0": "CT"}, "labels": {"background": 0, "shell": 1, "core": 2, "small": 3}},
    "network": "PlainConvUNet",
    "configurations": ["3d_fullres", "2d", "3d_lowres", "3d_cascade_fullres"],
}
REGIONS = {
    "number": 812,
    "name": "Dataset812_regions",
    "spacing": (1.4, 1.4, 6.0),
    "shape": (20, 64, 60),
    "dataset": {
        "channel_names": {"0": "T1"},
        "labels": {"background": 0, "whole": [1, 2, 3], "inner": [2, 3], "small": 3, "ignore": 4},
        "regions_class_order": [1, 2, 3],
    },
    "network": "ResidualEncoderUNet",
    "configurations": ["3d_fullres"],
}


class ShortTrainer(nnUNetTrainer):
    """Loaded as nnUNetTrainer: only the length of the training differs."""

    def __init__(self, plans, configuration, fold, dataset_json, device):
        super().__init__(plans, configuration, fold, dataset_json, device)
        self.num_epochs = 4
        self.num_iterations_per_epoch = 12
        self.num_val_iterations_per_epoch = 1


ShortTrainer.__name__ = "nnUNetTrainer"


def main():
    torch.manual_seed(3)
    np.random.seed(3)
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    for task in (PLAIN, REGIONS):
        write_data(task)
        train(task)
        for configuration in task["configurations"]:
            predict(task, configuration)


def write_data(task):
    raw = work / "nnUNet_raw" / task["name"]
    for folder in (raw / "imagesTr", raw / "labelsTr", work / "images" / task["name"]):
        folder.mkdir(parents=True)
    random = np.random.default_rng(task["number"])
    for case in range(CASES + UNSEEN):
        image, labels = balls(task, random, case)
        name = f"case_{case:03d}"
        if case >= CASES:
            sitk.WriteImage(image, work / "images" / task["name"] / f"{name}_0000.nii.gz")
            continue
        sitk.WriteImage(image, raw / "imagesTr" / f"{name}_0000.nii.gz")
        sitk.WriteImage(labels, raw / "labelsTr" / f"{name}.nii.gz")
    described = {**task["dataset"], "numTraining": CASES, "file_ending": ".nii.gz"}
    (raw / "dataset.json").write_text(json.dumps(described, indent=2))


def balls(task, random, case):
    shape = [count + int(random.integers(-4, 5)) for count in task["shape"]]
    spacing = [mm * (1 + 0.1 * random.random()) for mm in task["spacing"]]
    places = np.meshgrid(*[np.arange(count) * mm for count, mm in zip(shape, spacing[::-1])], indexing="ij")
    extent = [count * mm for count, mm in zip(shape, spacing[::-1])]
    centre = [length * (0.4 + 0.2 * random.random()) for length in extent]
    far = np.sqrt(sum((place - middle) ** 2 for place, middle in zip(places, centre)))
    least = min(extent)
    labels = np.zeros(shape, np.uint8)
    for value, part in ((1, 0.36), (2, 0.24), (3, 0.1)):
        labels[far < part * least] = value
    image = np.array([20.0, 90.0, -60.0, 160.0])[labels] + random.normal(0, 15, shape)
    if task is REGIONS:
        image += 200
        image[:, :5] = 0
        if case % 2 == 0:
            labels[:, :, -6:] = 4
    made = sitk.GetImageFromArray(image.astype(np.float32)), sitk.GetImageFromArray(labels)
    for one in made:
        one.SetSpacing(spacing)
    return made


def train(task):
    number, name = task["number"], task["name"]
    os.environ["nnUNet_n_proc_DA"] = "1"
    extract_fingerprints([number], num_processes=1)
    plan_experiments([number])
    path = work / "nnUNet_preprocessed" / name / "nnUNetPlans.json"
    plans = small_plans(json.loads(path.read_text()), task)
    path.write_text(json.dumps(plans, indent=2))
    stored = [one for one in task["configurations"] if one != "3d_cascade_fullres"]
    preprocess([number], configurations=stored, num_processes=[1] * len(stored))
    dataset = json.loads((work / "nnUNet_raw" / name / "dataset.json").read_text())
    os.environ["nnUNet_n_proc_DA"] = "0"
    for configuration in task["configurations"]:
        given = {**plans, "continue_training": False}
        trainer = ShortTrainer(given, configuration, "all", dataset, torch.device("cpu"))
        trainer.initialize()
        trainer.run_training()
        if configuration == "3d_lowres":
            trainer.perform_actual_validation()


def small_plans(plans, task):
    found = plans["configurations"]
    base = found["3d_fullres"]
    base.update({"patch_size": [16, 32, 32], "batch_size": 2, "architecture": network(task, "Conv3d", [3, 3, 3])})
    kept = {"3d_fullres": base}
    if "2d" in task["configurations"]:
        flat = {"patch_size": [32, 48], "batch_size": 4, "architecture": network(task, "Conv2d", [3, 3])}
        low = {"spacing": [mm * 1.7 for mm in base["spacing"]], "next_stage": "3d_cascade_fullres"}
        kept["2d"] = {**found["2d"], **flat}
        kept["3d_lowres"] = {**base, **low, "data_identifier": f"{plans['plans_name']}_3d_lowres"}
        kept["3d_cascade_fullres"] = {"inherits_from": "3d_fullres", "previous_stage": "3d_lowres"}
    plans["configurations"] = kept
    return plans


def network(task, convolution, kernel):
    dims = convolution[-2:]
    residual = task["network"] == "ResidualEncoderUNet"
    blocks = {"n_blocks_per_stage": [1, 2, 2]} if residual else {"n_conv_per_stage": [2, 2, 2]}
    half = [2] * len(kernel)
    strides = [[1] * len(kernel), half, half]
    if residual:
        strides[1] = [1, 2, 2]
    return {
        "network_class_name": f"dynamic_network_architectures.architectures.unet.{task['network']}",
        "arch_kwargs": {
            "n_stages": 3,
            "features_per_stage": [8, 16, 24],
            "conv_op": f"torch.nn.modules.conv.{convolution}",
            "kernel_sizes": [kernel] * 3,
            "strides": strides,
            **blocks,
            "n_conv_per_stage_decoder": [1, 1],
            "conv_bias": True,
            "norm_op": f"torch.nn.modules.instancenorm.InstanceNorm{dims}",
            "norm_op_kwargs": {"eps": 1e-05, "affine": True},
            "dropout_op": None,
            "dropout_op_kwargs": None,
            "nonlin": "torch.nn.LeakyReLU",
            "nonlin_kwargs": {"inplace": True},
        },
        "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
    }


def predict(task, configuration):
    folder = work / "nnUNet_results" / task["name"] / f"nnUNetTrainer__nnUNetPlans__{configuration}"
    predictor = nnUNetPredictor(device=torch.device("cpu"), perform_everything_on_device=False, allow_tqdm=False)
    predictor.initialize_from_trained_model_folder(str(folder), ("all",))
    target = work / "predicted" / f"{task['name']}-{configuration}"
    target.mkdir(parents=True)
    previous = None
    if configuration == "3d_cascade_fullres":
        previous = str(work / "predicted" / f"{task['name']}-3d_lowres")
    predictor.predict_from_files_sequential(
        str(work / "images" / task["name"]), str(target), overwrite=True, folder_with_segs_from_prev_stage=previous
    )


if __name__ == "__main__":
    main()
