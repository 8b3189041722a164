"""
A root of its own for every job, as its image and its definition promise it: `/app` and the machine's programs can only be read,
`/tmp` is new, what the definition mounts can be written, and the process is the user of the definition with no rights beyond.
It needs `unshare` and `setpriv` of util-linux on a Linux that allows namespaces; without them jobs are plain processes.
"""

import os
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

#: Of the machine: what Node itself needs.
READ_ONLY = ("usr", "etc", "bin", "sbin", "lib", "lib64")
DEVICES = ("dev", "proc")
NODE = "/node"
#: What Node compiled of the image: jobs share it, and start in half the time.
COMPILE_CACHE = "/compile-cache"

#: Of a container that names none.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

#: Makes the root out of <root> <pairs of folder and place: read only> -- <pairs: to be written> -- <command>.
SCRIPT = """
set -e
root=$1; shift
mount --make-rprivate /
mount --bind "$root" "$root"
for one in dev proc; do mount --rbind "/$one" "$root/$one"; done
while [ "$1" != -- ]; do mount --bind "$1" "$root$2"; mount -o remount,bind,ro "$root$2"; shift 2; done; shift
while [ "$1" != -- ]; do mount --bind "$1" "$root$2"; shift 2; done; shift
mount -o remount,bind,ro "$root"
exec chroot "$root" env -C /app "$@"
"""

#: Ends with 0 where a job can write to /tmp alone, as the user.
PROBE = """
import('node:fs').then(({ writeFileSync: put }) => {
  const canPut = (place) => { try { put(place, ''); return true; } catch { return false; } };
  const isRight = canPut('/tmp/one') && !canPut('/app/one') && !canPut('/one') && !canPut('/usr/one');
  process.exit(isRight && process.getuid() === UID ? 0 : 1);
});
"""


@dataclass
class Root:
    """What a job sees of this machine."""

    image: Path
    node: Path
    scratch: Path
    cache: Path
    #: Folder here -> place in the root.
    mounts: dict[str, str] = field(default_factory=dict)


def confined(root: Path, seen: Root, user: str, command: list[str]) -> list[str]:
    """
    The command in a root of its own, as the user.
    @param root: a folder for the places of mounts; jobs may share it
    @param user: of the job definition, `uid` or `uid:gid`
    """
    uid, _, group = user.partition(":")
    gid = group or uid
    machine = [name for name in READ_ONLY if Path("/", name).is_dir() and not Path("/", name).is_symlink()]
    prepare(root, machine, seen)
    read_only = {f"/{name}": f"/{name}" for name in machine} | {str(seen.image): "/app", str(seen.node.parent): NODE}
    written = {str(seen.scratch): "/tmp", str(seen.cache): COMPILE_CACHE, **seen.mounts}
    if os.getuid() == 0:
        for folder in written:
            shutil.chown(folder, int(uid), int(gid))
        namespaces = ["--mount"]
        become = [f"--reuid={uid}", f"--regid={gid}", "--clear-groups"]
    else:
        namespaces = ["--user", f"--map-user={uid}", f"--map-group={gid}", "--keep-caps", "--mount"]
        become = ["--ambient-caps=-all"]
    return [
        *("unshare", *namespaces, "sh", "-c", SCRIPT, "job", str(root)),
        *(word for pair in read_only.items() for word in pair),
        "--",
        *(word for pair in written.items() for word in pair),
        "--",
        *("setpriv", *become, "--no-new-privs", "--inh-caps=-all", "--bounding-set=-all"),
        *command,
    ]


def prepare(root: Path, machine: list[str], seen: Root) -> None:
    """Folders for the mounts, and the links of the machine that lead into them (`/bin` to `/usr/bin`)."""
    places = ["app", "tmp", NODE[1:], COMPILE_CACHE[1:], *DEVICES, *machine]
    for place in [*places, *(target.lstrip("/") for target in seen.mounts.values())]:
        (root / place).mkdir(parents=True, exist_ok=True)
    for name in READ_ONLY:
        link = Path("/", name)
        if link.is_symlink() and not (root / name).is_symlink():
            (root / name).symlink_to(os.readlink(link))


def why_not(root: Path, seen: Root, user: str) -> str:
    """Why jobs cannot be confined here: the last words of a first try that writes where it may and where it may not."""
    program = PROBE.replace("UID", user.partition(":")[0])
    command = confined(root, seen, user, [f"{NODE}/{seen.node.name}", "--eval", program])
    try:
        tried = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": PATH})
    except FileNotFoundError as error:
        return str(error)
    return "" if tried.returncode == 0 else (tried.stderr.strip() or "a job could write to its image").splitlines()[-1]
