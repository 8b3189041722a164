"""DVHs by dicompyler-core with its defaults, as JSON on stdout: python dvh_dicompyler.py jobs.json

A job names the files of a structure set and a dose. Times are processor times of this process.
"""

import json
import logging
import sys
import time

import numpy
import pydicom
from dicompylercore import dvhcalc

logging.disable(logging.CRITICAL)


def main(path):
    with open(path) as file:
        jobs = json.load(file)
    versions = {"dicompyler-core": package_version("dicompyler-core"), "pydicom": pydicom.__version__}
    results = [run(job) for job in jobs]
    print(json.dumps({"versions": versions, "jobs": results, "process_s": time.process_time()}))


def package_version(name):
    from importlib.metadata import version

    return version(name)


def run(job):
    start = time.process_time()
    structures = pydicom.dcmread(job["structures"], force=True)
    dose = pydicom.dcmread(job["dose"], force=True)
    read = time.process_time() - start
    rois = [measure(structures, dose, item) for item in structures.StructureSetROISequence]
    return {"read_s": read, "rois": rois}


def measure(structures, dose, item):
    start = time.process_time()
    try:
        dvh = dvhcalc.get_dvh(structures, dose, int(item.ROINumber))
        values = metrics(dvh)
    except Exception as error:
        values = {"error": str(error)}
    return {"name": item.ROIName, "seconds": time.process_time() - start, "values": values}


def metrics(dvh):
    if dvh.volume == 0:
        return {"error": "volume 0"}
    values = {"volume": dvh.volume, "Dmin": dvh.min, "Dmax": dvh.max, "Dmean": dvh.mean}
    for name in ("D99", "D95", "D5", "D1", "D0.03cc"):
        values[name] = dvh.statistic(name).value
    return {name: float(numpy.nan_to_num(value)) for name, value in values.items()}


main(sys.argv[1])
