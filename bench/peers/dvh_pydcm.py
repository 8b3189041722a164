"""DVHs by pydcm with its defaults, as JSON on stdout: python dvh_pydcm.py jobs.json

A job names the files of a structure set and a dose. Times are processor times of this process. pydcm reads both files
again for every ROI: it takes no others.
"""

import json
import sys
import time
from importlib.metadata import version

import numpy
import pydcm


def main(path):
    with open(path) as file:
        jobs = json.load(file)
    results = [run(job) for job in jobs]
    versions = {"pydcm": version("pydcm"), "numpy": numpy.__version__}
    print(json.dumps({"versions": versions, "jobs": results, "process_s": time.process_time()}))


def run(job):
    start = time.process_time()
    items = pydcm.dcmread(job["structures"]).StructureSetROISequence
    read = time.process_time() - start
    return {"read_s": read, "rois": [measure(job, item) for item in items]}


def measure(job, item):
    start = time.process_time()
    try:
        values = metrics(pydcm.dvhcalc(job["structures"], job["dose"], int(item.ROINumber)))
    except Exception as error:  # the comparison counts it
        values = {"error": str(error)}
    return {"name": str(item.ROIName), "seconds": time.process_time() - start, "values": values}


def metrics(dvh):
    if not dvh.volume > 0:
        return {"error": "volume 0"}
    values = {"volume": dvh.volume, "Dmin": dvh.min, "Dmax": dvh.max, "Dmean": dvh.mean}
    for name in ("D99", "D95", "D5", "D1", "D0.03cc"):
        values[name] = dvh.statistic(name)
    return {name: float(numpy.nan_to_num(value)) for name, value in values.items()}


main(sys.argv[1])
