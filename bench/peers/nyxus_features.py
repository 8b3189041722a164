"""Features by Nyxus with one thread, under the names of PyRadiomics, as JSON on stdout: python nyxus_features.py jobs.json

A job names an image of grey levels, a mask, how often to repeat, and how many runs before do not count. Nyxus takes the
levels as they are (`ibsi`). It reads the files itself, so that its times include them.
"""

import json
import math
import resource
import sys
import time
from importlib.metadata import version

from nyxus import Nyxus3D

GLCM = {
    "Autocorrelation": "ACOR",
    "ClusterProminence": "CLUPROM",
    "ClusterShade": "CLUSHADE",
    "ClusterTendency": "CLUTEND",
    "Contrast": "CONTRAST",
    "Correlation": "CORRELATION",
    "DifferenceAverage": "DIFAVE",
    "DifferenceEntropy": "DIFENTRO",
    "DifferenceVariance": "DIFVAR",
    "Id": "ID",
    "Idn": "IDN",
    "Idm": "IDM",
    "Idmn": "IDMN",
    "Imc1": "INFOMEAS1",
    "Imc2": "INFOMEAS2",
    "InverseVariance": "IV",
    "JointAverage": "JAVE",
    "JointEnergy": "ASM",
    "JointEntropy": "JE",
    "MaximumProbability": "JMAX",
    "SumAverage": "SUMAVERAGE",
    "SumEntropy": "SUMENTROPY",
    "SumSquares": "JVAR",
}
GLRLM = {
    "ShortRunEmphasis": "SRE",
    "LongRunEmphasis": "LRE",
    "GrayLevelNonUniformity": "GLN",
    "GrayLevelNonUniformityNormalized": "GLNN",
    "RunLengthNonUniformity": "RLN",
    "RunLengthNonUniformityNormalized": "RLNN",
    "RunPercentage": "RP",
    "GrayLevelVariance": "GLV",
    "RunVariance": "RV",
    "RunEntropy": "RE",
    "LowGrayLevelRunEmphasis": "LGLRE",
    "HighGrayLevelRunEmphasis": "HGLRE",
    "ShortRunLowGrayLevelEmphasis": "SRLGLE",
    "ShortRunHighGrayLevelEmphasis": "SRHGLE",
    "LongRunLowGrayLevelEmphasis": "LRLGLE",
    "LongRunHighGrayLevelEmphasis": "LRHGLE",
}
GLSZM = {
    "SmallAreaEmphasis": "SAE",
    "LargeAreaEmphasis": "LAE",
    "GrayLevelNonUniformity": "GLN",
    "GrayLevelNonUniformityNormalized": "GLNN",
    "SizeZoneNonUniformity": "SZN",
    "SizeZoneNonUniformityNormalized": "SZNN",
    "ZonePercentage": "ZP",
    "GrayLevelVariance": "GLV",
    "ZoneVariance": "ZV",
    "ZoneEntropy": "ZE",
    "LowGrayLevelZoneEmphasis": "LGLZE",
    "HighGrayLevelZoneEmphasis": "HGLZE",
    "SmallAreaLowGrayLevelEmphasis": "SALGLE",
    "SmallAreaHighGrayLevelEmphasis": "SAHGLE",
    "LargeAreaLowGrayLevelEmphasis": "LALGLE",
    "LargeAreaHighGrayLevelEmphasis": "LAHGLE",
}
GLDM = {
    "SmallDependenceEmphasis": "SDE",
    "LargeDependenceEmphasis": "LDE",
    "GrayLevelNonUniformity": "GLN",
    "DependenceNonUniformity": "DN",
    "DependenceNonUniformityNormalized": "DNN",
    "GrayLevelVariance": "GLV",
    "DependenceVariance": "DV",
    "DependenceEntropy": "DE",
    "LowGrayLevelEmphasis": "LGLE",
    "HighGrayLevelEmphasis": "HGLE",
    "SmallDependenceLowGrayLevelEmphasis": "SDLGLE",
    "SmallDependenceHighGrayLevelEmphasis": "SDHGLE",
    "LargeDependenceLowGrayLevelEmphasis": "LDLGLE",
    "LargeDependenceHighGrayLevelEmphasis": "LDHGLE",
}
NGTDM = {name: name.upper() for name in ("Coarseness", "Contrast", "Busyness", "Complexity", "Strength")}
FIRST_ORDER = {
    "Energy": "ENERGY",
    "Entropy": "ENTROPY",
    "InterquartileRange": "INTERQUARTILE_RANGE",
    "Kurtosis": "KURTOSIS",
    "Maximum": "MAX",
    "MeanAbsoluteDeviation": "MEAN_ABSOLUTE_DEVIATION",
    "Mean": "MEAN",
    "Median": "MEDIAN",
    "Minimum": "MIN",
    "10Percentile": "P10",
    "90Percentile": "P90",
    "Range": "RANGE",
    "RobustMeanAbsoluteDeviation": "ROBUST_MEAN_ABSOLUTE_DEVIATION",
    "RootMeanSquared": "ROOT_MEAN_SQUARED",
    "Skewness": "SKEWNESS",
    "Uniformity": "UNIFORMITY",
    "Variance": "VARIANCE_BIASED",
}
SHAPE = {
    "Elongation": "ELONGATION",
    "Flatness": "FLATNESS",
    "MeshVolume": "MESH_VOLUME",
    "Sphericity": "SPHERICITY",
    "SurfaceArea": "AREA",
    "SurfaceVolumeRatio": "AREA_2_VOLUME",
    "VoxelVolume": "VOXEL_VOLUME",
    "MajorAxisLength": "MAJOR_AXIS_LEN",
    "MinorAxisLength": "MINOR_AXIS_LEN",
    "LeastAxisLength": "LEAST_AXIS_LEN",
}

NAMES = {
    **{f"original_glcm_{ours}": f"3GLCM_{theirs}_AVE" for ours, theirs in GLCM.items()},
    **{f"original_glrlm_{ours}": f"3GLRLM_{theirs}_AVE" for ours, theirs in GLRLM.items()},
    **{f"original_glszm_{ours}": f"3GLSZM_{theirs}" for ours, theirs in GLSZM.items()},
    **{f"original_gldm_{ours}": f"3GLDM_{theirs}" for ours, theirs in GLDM.items()},
    **{f"original_ngtdm_{ours}": f"3NGTDM_{theirs}" for ours, theirs in NGTDM.items()},
    **{f"original_firstorder_{ours}": f"3{theirs}" for ours, theirs in FIRST_ORDER.items()},
    **{f"original_shape_{ours}": f"3{theirs}" for ours, theirs in SHAPE.items()},
}


def main(path):
    with open(path) as file:
        jobs = json.load(file)
    results = [run(job) for job in jobs]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    versions = {name: version(name) for name in ("nyxus", "numpy")}
    process = time.process_time()
    print(json.dumps({"versions": versions, "results": results, "peakMiB": peak, "processS": process}))


def run(job):
    extractor = Nyxus3D(sorted(set(NAMES.values())), n_feature_calc_threads=1, ibsi=True)
    seconds = []
    for _ in range(job["warmUp"] + job["repeats"]):
        start = time.process_time()
        found = extractor.featurize_files([job["image"]], [job["mask"]], False)
        seconds.append(time.process_time() - start)
    values = {ours: number(found[theirs].iloc[0]) for ours, theirs in NAMES.items()}
    return {"name": job["name"], "values": values, "seconds": seconds[job["warmUp"] :], "error": None}


def number(value):
    value = float(value)
    return value if math.isfinite(value) else None


main(sys.argv[1])
