"""Reads DICOM SR files with highdicom as measurement reports (TID 1500), and prints their measurements as JSON.

read_report.py FILE ...: [[file and tracking identifier, scheme, code, unit, value], ...] of all files.
"""

import json
import sys
from pathlib import Path

from highdicom.sr import srread


def main() -> None:
    rows = []
    for path in map(Path, sys.argv[1:]):
        report = srread(path)
        for group in report.content.get_image_measurement_groups():
            for one in group.get_measurements():
                concept = one.name
                rows.append(
                    [
                        f"{path.name} {group.tracking_identifier}",
                        concept.scheme_designator,
                        concept.value,
                        one.unit.value,
                        one.value,
                    ]
                )
    print(json.dumps(rows))


main()
