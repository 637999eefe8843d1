"""Where the peers live: pip's in .bench-venv, graph-tool and R's sna among the packages of the system."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE.parent / ".bench-venv"
PEER_PYTHON = VENV / "bin/python"
SYSTEM_PYTHON = Path("/usr/bin/python3")  # graph-tool has no package on PyPI
WITHOUT_DEPENDENCIES = ["Python-EasyGraph"]
OF_OURS = {"ours", "numpy pass", "numpy by hand"}
DEBIAN = ["python3-graph-tool", "r-cran-sna"]
INSTALLED = VENV / ".installed"


def python_of(library: str) -> Path:
    """Return the Python that has this library."""
    if library in OF_OURS:
        return Path(sys.executable)
    return SYSTEM_PYTHON if library == "graph-tool" else PEER_PYTHON


def install_peers() -> None:
    """Install what is missing; a peer that cannot be installed is said so in the table, not left out."""
    wanted = (HERE / "peers.txt").read_text()
    if not INSTALLED.exists() or INSTALLED.read_text() != wanted:
        subprocess.run([sys.executable, "-m", "venv", VENV], check=True)
        packages = [line for line in wanted.splitlines() if line and not line.startswith("#")]
        for package in packages:  # one by one: the failure of one must not take the others away
            pip(package)
        for package in WITHOUT_DEPENDENCIES:
            pip("--no-deps", package)
        INSTALLED.write_text(wanted)
    if shutil.which("Rscript") is None or not has_graph_tool():
        install_debian()


def pip(*arguments: str) -> None:
    subprocess.run([PEER_PYTHON, "-m", "pip", "install", "--quiet", *arguments], check=False)


def has_graph_tool() -> bool:
    if not SYSTEM_PYTHON.exists():
        return False
    found = subprocess.run([SYSTEM_PYTHON, "-c", "import graph_tool"], capture_output=True, check=False)
    return found.returncode == 0


def install_debian() -> None:
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        print(f"not installed: {' '.join(DEBIAN)} (needs Debian and root)", flush=True)
        return
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], check=False)
    command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *DEBIAN]
    subprocess.run(command, check=False, env=environment, stdout=subprocess.DEVNULL)
