"""Runs mtclean as a user does, in this process (quick) or in one of its own."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from cleaners import cli

PROGRAM = (sys.executable, "-c", "from cleaners.cli import main; main()")


@dataclass(frozen=True)
class Ran:
    """What one call of the program gave."""

    status: int
    out: bytes
    err: str

    @property
    def text(self) -> str:
        return self.out.decode()

    @property
    def refusal(self) -> str:
        """The one line that a refused call prints, without the program's name."""
        assert self.status == 2, (self.status, self.out, self.err)
        lines = self.err.splitlines()
        assert len(lines) == 1, self.err
        assert lines[0].startswith("mtclean: "), self.err
        return lines[0].removeprefix("mtclean: ")

    @property
    def complaints(self) -> list[str]:
        """The lines about single files, of a call that did the others."""
        assert "Traceback" not in self.err, self.err
        return [line.removeprefix("mtclean: ") for line in self.err.splitlines() if line.startswith("mtclean: ")]


def put(name: str | Path, content: str | bytes) -> Path:
    """Write a file below the current folder, its folders too, byte for byte."""
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def mtclean(*arguments: str | Path, stdin: bytes = b"") -> Ran:
    """Call the program in this process; its streams are bytes, as they are outside."""
    saved = sys.stdin, sys.stdout, sys.stderr
    out, err = io.BytesIO(), io.BytesIO()
    ours = (
        io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8"),
        io.TextIOWrapper(out, encoding="utf-8", write_through=True),
        io.TextIOWrapper(err, encoding="utf-8", errors="backslashreplace", write_through=True),
    )
    sys.stdin, sys.stdout, sys.stderr = ours
    try:
        cli.main([str(argument) for argument in arguments])
    except SystemExit as end:
        status = end.code
    finally:
        sys.stdin, sys.stdout, sys.stderr = saved
    assert isinstance(status, int)
    assert not any(stream.closed for stream in ours), "the program closed a stream that is not its own"
    return Ran(status, out.getvalue(), err.getvalue().decode())


def spawned(*arguments: str | Path, stdin: bytes = b"", timeout: float = 60, **environment: str) -> Ran:
    """Call the program in a process of its own, in the current folder."""
    done = subprocess.run(
        [*PROGRAM, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        timeout=timeout,
        check=False,
        env=os.environ | environment,
    )
    return Ran(done.returncode, done.stdout, done.stderr.decode())


def leftovers(folder: Path) -> list[Path]:
    """Temporary files that a call left below a folder."""
    return [path for path in folder.rglob("*") if path.name.endswith(".tmp")]
