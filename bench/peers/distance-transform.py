"""Times SciPy and ITK on the shapes of bench/distance-transform.ts."""

import time

import numpy as np
import scipy
import SimpleITK as sitk
from scipy import ndimage

SIZE = (300, 512, 512)
SPACING = (3, 0.977, 0.977)
SHAPES = {"body": (400, 120, 170), "liver": (80, 70, 90), "bladder": (40, 35, 40)}


def ellipsoid(half_axes):
    parts = [((np.arange(n) - n / 2) * s / a) ** 2 for n, s, a in zip(SIZE, SPACING, half_axes)]
    return parts[0][:, None, None] + parts[1][None, :, None] + parts[2][None, None, :] <= 1


def box_of(mask, margin):
    """The box of the mask and its margin: as large as the answer needs."""
    where = [np.flatnonzero(mask.any(axis=tuple({0, 1, 2} - {axis}))) for axis in range(3)]
    pads = [int(np.ceil(margin / s)) + 1 for s in SPACING]
    return tuple(slice(max(w[0] - p, 0), w[-1] + p + 1) for w, p in zip(where, pads))


def timed(what, run):
    start = time.process_time()
    run()
    print(f"  {what:28} {time.process_time() - start:.2f} s")


def itk_margin(mask, margin):
    image = sitk.GetImageFromArray(mask.astype(np.uint8))
    image.SetSpacing(SPACING[::-1])
    distance = sitk.SignedMaurerDistanceMap(image, squaredDistance=False, useImageSpacing=True)
    return distance <= margin


sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(1)
print(f"SciPy {scipy.__version__}, SimpleITK {sitk.Version_VersionString()}, one thread")
for name, half_axes in SHAPES.items():
    whole = ellipsoid(half_axes)
    print(name)
    for margin in (5, 20):
        part = whole[box_of(whole, margin)]
        timed(f"SciPy margin {margin} mm", lambda: ndimage.distance_transform_edt(~part, SPACING) <= margin)
        timed(f"ITK margin {margin} mm", lambda: itk_margin(part, margin))
    timed("SciPy distance, whole image", lambda: ndimage.distance_transform_edt(~whole, SPACING))
