"""Trains the phantom model with nnU-Net v2 and exports it: python train.py <work folder> [epochs] [earlier checkpoint]

The work folder holds nnUNet_raw/Dataset901_Phantom as training-data.ts writes it. Needs PyPI's nnunetv2 and onnx; one
core and an hour suffice. Writes model.onnx, plans.json and dataset.json beside this file; postprocessing.json, in
nnU-Net's form, keeps the largest component of each organ, as all of them are in one piece.

The model here was trained in three turns, each from the checkpoint of the one before: 45 epochs with OVERSAMPLE=0.66, the
part of the patches that lie around an organ, 30 with 1.0 for the small organs, 25 with the default against what the second
found outside of the body.
"""
import json
import os
import sys
from pathlib import Path

work = Path(sys.argv[1]).absolute()
EPOCHS = int(sys.argv[2]) if len(sys.argv) > 2 else 100
OVERSAMPLE = float(os.environ.get("OVERSAMPLE", "0.33"))
for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"):
    os.environ[name] = str(work / name)
    (work / name).mkdir(exist_ok=True)
os.environ["nnUNet_n_proc_DA"] = "1"
os.environ["nnUNet_compile"] = "f"

import numpy as np
import torch
from nnunetv2.experiment_planning.plan_and_preprocess_api import extract_fingerprints, plan_experiments, preprocess
from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer

DATASET = "Dataset901_Phantom"
CONFIGURATION = "3d_fullres"
PATCH = [24, 40, 48]
SPACING = [5.0, 5.0, 5.0]
NETWORK = {
    "network_class_name": "dynamic_network_architectures.architectures.unet.PlainConvUNet",
    "arch_kwargs": {
        "n_stages": 4,
        "features_per_stage": [8, 16, 32, 48],
        "conv_op": "torch.nn.modules.conv.Conv3d",
        "kernel_sizes": [[3, 3, 3]] * 4,
        "strides": [[1, 1, 1], [2, 2, 2], [2, 2, 2], [2, 2, 2]],
        "n_conv_per_stage": [2, 2, 2, 2],
        "n_conv_per_stage_decoder": [1, 1, 1],
        "conv_bias": True,
        "norm_op": "torch.nn.modules.instancenorm.InstanceNorm3d",
        "norm_op_kwargs": {"eps": 1e-05, "affine": True},
        "dropout_op": None,
        "dropout_op_kwargs": None,
        "nonlin": "torch.nn.LeakyReLU",
        "nonlin_kwargs": {"inplace": True},
    },
    "_kw_requires_import": ["conv_op", "norm_op", "dropout_op", "nonlin"],
}


class PhantomTrainer(nnUNetTrainer):
    def __init__(self, plans, configuration, fold, dataset_json, device):
        super().__init__(plans, configuration, fold, dataset_json, device)
        self.oversample_foreground_percent = OVERSAMPLE
        self.num_epochs = EPOCHS
        self.num_iterations_per_epoch = 50
        self.num_val_iterations_per_epoch = 2
        self.save_every = 5

    def configure_rotation_dummyDA_mirroring_and_inital_patch_size(self):
        rotation, dummy_2d, _, _ = super().configure_rotation_dummyDA_mirroring_and_inital_patch_size()
        self.inference_allowed_mirroring_axes = None
        return rotation, dummy_2d, self.configuration_manager.patch_size, None

    @staticmethod
    def get_training_transforms(patch_size, rotation_for_DA, deep_supervision_scales, mirror_axes,
                                do_dummy_2d_data_aug, **kwargs):
        """The phantoms differ enough from each other as they are."""
        kwargs.pop("use_mask_for_norm", None)
        return nnUNetTrainer.get_validation_transforms(deep_supervision_scales, **kwargs)


def main():
    torch.manual_seed(1)
    np.random.seed(1)
    torch.set_num_threads(1)
    plans_file = work / "nnUNet_preprocessed" / DATASET / "nnUNetPlans.json"
    if not plans_file.exists():
        extract_fingerprints([901], num_processes=1)
        plan_experiments([901])
        write_plans(plans_file)
        preprocess([901], configurations=[CONFIGURATION], num_processes=[1])
    plans = json.loads(plans_file.read_text())
    dataset = json.loads((work / "nnUNet_raw" / DATASET / "dataset.json").read_text())
    os.environ["nnUNet_n_proc_DA"] = "0"
    trainer = PhantomTrainer({**plans, "continue_training": False}, CONFIGURATION, "all", dataset, torch.device("cpu"))
    trainer.initialize()
    if len(sys.argv) > 3:
        earlier = torch.load(sys.argv[3], map_location="cpu", weights_only=False)
        trainer.network.load_state_dict(earlier["network_weights"])
    trainer.run_training()
    export(trainer, plans, dataset)


def write_plans(path):
    plans = json.loads(path.read_text())
    settings = plans["configurations"][CONFIGURATION]
    settings.update({"patch_size": PATCH, "batch_size": 2, "spacing": SPACING, "architecture": NETWORK})
    plans["configurations"] = {CONFIGURATION: settings}
    path.write_text(json.dumps(plans, indent=2))


def export(trainer, plans, dataset):
    here = Path(__file__).parent
    network = trainer.network.eval()
    network.decoder.deep_supervision = False
    example = torch.zeros(1, 1, *PATCH)
    torch.onnx.export(network, (example,), here / "model.onnx", input_names=["image"], output_names=["logits"],
                      dynamo=False, opset_version=17)
    (here / "plans.json").write_text(json.dumps(plans, indent=2) + "\n")
    (here / "dataset.json").write_text(json.dumps(dataset, indent=2) + "\n")


if __name__ == "__main__":
    main()
