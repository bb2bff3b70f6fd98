"""An import beside what a hospital could use instead, interleaved in one run, each with a card of its own with the same photos.

Run from the project: `python benchmarks/peers.py [photos] [rounds]`; `benchmarks/install.sh` installs the peers, one that is missing is
named. What each promises differs, and the table says it: `rclone move` neither syncs nor reads back, Orthanc does not encrypt. Ours reads
the card twice past the cache, which no peer does; every way finds it in no cache at first, as a card is that was just put in. The first
round is dropped; ratios are medians of the rounds' own.
"""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import kit

PHOTOS = int(sys.argv[1]) if len(sys.argv) > 1 else 60
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 4
ORTHANC_DICOMWEB = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
SAME, MOVE, RESTIC, BORG, STOW, CP = (
    "rclone copy, sync, cryptcheck, delete",
    "rclone move to crypt",
    "restic backup, check --read-data",
    "borg create, check --verify-data",
    "img2dcm, Orthanc STOW-RS",
    "cp + fsync per file",
)
# The least that a release must reach, as a peer's seconds over ours.
BARS = {("t1", SAME): 1.8, ("t1", MOVE): 1.0, ("t1", RESTIC): 2.0, ("t1", BORG): 3.0, ("t2", SAME): 0.6, ("t2", STOW): 0.75}


@dataclass(frozen=True, slots=True)
class Peer:
    """A way to bring a card home. `ready` says whether its programs are here."""

    needs: tuple[str, ...]
    bring: Callable[[Path, Path], None]
    promises: str


def run(*command: str | Path, **environment: str) -> None:
    told = {**os.environ, **environment}
    done = subprocess.run([str(part) for part in command], check=False, capture_output=True, text=True, env=told, timeout=300)
    if done.returncode:
        raise RuntimeError(f"{command[0]}: {done.stderr[-400:]}")


def rclone(folder: Path) -> tuple[dict[str, str], str]:
    """A crypt remote over a folder, made for this round."""
    secret = subprocess.run(["rclone", "obscure", "a password"], check=True, capture_output=True, text=True).stdout.strip()
    told = {"RCLONE_CONFIG": "/dev/null", "RCLONE_CONFIG_SAFE_TYPE": "crypt", "RCLONE_CONFIG_SAFE_REMOTE": str(folder / "crypt")}
    return told | {"RCLONE_CONFIG_SAFE_PASSWORD": secret}, "safe:"


def move(card: Path, folder: Path) -> None:
    told, remote = rclone(folder)
    run("rclone", "move", card, remote, **told)


def same_guarantees(card: Path, folder: Path) -> None:
    told, remote = rclone(folder)
    run("rclone", "copy", card, remote, **told)
    run("sync", "-f", folder / "crypt")
    run("rclone", "cryptcheck", card, remote, **told)
    run("rclone", "delete", card, **told)


def restic(card: Path, folder: Path) -> None:
    told = {"RESTIC_REPOSITORY": str(folder / "restic"), "RESTIC_PASSWORD": "a password", "RESTIC_CACHE_DIR": str(folder / "cache")}
    run("restic", "init", **told)
    run("restic", "backup", card, **told)
    run("restic", "check", "--read-data", **told)


def borg(card: Path, folder: Path) -> None:
    told = {"BORG_REPO": str(folder / "borg"), "BORG_PASSPHRASE": "a password", "BORG_BASE_DIR": str(folder / "base")}
    run("borg", "init", "--encryption=repokey-blake2", **told)
    run("borg", "create", "--compression", "none", "::one", card, **told)
    run("borg", "check", "--verify-data", **told)


def stow(card: Path, folder: Path, address: str) -> None:
    (folder / "dicom").mkdir()
    boundary = "between"
    for path in sorted(card.rglob("*.JPG")):
        made = folder / "dicom" / path.stem
        run("img2dcm", "--no-checks", "-k", "PatientName=Bench", path, made)
        body = b"--between\r\nContent-Type: application/dicom\r\n\r\n" + made.read_bytes() + b"\r\n--between--\r\n"
        headers = {"Content-Type": f'multipart/related; type="application/dicom"; boundary={boundary}', "Accept": "application/dicom+json"}
        answer = httpx.post(f"{address}/dicom-web/studies", content=body, headers=headers, timeout=60, trust_env=False)
        answer.raise_for_status()
        made.unlink()


def plain_copy(card: Path, folder: Path) -> None:
    kit.copy(card, folder / "copied")


@contextmanager
def orthanc(folder: Path) -> Iterator[str]:
    """Orthanc with its DICOMweb plugin on loopback; an empty address where it is not installed."""
    if not (shutil.which("Orthanc") and ORTHANC_DICOMWEB.exists()):
        yield ""
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = {
        "StorageDirectory": str(folder / "storage"),
        "IndexDirectory": str(folder / "storage"),
        "HttpPort": port,
        "DicomServerEnabled": False,
        "AuthenticationEnabled": False,
        "Plugins": [str(ORTHANC_DICOMWEB)],
        "DicomWeb": {"Enable": True},
    }
    folder.mkdir()
    (folder / "orthanc.json").write_text(json.dumps(settings))
    with subprocess.Popen(["Orthanc", str(folder / "orthanc.json")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(f"http://127.0.0.1:{port}/system")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            httpx.get(address, trust_env=False, timeout=5).raise_for_status()
        except httpx.HTTPError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
        else:
            return


def peers(address: str) -> dict[str, Peer]:
    found = {
        CP: Peer((), plain_copy, "synced"),
        MOVE: Peer(("rclone",), move, "encrypted"),
        SAME: Peer(("rclone",), same_guarantees, "encrypted, synced, read back, then deleted"),
        RESTIC: Peer(("restic",), restic, "encrypted, synced, read back"),
        BORG: Peer(("borg",), borg, "encrypted, synced, read back"),
        STOW: Peer(("img2dcm", "Orthanc"), lambda card, folder: stow(card, folder, address), "in the clear"),
    }
    return {name: peer for name, peer in found.items() if all(shutil.which(program) for program in peer.needs)}


def one_round(site: kit.Site, folder: Path, files: list[bytes], there: dict[str, Peer]) -> dict[str, dict[str, float]]:
    """Every peer, then ours, each with the same photos on a card of its own."""
    folder.mkdir()
    kit.fill(folder / "card", files, PHOTOS)
    rows = {}
    for name, peer in there.items():
        mine = folder / "mine"
        subprocess.run(["cp", "-al", str(folder / "card"), str(mine)], check=True)
        (folder / "into").mkdir()
        kit.put_in(mine)
        began, before = time.monotonic(), kit.own_cpu()
        peer.bring(mine, folder / "into")
        rows[name] = {"seconds": time.monotonic() - began, "cpu": kit.own_cpu() - before}
        for used in (mine, folder / "into"):
            shutil.rmtree(used, ignore_errors=True)
        os.sync()
    ours = site.bring(folder / "card")
    shutil.rmtree(folder)
    rows["T1, safe and released"] = {"seconds": ours["t1"], "cpu": ours["cpu_station"] + ours["cpu_server"]}
    rows["T2, all drawn"] = {"seconds": ours["t2"], "cpu": ours["cpu_t2"]}
    return rows


def shown(rounds: list[dict[str, dict[str, float]]], there: dict[str, Peer]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for name in rounds[0]:
        seconds, cpu = (statistics.median(one[name][key] for one in rounds) for key in ("seconds", "cpu"))
        row: dict[str, object] = {"label": name, "value": round(seconds, 2), "CPU ms a photo": round(cpu * 1000 / PHOTOS, 1)}
        rows.append(row | ({"promises": there[name].promises} if name in there else {"promises": "encrypted, synced, read back, recorded"}))
    for clock, ours in (("t1", "T1, safe and released"), ("t2", "T2, all drawn")):
        for name in there:
            ratio = statistics.median(one[name]["seconds"] / one[ours]["seconds"] for one in rounds)
            cheaper = statistics.median(one[name]["cpu"] / one[ours]["cpu"] for one in rounds)
            row = {"label": f"{clock.upper()} against {name}", "value": round(ratio, 2), "unit": "times", "of CPU": round(cheaper, 2)}
            rows.append(row | ({"bar": BARS[clock, name], "better": "high"} if (clock, name) in BARS else {}))
    return rows


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="safelight-bench-") as name:
        folder = Path(name)
        with orthanc(folder / "orthanc") as address, kit.site(folder) as site:
            there = peers(address)
            print("not here:", ", ".join(sorted({CP, MOVE, SAME, RESTIC, BORG, STOW} - there.keys())) or "none")
            files = kit.photographs(PHOTOS)
            rounds: list[dict[str, dict[str, float]]] = []
            for number in range(ROUNDS):
                rounds.append(one_round(site, folder / f"round-{number}", files, there))
                counted = rounds[1:] or rounds  # the first warms up; it stands only where it is all there is
                about = f"{PHOTOS} photos of 24 MP a card, {kit.mean_size(files):.1f} MB each, {len(counted)} rounds, interleaved"
                kit.publish("peers", "seconds", shown(counted, there), about=about)


if __name__ == "__main__":
    main()
