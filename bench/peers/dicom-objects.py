"""Reads RTSTRUCT and SEG objects of a run with pydicom, highdicom and plastimatch and compares them with its masks.

python dicom-objects.py <input folder> <output folder>: the geometry comes from the slices of the input alone, by PS3.3
C.7.6.2.1.1. Prints a line of JSON for each object: structures compared, voxels, voxels that differ, and what was left out.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import highdicom
import nibabel
import numpy
import pydicom

given, results = (Path(argument) for argument in sys.argv[1:3])
PLASTIMATCH = shutil.which("plastimatch")
NEAR_MM = 0.02


def main():
    for folder in sorted((results / "courses").iterdir()):
        course = json.loads((folder / "course.json").read_text())
        structures = json.loads((folder / "structures/masks.json").read_text())["structures"]
        images = json.loads((folder / "images/images.json").read_text())["images"]
        for item in json.loads((folder / "structures/objects.json").read_text())["objects"]:
            number = item["imageNumber"]
            image = course["images"][number]
            own = [one for one in structures if one["source"] == item["source"] and one.get("imageNumber") == number]
            kept = next(read["sopInstanceUids"] for read in images if read["number"] == number)
            series = Series(image, kept)
            report = (check_segmentation if item["kind"] == "SEG" else check_structure_set)(item, own, series)
            print(json.dumps({"object": item["key"], "kind": item["kind"], **report}))


class Series:
    """The slices of an image in the order of their normal, but for those whose files are broken."""

    def __init__(self, image, kept):
        self.files = [given / instance["key"] for instance in image["instances"] if instance["sopInstanceUid"] in kept]
        slices = [pydicom.dcmread(file, stop_before_pixels=True) for file in self.files]
        rows, columns = (numpy.array(slices[0].ImageOrientationPatient[at : at + 3], float) for at in (0, 3))
        self.normal = numpy.cross(rows, columns)
        slices.sort(key=lambda one: float(numpy.dot(self.normal, numpy.array(one.ImagePositionPatient, float))))
        self.slices, self.axes = slices, (rows, columns)
        self.levels = numpy.array([numpy.dot(self.normal, numpy.array(s.ImagePositionPatient, float)) for s in slices])
        self.shape = (len(slices), slices[0].Rows, slices[0].Columns)

    def is_even(self):
        gaps = numpy.diff(self.levels)
        return float(gaps.max() - gaps.min()) < NEAR_MM

    def voxels(self, file, first_slice=0):
        """The voxels of a NIfTI mask on the slices: by their positions in the patient, not by their order.

        A NIfTI file cannot hold uneven slices: there the order of the slices counts.
        """
        nifti = nibabel.load(file)
        inside = numpy.argwhere(numpy.asarray(nifti.dataobj) > 0)
        points = (nibabel.affines.apply_affine(nifti.affine, inside)) * [-1, -1, 1]
        along = points @ self.normal
        k = numpy.abs(along[:, None] - self.levels).argmin(axis=1) if self.is_even() else first_slice + inside[:, 2]
        first = numpy.array(self.slices[0].ImagePositionPatient, float)
        spacing = [float(mm) for mm in self.slices[0].PixelSpacing]
        i, j = ((points - first) @ axis / mm for axis, mm in zip(self.axes, (spacing[1], spacing[0])))
        off = max(
            numpy.abs(i - i.round()).max(),
            numpy.abs(j - j.round()).max(),
            numpy.abs(along - self.levels[k]).max() if self.is_even() else 0,
        )
        if off > NEAR_MM:
            raise SystemExit(f"{file}: voxels lie {off:.3f} beside those of the image")
        mask = numpy.zeros(self.shape, bool)
        mask[k, j.round().astype(int), i.round().astype(int)] = True
        return mask


def check_segmentation(item, own, series):
    segmentation = highdicom.seg.segread(results / item["key"])
    uids = [one.SOPInstanceUID for one in series.slices]
    pixels = segmentation.get_pixels_by_source_instance(uids, assert_missing_frames_are_empty=True)
    report = {"reader": f"highdicom {highdicom.__version__}", "compared": 0, "voxels": 0, "differ": 0, "left_out": []}
    by_source_name = {one["roiName"]: one for one in own}
    report["kind"] = str(segmentation.SegmentationType)
    for index, number in enumerate(segmentation.segment_numbers):
        source_name = segmentation.get_segment_description(number).SegmentDescription
        add(report, pixels[..., index] > 0, by_source_name[source_name], series)
    return report


def check_structure_set(item, own, series):
    dataset = pydicom.dcmread(results / item["key"])
    numbers = {one["roiNumber"]: one for one in own}
    known = {uid.SOPInstanceUID for uid in series.slices}
    report = {"reader": f"pydicom {pydicom.__version__}", "compared": 0, "voxels": 0, "differ": 0, "left_out": []}
    for contours in dataset.ROIContourSequence:
        for contour in contours.get("ContourSequence", []):
            if contour.ContourImageSequence[0].ReferencedSOPInstanceUID not in known:
                raise SystemExit(f"{item['key']}: a contour refers to no slice of its image")
    if PLASTIMATCH is None:
        report["left_out"].append("plastimatch is not installed")
    elif not series.is_even():
        report["left_out"].append("plastimatch knows even slices only")
    elif item["cropped"]:
        report["left_out"].append("cropped structures are compared by our own tests")
    else:
        report["reader"] += ", plastimatch " + version()
        with tempfile.TemporaryDirectory() as folder:
            masks = plastimatch(item, series, Path(folder))
            for roi in dataset.StructureSetROISequence:
                record = numbers[int(roi.ROINumber)]
                if record["status"] == "ok":
                    add(report, series.voxels(masks / f"{roi.ROIName}.nii.gz"), record, series)
    return report


def plastimatch(item, series, folder):
    (folder / "image").mkdir()
    for file in series.files:
        (folder / "image" / f"{file.name}.dcm").symlink_to(file.resolve())
    subprocess.run(
        [
            PLASTIMATCH,
            "convert",
            "--input",
            str(results / item["key"]),
            "--referenced-ct",
            str(folder / "image"),
            "--output-prefix",
            str(folder / "masks"),
            "--prefix-format",
            "nii.gz",
        ],
        check=True,
        capture_output=True,
    )
    return folder / "masks"


def version():
    return subprocess.run([PLASTIMATCH, "--version"], capture_output=True, text=True).stdout.split()[-1]


def add(report, read, record, series):
    """Counts a structure as another program reads it beside the mask of the run."""
    if record["status"] != "ok":
        ours = numpy.zeros(series.shape, bool)
    else:
        ours = series.voxels(results / record["maskKey"], record["box"]["start"][2])
    report["compared"] += 1
    report["voxels"] += int(ours.sum())
    report["differ"] += int((ours != read).sum())


if __name__ == "__main__":
    main()
