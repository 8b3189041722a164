"""All texture features by Pictologics with one thread, as JSON on stdout: python pictologics_textures.py jobs.json

A job names a file of grey levels (int32, i fastest, 0 outside the region), its size and how often to repeat it after runs to
warm up, which are not counted. Times are processor times, of all threads; the array is in row order, Pictologics' fastest.
"""

import json
import os
import sys
import time

os.environ["PICTOLOGICS_NUM_THREADS"] = "1"

import numpy  # noqa: E402
from pictologics.features import calculate_all_texture_features  # noqa: E402


def run(job):
    levels = numpy.fromfile(job["levels"], dtype=numpy.int32).reshape(job["size"], order="F")
    levels = numpy.ascontiguousarray(levels)
    mask = (levels > 0).astype(numpy.uint8)
    seconds = []
    for _ in range(job["warmUp"] + job["repeats"]):
        start = time.process_time()
        found = calculate_all_texture_features(levels, mask, int(levels.max()))
        seconds.append(time.process_time() - start)
    values = {name.split("_")[-1]: float(value) for name, value in found.items()}
    return {"name": job["name"], "values": values, "seconds": seconds[job["warmUp"] :]}


with open(sys.argv[1]) as file:
    print(json.dumps([run(job) for job in json.load(file)]))
