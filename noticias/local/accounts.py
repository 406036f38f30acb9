"""The user that PostgreSQL runs as, and where its files must lie so that this user can reach them.

PostgreSQL refuses to run as root. If root runs the command, the server runs as the user who owns the cluster,
or as `nobody` if root owns it or there is none yet. No user is created.

This account must reach the programs and the cluster. Both may lie in a folder that is closed to it, such as a
clone under /root. The permissions of a folder are never changed for it. Instead, the first of these ways that
works is taken:

1. The account reaches everything as it is.
2. setpriv (util-linux) gives the server one capability: to read what the file permissions forbid.
3. The programs are copied to /var/lib/noticias, and the cluster is made there.
"""

import hashlib
import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

from noticias.local.errors import LocalStackError
from noticias.local.files import ensure_directory
from noticias.local.processes import Account, run_as

SYSTEM_ROOT = Path("/var/lib/noticias")

CLUSTER = "cluster"

# dac_read_search is the smaller power; containers are often given only dac_override.
CAPABILITIES = ("dac_read_search", "dac_override")


@dataclass(frozen=True)
class Residence:
    """What a PostgreSQL server runs with: its account, its programs, the folder that holds its cluster."""

    account: Account
    bin_dir: Path
    folder: Path

    @property
    def cluster(self) -> Path:
        """The data directory (PGDATA)."""
        return self.folder / CLUSTER


def choose_residence(data_dir: Path, bin_dir: Path) -> Residence:
    """Returns what the server of `data_dir` runs with.

    Raises:
        LocalStackError: the cluster belongs to another user, or none of the three ways works.
    """
    folder = find_folder(data_dir)
    if os.geteuid() != 0:
        _refuse_foreign(folder / CLUSTER)
        return Residence(Account(), bin_dir, folder)
    uid, gid = _server_identity(folder / CLUSTER)
    for account in accounts_for(uid, gid):
        if _reaches(account, bin_dir, folder):
            return Residence(account, bin_dir, folder)
    return _move_out(data_dir, bin_dir, Account(uid, gid))


def accounts_for(uid: int, gid: int) -> list[Account]:
    """Returns the ways to run a program as `uid`, least power first; without setpriv there is only one."""
    accounts = [Account(uid, gid)]
    setpriv = shutil.which("setpriv")
    if setpriv:
        # PostgreSQL looks for its own programs with access(2). Without no_setuid_fixup, access(2) ignores
        # capabilities.
        change = (f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--securebits=+no_setuid_fixup")
        accounts += [
            Account(uid, gid, (setpriv, *change, f"--inh-caps=+{name}", f"--ambient-caps=+{name}", "--"))
            for name in CAPABILITIES
        ]
    return accounts


def _server_identity(cluster: Path) -> tuple[int, int]:
    """Returns uid and gid of the cluster's owner, or of `nobody` if root owns it or there is none."""
    if cluster.exists() and cluster.stat().st_uid != 0:
        return cluster.stat().st_uid, cluster.stat().st_gid
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError as error:
        raise LocalStackError(
            "PostgreSQL does not run as root and this system has no account 'nobody'",
            "Run the command as an ordinary user",
        ) from error
    return entry.pw_uid, entry.pw_gid


def _reaches(account: Account, bin_dir: Path, folder: Path) -> bool:
    """Returns whether `account` can run the programs and enter `folder`."""
    script = 'cd "$1" && exec "$2" --version'
    command = ["/bin/sh", "-c", script, "probe", str(folder), str(bin_dir / "postgres")]
    try:
        probe = run_as(account, command)
    except OSError:
        return False
    # If PostgreSQL may not look at its own program, it says so and still ends with 0.
    return probe.returncode == 0 and not probe.stderr


def _refuse_foreign(cluster: Path) -> None:
    try:
        owner = cluster.stat().st_uid
    except FileNotFoundError:
        return
    except PermissionError:
        owner = cluster.parent.stat().st_uid
    if owner != os.geteuid():
        raise LocalStackError(
            f"the database in {cluster} belongs to user {owner}, not to you",
            "Run the command as that user (as root if it is 65534), or set NOTICIAS_HOME to another folder",
        )


def _record(data_dir: Path) -> Path:
    return data_dir / "location"


def find_folder(data_dir: Path) -> Path:
    """Returns the folder that holds the cluster of `data_dir`: `data_dir`, or its folder in SYSTEM_ROOT."""
    record = _record(data_dir)
    return Path(record.read_text(encoding="utf-8").strip()) if record.exists() else data_dir


def _move_out(data_dir: Path, bin_dir: Path, account: Account) -> Residence:
    """Copies the programs to SYSTEM_ROOT, makes the cluster's folder there and records it in `data_dir`."""
    remedy = "Put NOTICIAS_HOME and the virtual environment elsewhere, or run the command as an ordinary user"
    if (data_dir / CLUSTER).exists():
        raise LocalStackError(f"user {account.uid} cannot reach the database in {data_dir}", remedy)
    key = hashlib.sha256(str(data_dir).encode()).hexdigest()[:16]
    residence = Residence(account, _copy_programs(bin_dir), ensure_directory(SYSTEM_ROOT / key, 0o711))
    if not _reaches(account, residence.bin_dir, residence.folder):
        raise LocalStackError(f"user {account.uid} can reach neither {bin_dir} nor {SYSTEM_ROOT}", remedy)
    _record(data_dir).write_text(f"{residence.folder}\n", encoding="utf-8")
    return residence


def _copy_programs(bin_dir: Path) -> Path:
    """Returns the folder of the copied programs; they look for their shared libraries beside the package."""
    package = bin_dir.parent.parent
    mark = (bin_dir / "postgres").stat()
    target = SYSTEM_ROOT / f"programs-{mark.st_size}-{mark.st_mtime_ns}"
    result = target / package.name / bin_dir.parent.name / bin_dir.name
    if target.exists():
        return result
    ensure_directory(SYSTEM_ROOT, 0o711)
    draft = SYSTEM_ROOT / f".{target.name}.{os.getpid()}"
    for source in (bin_dir.parent, package.with_name(f"{package.name}.libs")):
        if source.exists():
            shutil.copytree(source, draft / source.relative_to(package.parent), symlinks=True)
    # A strict umask may have closed the originals; programs and libraries are no secret.
    for path in (draft, *draft.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    draft.rename(target)
    return result
