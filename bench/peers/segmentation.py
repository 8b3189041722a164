"""Predicts with nnU-Net v2 what our runtime predicts from the same ONNX file.

python segmentation.py <model folder> <images folder> <output folder>: the weights come out of model.onnx, the network
out of plans.json; images are predicted without mirroring into <output>/plain and with it into <output>/mirrored, and
postprocessed by postprocessing.json where the model has one. Prints the seconds of both, from opening the model on, and the
peak memory in MiB.
"""

import json
import os
import resource
import sys
import time
from pathlib import Path

model, images, output = (Path(argument).absolute() for argument in sys.argv[1:4])
for name in ("nnUNet_raw", "nnUNet_preprocessed", "nnUNet_results"):
    os.environ[name] = str(output)

import onnx
import torch
from nnunetv2.imageio.simpleitk_reader_writer import SimpleITKIO
from nnunetv2.inference.predict_from_raw_data import nnUNetPredictor
from nnunetv2.postprocessing.remove_connected_components import (
    load_postprocess_save,
    remove_all_but_largest_component_from_segmentation,
)
from nnunetv2.training.nnUNetTrainer.nnUNetTrainer import nnUNetTrainer
from nnunetv2.utilities.plans_handling.plans_handler import PlansManager
from onnx import numpy_helper

CONFIGURATION = "3d_fullres"


def main():
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    folder = write_model_folder()
    for name, axes in (("plain", None), ("mirrored", (0, 1, 2))):
        started = time.process_time()
        predictor = nnUNetPredictor(
            use_mirroring=axes is not None,
            perform_everything_on_device=False,
            device=torch.device("cpu"),
            allow_tqdm=False,
        )
        predictor.initialize_from_trained_model_folder(str(folder), use_folds=("all",))
        predictor.allowed_mirroring_axes = axes
        files = sorted(images.glob("*_0000.nii.gz"))
        targets = [str(output / name / file.name.removesuffix("_0000.nii.gz")) for file in files]
        (output / name).mkdir()
        predictor.predict_from_files_sequential([[str(file)] for file in files], targets, overwrite=True)
        for target in targets:
            postprocess(f"{target}.nii.gz")
        print(f"{name} {time.process_time() - started:.1f}")
    print(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")


def postprocess(file):
    found = model / "postprocessing.json"
    if found.exists():
        settings = json.loads(found.read_text())["postprocessing_kwargs"]
        steps = [remove_all_but_largest_component_from_segmentation] * len(settings)
        load_postprocess_save(file, file, SimpleITKIO(), steps, settings)


def write_model_folder():
    """nnU-Net's layout of a trained model."""
    folder = output / "model"
    (folder / "fold_all").mkdir(parents=True)
    for name in ("plans.json", "dataset.json"):
        (folder / name).write_text((model / name).read_text())
    checkpoint = {
        "network_weights": network_weights(),
        "init_args": {"configuration": CONFIGURATION},
        "trainer_name": "nnUNetTrainer",
        "inference_allowed_mirroring_axes": (0, 1, 2),
    }
    torch.save(checkpoint, folder / "fold_all" / "checkpoint_final.pth")
    return folder


def network_weights():
    plans = PlansManager(json.loads((model / "plans.json").read_text()))
    labels = json.loads((model / "dataset.json").read_text())["labels"]
    network = nnUNetTrainer.build_network_architecture(
        plans, plans.get_configuration(CONFIGURATION), 1, len(labels), enable_deep_supervision=False
    )
    exported = {
        one.name: torch.tensor(numpy_helper.to_array(one)) for one in onnx.load(model / "model.onnx").graph.initializer
    }
    state = network.state_dict()
    groups = {}
    for name, tensor in state.items():
        groups.setdefault(tensor.data_ptr(), []).append(name)
    used = set()
    for names in groups.values():
        source = next((name for name in names if name in exported), None)
        if source is None and not all("seg_layers" in name for name in names):
            raise SystemExit(f"model.onnx lacks {names[0]}")
        for name in names:
            if source is not None:
                state[name] = exported[source]
                used.add(source)
    if used != set(exported):
        raise SystemExit(f"the network has no place for {sorted(set(exported) - used)[:3]}")
    return state


if __name__ == "__main__":
    main()
