"""Intraclass correlations of tables by Pingouin, as JSON on stdout: python robustness_icc.py tables.json

For each table ICC(1,1), ICC(2,1) and ICC(3,1), each with the bounds of its 95 % interval. Pingouin gives the estimates; it
rounds the bounds to two digits, so these are computed from its F values (forms 1 and 3) and from the mean squares (form 2,
Shrout & Fleiss 1979) with SciPy, and held to Pingouin's digits.
"""

import json
import sys

import numpy as np
import pandas as pd
import pingouin
from scipy.stats import f as f_distribution


def main(path):
    with open(path) as file:
        tables = json.load(file)
    print(json.dumps([forms(np.array(table)) for table in tables]))


def forms(table):
    n, k = table.shape
    rows, columns = np.meshgrid(range(n), range(k), indexing="ij")
    long = pd.DataFrame({"target": rows.ravel(), "rater": columns.ravel(), "value": table.ravel()})
    found = pingouin.intraclass_corr(long, targets="target", raters="rater", ratings="value")
    found = found.iloc[:3]
    bounds_column = [name for name in found.columns if name.startswith("CI95")][0]
    exact = bounds(table)
    answer = []
    for (_, row), (low, high) in zip(found.iterrows(), exact):
        assert np.allclose(np.round([low, high], 2), row[bounds_column], atol=0.0051), (low, high, row[bounds_column])
        answer += [row["ICC"], low, high]
    return answer


def bounds(table):
    n, k = table.shape
    grand = table.mean()
    between = k * ((table.mean(axis=1) - grand) ** 2).sum() / (n - 1)
    raters = n * ((table.mean(axis=0) - grand) ** 2).sum() / (k - 1)
    within = ((table - table.mean(axis=1, keepdims=True)) ** 2).sum() / (n * (k - 1))
    error = (within * n * (k - 1) - raters * (k - 1)) / ((n - 1) * (k - 1))
    yield of_ratio(between / within, n - 1, n * (k - 1), k)
    icc2 = (between - error) / (between + (k - 1) * error + k * (raters - error) / n)
    fj = raters / error
    numerator = (k - 1) * (n - 1) * (k * icc2 * fj + n * (1 + (k - 1) * icc2) - k * icc2) ** 2
    denominator = (n - 1) * k**2 * icc2**2 * fj**2 + (n * (1 + (k - 1) * icc2) - k * icc2) ** 2
    v = numerator / denominator
    low, high = f_distribution.ppf(0.975, n - 1, v), f_distribution.ppf(0.975, v, n - 1)
    yield (
        n * (between - low * error) / (low * (k * raters + (k * n - k - n) * error) + n * between),
        n * (high * between - error) / (k * raters + (k * n - k - n) * error + n * high * between),
    )
    yield of_ratio(between / error, n - 1, (n - 1) * (k - 1), k)


def of_ratio(ratio, df1, df2, k):
    low = ratio / f_distribution.ppf(0.975, df1, df2)
    high = ratio * f_distribution.ppf(0.975, df2, df1)
    return (low - 1) / (low + k - 1), (high - 1) / (high + k - 1)


main(sys.argv[1])
