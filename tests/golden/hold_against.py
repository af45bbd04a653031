"""Hold this version against another commit: record both, and tell whether the records are the same, or what differs.

python -m tests.golden.hold_against c15d309
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.golden.comparing import changes

HERE: Final = Path(__file__).parent
ROOT: Final = HERE.parents[1]


def recorded(tree: Path, out: Path) -> dict[str, bytes]:
    """Records of a checkout, by name."""
    out.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(tree), "PUCCALC_HOME": str(out / "home")}
    command = [sys.executable, "-m", "tests.golden.recording", str(out)]
    subprocess.run(command, cwd=tree, env=environment, check=True, stdout=subprocess.DEVNULL)
    return {path.stem: path.read_bytes() for path in sorted(out.glob("*.json"))}


def main(commit: str) -> bool:
    """Whether this checkout answers as a commit does, additions apart."""
    with tempfile.TemporaryDirectory() as work:
        tree = Path(work) / "tree"
        subprocess.run(["git", "worktree", "add", "--detach", "--quiet", tree, commit], cwd=ROOT, check=True)
        try:
            (tree / "tests" / "golden").mkdir(exist_ok=True)
            for name in ("recording.py", "questions.py"):
                shutil.copy(HERE / name, tree / "tests" / "golden" / name)
            then, now = recorded(tree, Path(work) / "then"), recorded(ROOT, Path(work) / "now")
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", tree], cwd=ROOT, check=True)
    differences = 0
    for name, record in then.items():
        found = list(changes(json.loads(record), json.loads(now[name])))
        same = "the same to the byte" if now[name] == record else "only additions" if not found else "not the same"
        sys.stdout.write(f"{name}: {len(record)} bytes at {commit}, {len(now[name])} now: {same}\n")
        sys.stdout.writelines(f"  {each}\n" for each in found)
        differences += len(found)
    return not differences


if __name__ == "__main__":
    sys.exit(not main(sys.argv[1]))
