"""Features by PyRadiomics with one thread, as JSON on stdout: python radiomics_features.py jobs.json

A job names an image, a mask, parameters and how often to repeat. Times are processor times of this process, reading the
files not included.
"""

import json
import math
import resource
import sys
import time
import warnings

import SimpleITK as sitk

sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
warnings.simplefilter("ignore")

import numpy  # noqa: E402
import pywt  # noqa: E402
import radiomics  # noqa: E402
from radiomics import featureextractor  # noqa: E402

radiomics.setVerbosity(60)


def main(path):
    with open(path) as file:
        jobs = json.load(file)
    versions = {
        "PyRadiomics": radiomics.__version__,
        "NumPy": numpy.__version__,
        "SimpleITK": sitk.Version().VersionString(),
        "PyWavelets": pywt.__version__,
    }
    results = [run(job) for job in jobs]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"versions": versions, "results": results, "peakMiB": peak}))


def run(job):
    image = sitk.ReadImage(job["image"])
    mask = sitk.ReadImage(job["mask"])
    log = job["params"]["imageType"].get("LoG")
    if log is not None:  # JSON drops the ".0" that column names keep
        log["sigma"] = [float(sigma) for sigma in log["sigma"]]
    extractor = featureextractor.RadiomicsFeatureExtractor(job["params"])
    seconds = []
    values = {}
    try:
        for _ in range(job["repeats"]):
            start = time.process_time()
            found = extractor.execute(image, mask)
            seconds.append(time.process_time() - start)
        values = {key: number(value) for key, value in found.items() if not key.startswith("diagnostics")}
        error = None
    except Exception as exception:  # the comparison shows it
        error = str(exception)
    return {"name": job["name"], "values": values, "seconds": seconds, "error": error}


def number(value):
    value = float(value)
    return value if math.isfinite(value) else None


main(sys.argv[1])
