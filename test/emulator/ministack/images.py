"""
Images as folders, where nothing can build or pull one: the files that a Dockerfile of this project copies, laid out as in the
image, with the packages that `npm ci --omit=dev` installs. A file that an image lacks is lacking here too. Node is this
machine's, and the programs of segmentation are not there.
"""

import json
import os
import shutil
import subprocess
import threading
from dataclasses import dataclass, field
from pathlib import Path

WORKDIR = "/app"


@dataclass
class Stage:
    base: str
    #: Sources and the place that they go to, both as the Dockerfile names them; from which stage, or "".
    copies: list[tuple[str, list[str], str]] = field(default_factory=list)
    entry: list[str] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)


def stages_of(dockerfile: str) -> list[tuple[str, Stage]]:
    """The stages in their order, each under its name; the last one is the image."""
    stages: list[tuple[str, Stage]] = []
    for line in dockerfile.splitlines():
        word, _, rest = line.partition(" ")
        if word == "FROM":
            base, _, name = rest.partition(" AS ")
            stages.append((name, Stage(base)))
        elif word == "COPY":
            words = rest.split()
            origin = words.pop(0).removeprefix("--from=") if words[0].startswith("--from=") else ""
            stages[-1][1].copies.append((origin, words[:-1], words[-1]))
        elif word == "ENV":
            stages[-1][1].variables |= dict(one.split("=", 1) for one in rest.split())
        elif word == "ENTRYPOINT":
            stages[-1][1].entry = json.loads(rest)
    return stages


def image_stages(dockerfile: str) -> list[Stage]:
    """The stages that the image is made of, the lowest first."""
    stages = stages_of(dockerfile)
    named = dict(stages)
    chain = [stages[-1][1]]
    while chain[0].base in named:
        chain.insert(0, named[chain[0].base])
    return chain


@dataclass
class Unpacked:
    #: Stands for WORKDIR.
    folder: Path
    #: What the image gives to Node, relative to WORKDIR.
    entry: list[str]
    variables: dict[str, str]


class Images:
    """Unpacks each image once."""

    def __init__(self, root: Path, folder: Path, node: str):
        self.root, self.folder, self.node = root, folder, node
        self.lock = threading.Lock()
        self.unpacked: dict[str, Unpacked] = {}

    def get(self, name: str) -> Unpacked:
        with self.lock:
            if name not in self.unpacked:
                self.unpacked[name] = self.unpack(name)
        return self.unpacked[name]

    def unpack(self, name: str) -> Unpacked:
        place = self.folder / name
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        chain = image_stages((self.root / "containers" / name / "Dockerfile").read_text(encoding="utf-8"))
        for stage in chain:
            for origin, sources, target in stage.copies:
                self.copy(place, origin, sources, target)
        program, *arguments = chain[-1].entry
        if program != "node":
            raise ValueError(f"the image {name} starts {program}: only Node is known here")
        variables = {key: value for stage in chain for key, value in stage.variables.items()}
        return Unpacked(place, [one.removeprefix(f"{WORKDIR}/") for one in arguments], variables)

    def copy(self, place: Path, origin: str, sources: list[str], target: str) -> None:
        if target.startswith("/"):
            return  # Outside of the working folder: Node itself, and lists of packages that were installed with pip.
        if origin == "packages":
            self.install(place / target)
        elif origin == "code":
            self.write_digest(place)
        else:
            for source in sources:
                copy_tree(self.root / source, place / target if len(sources) == 1 else place / target / source)

    def install(self, modules: Path) -> None:
        """The packages that the lock file does not mark as for development."""
        locked = json.loads((self.root / "package-lock.json").read_text(encoding="utf-8"))["packages"]
        for path, package in locked.items():
            source = self.root / path
            if not path.startswith("node_modules/") or package.get("dev") or not source.is_dir():
                continue
            place = modules / Path(path).relative_to("node_modules")
            shutil.copytree(
                source,
                place,
                copy_function=os.link,
                ignore=shutil.ignore_patterns("node_modules"),
                dirs_exist_ok=True,
            )

    def write_digest(self, place: Path) -> None:
        """As the stage `code` computes it: from the code and the lock file, which the image does not hold."""
        digest = subprocess.run(
            [self.node, "lib/code-digest.ts"], cwd=self.root, check=True, capture_output=True, text=True
        )
        (place / "code-digest").write_text(digest.stdout, encoding="utf-8")


def copy_tree(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        shutil.copy(source, target / source.name if target.is_dir() else target)
