"""Features by PyRadiomics or flash-radiomics with one thread, as JSON on stdout: python radiomics_features.py jobs.json [flash]

A job names an image, a mask, parameters, how often to repeat, and how many runs before do not count. Times are processor
times of this process, reading the files not included; `process_s` is that of the whole process. flash-radiomics keeps
images it has prepared, so that every run gets an extractor of its own.
"""

import json
import math
import os
import resource
import sys
import tempfile
import time
import warnings
from importlib.metadata import version

import SimpleITK as sitk

sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
warnings.simplefilter("ignore")

if sys.argv[2:] == ["flash"]:
    from flash_radiomics import RadiomicsFeatureExtractor

    PACKAGES = ["flash-radiomics", "numpy", "SimpleITK"]
    os.environ["FLASH_RADIOMICS_HDF5_DIR"] = tempfile.mkdtemp()

    def extractor_of(params):
        return RadiomicsFeatureExtractor(params, backend="cpu", num_threads=1)

else:
    import radiomics
    from radiomics.featureextractor import RadiomicsFeatureExtractor

    radiomics.setVerbosity(60)
    PACKAGES = ["pyradiomics", "numpy", "SimpleITK", "PyWavelets"]
    extractor_of = RadiomicsFeatureExtractor


def main(path):
    with open(path) as file:
        jobs = json.load(file)
    results = [run(job) for job in jobs]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    versions = {name: version(name) for name in PACKAGES}
    process = time.process_time()
    print(json.dumps({"versions": versions, "results": results, "peakMiB": peak, "processS": process}))


def run(job):
    image = sitk.ReadImage(job["image"])
    mask = sitk.ReadImage(job["mask"])
    log = job["params"]["imageType"].get("LoG")
    if log is not None:  # JSON drops the ".0" that column names keep
        log["sigma"] = [float(sigma) for sigma in log["sigma"]]
    seconds = []
    values = {}
    try:
        for _ in range(job["warmUp"] + job["repeats"]):
            start = time.process_time()
            found = extractor_of(job["params"]).execute(image, mask, label=1)
            seconds.append(time.process_time() - start)
        values = {key: number(value) for key, value in found.items() if not key.startswith("diagnostics")}
        error = None
    except Exception as exception:  # the comparison shows it
        error = str(exception)
    return {"name": job["name"], "values": values, "seconds": seconds[job["warmUp"] :], "error": error}


def number(value):
    value = float(value)
    return value if math.isfinite(value) else None


main(sys.argv[1])
