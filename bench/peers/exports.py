"""Reads what `rtpipeline export` wrote as other programs do, and prints one JSON object.

exports.py <folder with slicer, bids and nnunet>
"""

import gzip
import json
import subprocess
import sys
from pathlib import Path

import nibabel
import nrrd
import numpy as np
import SimpleITK as sitk

root = Path(sys.argv[1])
faults = []
counts = {"images": 0, "masks": 0, "segments": 0, "doses": 0}


def same_grid(a, b):
    return (
        a.GetSize() == b.GetSize()
        and np.allclose(a.GetOrigin(), b.GetOrigin(), atol=1e-4)
        and np.allclose(a.GetSpacing(), b.GetSpacing(), atol=1e-4)
        and np.allclose(a.GetDirection(), b.GetDirection(), atol=1e-5)
    )


def expect(holds, message):
    if not holds:
        faults.append(message)


def check_image(path):
    image = sitk.ReadImage(str(path))
    other = nibabel.load(path)
    voxels = sitk.GetArrayFromImage(image)
    expect(np.array_equal(np.asarray(other.dataobj), voxels.T), f"{path}: nibabel and SimpleITK read other voxels")
    return image, voxels


def check_masks(folder, image, voxels):
    """SimpleITK's label statistics refuse a mask on another grid, as PyRadiomics does."""
    sizes = {}
    for path in sorted(folder.glob("*.nii.gz")):
        mask, inside = check_image(path)
        counts["masks"] += 1
        expect(same_grid(mask, image), f"{path}: lies on another grid than its image")
        statistics = sitk.LabelStatisticsImageFilter()
        statistics.Execute(image, sitk.Cast(mask, sitk.sitkUInt8))
        mean = voxels[inside == 1].mean()
        expect(abs(statistics.GetMean(1) - mean) < 1e-6 * max(1, abs(mean)), f"{path}: other mean in SimpleITK")
        with gzip.open(path) as file:
            expect(len(file.read()) == 352 + inside.size, f"{path}: gzip holds another number of bytes")
        sizes[path.name.removesuffix(".nii.gz")] = int(inside.sum())
    return sizes


def check_segments(path, image, sizes):
    data, header = nrrd.read(str(path))
    layered = data if data.ndim == 4 else data[np.newaxis]
    names = [key for key in header if key.endswith("_Name")]
    counts["segments"] += len(names)
    expect(layered.shape[1:] == image.GetSize(), f"{path}: other size than the image")
    expect(np.allclose(header["space origin"], image.GetOrigin(), atol=1e-4), f"{path}: other origin")
    found = []
    for key in names:
        number = key.removesuffix("_Name")
        layer = layered[int(header[f"{number}_Layer"])]
        found.append(int((layer == int(header[f"{number}_LabelValue"])).sum()))
    expect(sorted(found) == sorted(sizes.values()), f"{path}: segments have other voxels than the masks")


def check_bids(folder):
    """Has bids-validator look at a dataset, and answers with what did not run."""
    validator = Path(sys.executable).with_name("bids-validator-deno")
    if not validator.exists():
        return ["bids-validator: it is not installed beside this Python"]
    ran = subprocess.run([validator, "--json", str(folder)], capture_output=True, text=True, check=False)
    try:
        issues = json.loads(ran.stdout)["issues"]["issues"]
    except (ValueError, KeyError):
        return [f"bids-validator: it ended with {ran.returncode}: {(ran.stderr or ran.stdout)[-500:]}"]
    of = {severity: [one for one in issues if one["severity"] == severity] for severity in ["error", "warning"]}
    for severity, found in of.items():
        kind = f"{severity}s of bids-validator"
        counts[kind] = counts.get(kind, 0) + len(found)
    for issue in of["error"]:
        expect(False, f"bids: {issue['code']} {issue.get('subCode', '')} {issue.get('location', '')}")
    codes = sorted({" ".join(filter(None, [one["code"], one.get("subCode")])) for one in of["warning"]})
    if codes:
        print(f"bids-validator warns in {folder.name} of {', '.join(codes)}", file=sys.stderr)
    return []


def main():
    for course in sorted((root / "slicer").iterdir()):
        for path in sorted(course.glob("*.nii.gz")):
            image, voxels = check_image(path)
            if path.name.startswith("dose_"):
                counts["doses"] += 1
                expect(image.GetPixelID() == sitk.sitkFloat32 and 0 < voxels.max() < 150, f"{path}: no plausible dose")
                continue
            counts["images"] += 1
            name = path.name.removesuffix(".nii.gz")
            if (course / f"{name}_structures").exists():
                sizes = check_masks(course / f"{name}_structures", image, voxels)
                check_segments(course / f"{name}.seg.nrrd", image, sizes)

    for path in sorted((root / "bids").rglob("*.nii.gz")):
        nibabel.load(path).dataobj[0, 0, 0]
        expect(Path(str(path).removesuffix(".nii.gz") + ".json").exists(), f"{path}: has no JSON beside it")
    for name in ["dataset_description.json", "derivatives/rtpipeline/dataset_description.json"]:
        described = json.loads((root / "bids" / name).read_text())
        expect({"Name", "BIDSVersion", "DatasetType"} <= described.keys(), f"{name}: lacks what BIDS requires")

    not_run = []
    for name in ["bids", "bids/derivatives/rtpipeline"]:
        not_run += check_bids(root / name)

    nnunet = next((root / "nnunet").iterdir())
    try:
        from nnunetv2.experiment_planning.verify_dataset_integrity import verify_dataset_integrity

        verify_dataset_integrity(str(nnunet), num_processes=1)
    except ImportError as error:
        not_run.append(f"nnU-Net's verify_dataset_integrity: {error}")
    dataset = json.loads((nnunet / "dataset.json").read_text())
    labels = sorted((nnunet / "labelsTr").glob("*.nii.gz"))
    expect(len(labels) == dataset["numTraining"] > 0, "nnunet: other number of cases than dataset.json says")
    for path in labels:
        image, _ = check_image(nnunet / "imagesTr" / path.name.replace(".nii.gz", "_0000.nii.gz"))
        mask, inside = check_image(path)
        expect(same_grid(mask, image), f"{path}: lies on another grid than its image")
        expect(set(np.unique(inside)) == set(dataset["labels"].values()), f"{path}: other labels than dataset.json")

    print(json.dumps({"counts": counts, "faults": faults, "not_run": not_run}))


# nnU-Net starts processes that read this file again: they must not do its work again.
if __name__ == "__main__":
    main()
