"""Features by MIRP of the images and masks that a job names, as JSON on stdout: robustness_mirp.py job.json.

Grey levels are numbered twice: from the lowest value that a CT has, as the IBSI says, and from the lowest of the region, as
PyRadiomics does.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")
import mirp  # noqa: E402

PREFIXES = ("stat_", "ih_", "cm_", "rlm_", "szm_", "ngt_", "ngl_")
FAMILIES = ["statistics", "ih", "glcm", "glrlm", "glszm", "ngtdm", "ngldm"]

with open(sys.argv[1]) as file:
    job = json.load(file)
found = []
for case in job["cases"]:
    (table,) = mirp.extract_features(
        image=case["image"],
        mask=case["mask"],
        image_modality="ct",
        by_slice=False,
        ibsi_compliant=False,
        base_discretisation_method=["fixed_bin_size", "fixed_bin_size_pyradiomics"],
        base_discretisation_bin_width=float(job["binWidth"]),
        base_feature_families=FAMILIES,
        glcm_spatial_method="3d_average",
        glrlm_spatial_method="3d_average",
    )
    row = table.iloc[0]
    numbers = {name: row[name] for name in table.columns if name.startswith(PREFIXES)}
    found.append({name: float(value) for name, value in numbers.items() if value == value})
print("RESULT" + json.dumps({"features": found}))
