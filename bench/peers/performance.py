"""Works of the bench by Python's packages, as JSON lines on stdout: python performance.py material.json dicom masks ...

A line is {"work", "by", "seconds"} or {"work", "by", "missing"}. Seconds are processor times, all threads together, after
one run that does not count where a work is done more than once; reading the material is not part of them unless the work
is reading.
"""

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from importlib.metadata import version

warnings.simplefilter("ignore")


def main(path, names):
    with open(path) as file:
        material = json.load(file)
    for name in names:
        works = globals()[name]
        try:
            for work, by, repeats, run in works(material):
                report(work, by, repeats, run)
        except (ImportError, FileNotFoundError) as error:
            missing = {"work": works.__name__, "by": str(getattr(error, "name", None) or error.filename)}
            print(json.dumps({**missing, "missing": str(error)}), flush=True)


def report(work, by, repeats, run):
    if repeats > 1:
        run()
    seconds = []
    for _ in range(repeats):
        start = processor_time()
        run()
        seconds.append(processor_time() - start)
    print(json.dumps({"work": work, "by": by, "seconds": seconds}), flush=True)


def processor_time():
    """Of this process and of the programs that it ran."""
    programs = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + programs.ru_utime + programs.ru_stime


def program(*command):
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout


def named(*packages):
    return " + ".join(f"{name} {version(name)}" for name in packages)


def files_of(folder):
    return [os.path.join(place, name) for place, _, names in sorted(os.walk(folder)) for name in sorted(names)]


def dicom(material):
    import pydicom

    files = files_of(material["headers"])

    def scan():
        for name in files:
            one = pydicom.dcmread(name, stop_before_pixels=True)
            (one.SOPClassUID, one.SOPInstanceUID, one.SeriesInstanceUID, one.StudyInstanceUID, one.PatientID)

    yield f"scan the headers of {len(files)} files", named("pydicom"), 5, scan

    dcmtk = program("dcmdump", "--version").split()[2]
    yield (
        f"scan the headers of {len(files)} files",
        f"DCMTK {dcmtk} (dcmdump)",
        3,
        lambda: program(
            "dcmdump", "-q", "+P", "SOPClassUID", "+P", "SOPInstanceUID", "+P", "SeriesInstanceUID", *files
        ),
    )

    slices = [open(name, "rb").read() for name in material["slices"]]
    names = {
        "PatientName",
        "PatientID",
        "PatientBirthDate",
        "ReferringPhysicianName",
        "InstitutionName",
        "AccessionNumber",
    }

    def clean():
        for body in slices:
            one = pydicom.dcmread(io.BytesIO(body))

            def change(dataset, element):
                if element.keyword in names:
                    element.value = ""
                elif element.VR == "UI" and not str(element.value).startswith("1.2.840.10008."):
                    element.value = pydicom.uid.generate_uid(entropy_srcs=[str(element.value)])
                elif element.tag.is_private:
                    del dataset[element.tag]

            one.walk(change)
            one.save_as(io.BytesIO())

    yield f"de-identify {len(slices)} slices", named("pydicom"), 5, clean


def masks(material):
    from rt_utils import RTStructBuilder

    folder = tempfile.mkdtemp()
    for name in material["slices"]:
        os.symlink(name, os.path.join(folder, os.path.basename(name) + ".dcm"))
    structures = RTStructBuilder.create_from(dicom_series_path=folder, rt_struct_path=material["structureSet"])
    names = structures.get_roi_names()
    yield (
        f"contours of {len(names)} ROIs to masks",
        named("rt-utils"),
        3,
        lambda: [structures.get_roi_mask_by_name(name) for name in names],
    )
    yield f"contours of {len(names)} ROIs to masks", named("scikit-image"), 3, polygons(material)
    plastimatch = program("plastimatch", "--version").split()[-1]
    out = tempfile.mkdtemp()
    yield (
        f"contours of {len(names)} ROIs to masks",
        f"plastimatch {plastimatch} (reading CT, writing NRRD)",
        3,
        lambda: program(
            *("plastimatch", "convert", "--input", material["structureSet"], "--referenced-ct", folder),
            *("--output-prefix", out, "--prefix-format", "nrrd"),
        ),
    )


def polygons(material):
    """Every contour filled on its slice; the parts of a ROI on a slice by exclusive or."""
    import numpy
    import pydicom
    from skimage.draw import polygon

    first = min((pydicom.dcmread(name) for name in material["slices"]), key=lambda one: one.ImagePositionPatient[2])
    origin, (dy, dx) = numpy.array(first.ImagePositionPatient, float), map(float, first.PixelSpacing)
    step = float(first.SliceThickness)
    shape = (len(material["slices"]), first.Rows, first.Columns)
    rois = [
        [numpy.array(contour.ContourData, float).reshape(-1, 3) - origin for contour in roi.ContourSequence]
        for roi in pydicom.dcmread(material["structureSet"]).ROIContourSequence
    ]

    def fill():
        for contours in rois:
            mask = numpy.zeros(shape, bool)
            for points in contours:
                rows, columns = polygon(points[:, 1] / dy, points[:, 0] / dx, shape[1:])
                mask[round(points[0, 2] / step), rows, columns] ^= True

    return fill


def writing(material):
    import numpy
    import pydicom
    from rt_utils import RTStructBuilder

    folder = tempfile.mkdtemp()
    for name in material["slices"]:
        os.symlink(name, os.path.join(folder, os.path.basename(name) + ".dcm"))
    read = RTStructBuilder.create_from(dicom_series_path=folder, rt_struct_path=material["structureSet"])
    found = {name: read.get_roi_mask_by_name(name) for name in read.get_roi_names()}

    def write():
        new = RTStructBuilder.create_new(dicom_series_path=folder)
        for name, mask in found.items():
            new.add_roi(mask=mask, name=name)
        new.save(os.path.join(tempfile.gettempdir(), "performance-rtstruct.dcm"))

    yield f"write an RTSTRUCT of {len(found)} masks", named("rt-utils"), 3, write

    import highdicom

    sources = sorted(
        (pydicom.dcmread(name) for name in material["slices"]), key=lambda one: one.ImagePositionPatient[2]
    )
    code = highdicom.sr.CodedConcept("123037004", "SCT", "Body structure")
    stack = numpy.stack([numpy.moveaxis(mask, 2, 0) for mask in found.values()], axis=-1).astype(numpy.uint8)
    segments = [
        highdicom.seg.SegmentDescription(
            segment_number=number + 1,
            segment_label=name,
            segmented_property_category=code,
            segmented_property_type=code,
            algorithm_type="MANUAL",
        )
        for number, name in enumerate(found)
    ]

    def segment():
        made = highdicom.seg.Segmentation(
            source_images=sources,
            pixel_array=stack,
            segmentation_type="BINARY",
            segment_descriptions=segments,
            series_instance_uid=highdicom.UID(),
            series_number=9,
            sop_instance_uid=highdicom.UID(),
            instance_number=1,
            manufacturer="bench",
            manufacturer_model_name="bench",
            software_versions="1",
            device_serial_number="1",
        )
        made.save_as(io.BytesIO())

    yield f"write a SEG of {len(found)} masks", named("highdicom"), 3, segment


def images(material):
    import numpy
    import SimpleITK as sitk

    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    image = sitk.ReadImage(material["image"])
    size = [int(-(-n * s // 1)) for n, s in zip(image.GetSize(), image.GetSpacing())]
    origin = image.TransformContinuousIndexToPhysicalPoint([0.5 / s - 0.5 for s in image.GetSpacing()])

    def resample():
        sitk.Resample(image, size, sitk.Transform(), sitk.sitkBSpline, origin, [1.0, 1.0, 1.0], image.GetDirection())

    yield "resample to 1 mm by B-splines", named("SimpleITK"), 5, resample
    yield (
        "Laplacian of Gaussian, 3 mm",
        named("SimpleITK"),
        5,
        lambda: sitk.LaplacianRecursiveGaussian(image, 3.0, True),
    )

    import pywt

    array = sitk.GetArrayFromImage(image)
    padded = numpy.pad(array, [(0, n % 2) for n in array.shape], "wrap")
    yield (
        "wavelet coif1, eight bands",
        named("PyWavelets"),
        5,
        lambda: pywt.swtn(padded, "coif1", level=1, axes=(0, 1, 2)),
    )


def features(material):
    import radiomics
    import SimpleITK as sitk
    from radiomics.featureextractor import RadiomicsFeatureExtractor

    radiomics.setVerbosity(60)
    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    image, mask = sitk.ReadImage(material["image"]), sitk.ReadImage(material["mask"])
    for family, params in material["families"].items():
        extractor = RadiomicsFeatureExtractor(params)
        yield f"features: {family}", named("pyradiomics"), 3, lambda: extractor.execute(image, mask, label=1)


def flash_features(material):
    import SimpleITK as sitk

    os.environ["FLASH_RADIOMICS_HDF5_DIR"] = tempfile.mkdtemp()
    from flash_radiomics import RadiomicsFeatureExtractor

    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
    image, mask = sitk.ReadImage(material["image"]), sitk.ReadImage(material["mask"])
    for family, params in material["families"].items():
        extractor = RadiomicsFeatureExtractor(params, backend="cpu", num_threads=1)
        yield f"features: {family}", named("flash-radiomics"), 3, lambda: extractor.execute(image, mask, label=1)


def nyxus_features(material):
    """Nyxus has no bins of a width: it takes the grey levels of the others, from files."""
    import numpy
    import SimpleITK as sitk
    from nyxus import Nyxus3D

    image, mask = sitk.ReadImage(material["image"]), sitk.ReadImage(material["mask"])
    bins = numpy.floor(sitk.GetArrayFromImage(image) / material["families"]["glcm"]["setting"]["binWidth"])
    inside = sitk.GetArrayFromImage(mask) > 0
    levels = numpy.where(inside, bins - bins[inside].min() + 1, 0).astype(numpy.float32)
    files = [os.path.join(tempfile.mkdtemp(), name) for name in ("levels.nii", "mask.nii")]
    for array, name in zip((levels, inside.astype(numpy.uint8)), files):
        written = sitk.GetImageFromArray(array)
        written.CopyInformation(image)
        sitk.WriteImage(written, name)
    for family in ("glcm", "glrlm", "glszm", "gldm", "ngtdm"):
        extractor = Nyxus3D([f"*3D_{family.upper()}*"], n_feature_calc_threads=1, ibsi=True)
        yield (
            f"features: {family}",
            named("nyxus") + " (of grey levels, reading the files)",
            3,
            lambda: extractor.featurize_files(files[:1], files[1:], False),
        )


def pydcm_dvhs(material):
    import pydcm

    rois = [int(item.ROINumber) for item in pydcm.dcmread(material["structureSet"]).StructureSetROISequence]

    def run():
        for number in rois:
            pydcm.dvhcalc(material["structureSet"], material["dose"], number)

    yield f"DVHs of {len(rois)} ROIs", named("pydcm") + " (reads both files for each ROI)", 3, run


def dvhs(material):
    import logging

    import pydicom
    from dicompylercore import dvhcalc

    logging.disable(logging.CRITICAL)
    count = len(pydicom.dcmread(material["structureSet"]).StructureSetROISequence)

    def run():
        structures, dose = pydicom.dcmread(material["structureSet"]), pydicom.dcmread(material["dose"])
        for item in structures.StructureSetROISequence:
            dvhcalc.get_dvh(structures, dose, int(item.ROINumber))

    yield f"DVHs of {count} ROIs", named("dicompyler-core"), 2, run


def tables(material):
    import numpy
    import pyarrow
    import pyarrow.csv
    import pyarrow.parquet

    rows, columns = material["table"]["rows"], material["table"]["columns"]
    random = numpy.random.default_rng(1)
    arrays = {
        "course_id": [f"course-{n // 40}" for n in range(rows)],
        "roi_number": [n % 40 for n in range(rows)],
        **{f"feature_{n}": random.random(rows) for n in range(columns - 2)},
    }
    table = pyarrow.table(arrays)
    pyarrow.set_cpu_count(1)
    size = f"{rows} rows of {columns} columns"
    # Both sides begin with rows, as a pipeline has them. Columns that are ready show the limit.
    records = table.to_pylist()

    def rows_to(write):
        return lambda: write(pyarrow.Table.from_pylist(records), io.BytesIO())

    yield f"Parquet of {size}", named("pyarrow"), 3, rows_to(pyarrow.parquet.write_table)
    yield f"CSV of {size}", named("pyarrow"), 3, rows_to(pyarrow.csv.write_csv)
    ready = f"{named('pyarrow')} from ready columns"
    yield f"Parquet of {size}", ready, 5, lambda: pyarrow.parquet.write_table(table, io.BytesIO())
    yield f"CSV of {size}", ready, 5, lambda: pyarrow.csv.write_csv(table, io.BytesIO())

    import openpyxl

    few = material["table"]["workbookRows"]
    lines = list(zip(*(column.to_pylist() for column in table.slice(0, few).columns)))

    def workbook():
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("features")
        sheet.append(table.column_names)
        for line in lines:
            sheet.append(line)
        book.save(io.BytesIO())

    yield f"workbook of {few} rows of {columns} columns", named("openpyxl"), 2, workbook


def course(material):
    """Masks and features of every ROI, as a script of the field chains the packages; its DVHs are a work of their own."""
    import numpy
    import radiomics
    import SimpleITK as sitk
    from radiomics.featureextractor import RadiomicsFeatureExtractor
    from rt_utils import RTStructBuilder

    radiomics.setVerbosity(60)
    folder = tempfile.mkdtemp()
    for name in material["slices"]:
        os.symlink(name, os.path.join(folder, os.path.basename(name) + ".dcm"))
    params = material["courseParams"]
    # JSON drops the ".0" that PyRadiomics asks for.
    params["imageType"]["LoG"]["sigma"] = [float(sigma) for sigma in params["imageType"]["LoG"]["sigma"]]

    def run():
        image = sitk.ReadImage(sitk.ImageSeriesReader.GetGDCMSeriesFileNames(folder))
        structures = RTStructBuilder.create_from(dicom_series_path=folder, rt_struct_path=material["structureSet"])
        extractor = RadiomicsFeatureExtractor(params)
        for name in material["courseRois"]:
            array = numpy.moveaxis(structures.get_roi_mask_by_name(name), 2, 0).astype(numpy.uint8)
            mask = sitk.GetImageFromArray(array)
            mask.CopyInformation(image)
            extractor.execute(image, mask, label=1)

    yield "the same without robustness", named("pydicom", "rt-utils", "pyradiomics") + " (without DVHs)", 1, run


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
