"""Says how a task of TotalSegmentator runs: its networks, their labels, crops and cleaning.

python describe_totalsegmentator.py <output folder> <task> <normal|fast>

Needs TotalSegmentator 2.18, whose own tables it reads; what these tables do not say (steps of windows, margins of crops,
cleaning of labels) is as that release does it. Writes task.json; what cannot run without Python is said there as `refused`.
"""

import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

output, task, mode = Path(sys.argv[1]).absolute(), sys.argv[2], sys.argv[3]

RELEASE = "2.18."
INSTALL = "name with --python one that has it: pip install TotalSegmentator==2.18.0"
PLANS = "nnUNetPlans"
# Tasks whose networks are not all: what else they do.
BEYOND = {
    "vertebrae_pp": "it renumbers the vertebrae after the network",
    "vertebrae_pp_refined": "it renumbers the vertebrae after the network",
    "total_highres_test": "its network is shown the crop as a second channel",
    "test": "it is a test of the program",
}
TOTAL = ("total", "total_v3", "total_mr")
ROUGH_MARGIN = [20, 20, 20]


class Refused(Exception):
    """The task cannot run without Python: why, in one line."""


def main():
    try:
        answer = describe()
    except Refused as refusal:
        answer = {"refused": str(refusal)}
    (output / "task.json").write_text(json.dumps(answer, indent=1))


def describe():
    try:
        release = version("TotalSegmentator")
    except PackageNotFoundError as error:
        raise Refused(f"this Python has no TotalSegmentator: {INSTALL}") from error
    if not release.startswith(RELEASE):
        raise Refused(f"this Python has TotalSegmentator {release}, but release 2.18 is needed: {INSTALL}")
    steps = steps_of(task, mode == "fast", task)
    subset = {"subset": rough_step(task, [], False)} if task in TOTAL else {}
    return {"version": release, "steps": steps, **subset}


def steps_of(name, fast, step_name):
    """The steps of a task in their order, the crops before it first."""
    from totalsegmentator.map_to_binary import class_map

    settings = settings_of(name, fast)
    labels = {label: value for value, label in class_map[name].items()}
    step = {
        **{"name": step_name, "labels": labels, "spacing_mm": spacing_of(settings)},
        **{"window_step": 0.8 if name in TOTAL else 0.5},
        "networks": networks_of(name, settings),
        **cleaning(name),
    }
    crop = settings.get("crop")
    if crop is None:
        return [step]
    if settings.get("crop_model"):
        before = steps_of(settings["crop_model"], False, settings["crop_model"])
        margin = settings.get("crop_addon", [3, 3, 3])
    else:
        before = [rough_step(name, crop, settings.get("robust_crop", False))]
        margin = ROUGH_MARGIN
    found_by = before[-1]["name"]
    step["crop"] = {"step": found_by, "structures": crop, "margin_mm": margin}
    if settings.get("remove_outside"):
        distance = settings["remove_outside_dilation"]
        step["inside"] = {"step": found_by, "structures": settings["remove_outside"], "margin_mm": [distance] * 3}
    return [*before, step]


def rough_step(name, crop, robust):
    """The quick look at the whole image that finds the box of a task, or of the classes that are asked for."""
    from totalsegmentator.map_to_binary import class_map

    is_mr = name.endswith("_mr")
    found_by = "total_mr" if is_mr else "total"
    number, spacing = (852, 3.0) if is_mr else (297, 3.0) if robust else (298, 6.0)
    trainer = "nnUNetTrainer_2000epochs_NoMirroring" if is_mr else "nnUNetTrainer_4000epochs_NoMirroring"
    if "body_trunc" in crop or "body_extremities" in crop:
        found_by, number, spacing, trainer = "body", 300, 6.0, "nnUNetTrainer"
    labels = class_map[found_by]
    return {
        **{"name": "crop", "labels": {label: value for value, label in labels.items()}, "spacing_mm": [spacing] * 3},
        **{"window_step": 0.8 if found_by in TOTAL else 0.5},
        "networks": [network(number, trainer, "3d_fullres", [0], labels)],
        **cleaning(found_by),
    }


def settings_of(name, fast):
    from totalsegmentator.map_tasks_config import TASK_CONFIGS

    if name not in TASK_CONFIGS:
        raise Refused(f"TotalSegmentator has no task {name}; it has {', '.join(sorted(TASK_CONFIGS))}")
    if name in BEYOND:
        raise Refused(f"{name} needs the program: {BEYOND[name]}")
    settings = TASK_CONFIGS[name]
    modes = settings.get("sub_modes")
    if fast and modes is None:
        raise Refused(f"{name} has no model for --fast")
    settings = modes["fast" if fast else "default"] if modes else settings
    if settings.get("cascade"):
        raise Refused(f"{name} needs the program: its network is shown the crop as a second channel")
    return settings


def spacing_of(settings):
    spacing = settings.get("resample")
    return [spacing] * 3 if isinstance(spacing, float) else spacing


def networks_of(name, settings):
    from totalsegmentator.map_to_binary import class_map

    numbers, model = settings["task_id"], settings.get("model", "3d_fullres")
    folds = settings.get("folds", [0])
    if not isinstance(numbers, list):
        labels = {**class_map[name], **class_map.get(f"{name}_auxiliary", {})}
        return [network(numbers, settings["trainer"], model, folds, labels)]
    parts = parts_of(name)
    return [network(number, settings["trainer"], model, folds, parts[number]) for number in numbers]


def parts_of(name):
    """The labels of each of the networks that share a task."""
    from totalsegmentator import map_to_binary as maps

    tables = {
        "total": (maps.map_taskid_to_partname_ct, maps.class_map_5_parts),
        "total_v3": (maps.map_taskid_to_partname_ct_v3, maps.class_map_5_parts_total_v3),
        "total_mr": (maps.map_taskid_to_partname_mr, maps.class_map_parts_mr),
        "headneck_muscles": (maps.map_taskid_to_partname_headneck_muscles, maps.class_map_parts_headneck_muscles),
    }
    names, labels = tables[name]
    return {number: labels[part] for number, part in names.items()}


def network(number, trainer, model, folds, labels):
    from totalsegmentator.map_tasks_config import TASK_ID_WEIGHTS_CONFIGS

    return {
        "number": number,
        "folder": TASK_ID_WEIGHTS_CONFIGS[number]["foldername"],
        "trained": f"{trainer}__{PLANS}__{model}",
        "configuration": model,
        "folds": [str(fold) for fold in folds or []],
        "labels": {label: value for value, label in labels.items()},
    }


def cleaning(name):
    if name != "body":
        return {}
    return {"keep_largest": ["body_trunc"], "smallest_mm3": {"body_extremities": 50000}}


if __name__ == "__main__":
    main()
