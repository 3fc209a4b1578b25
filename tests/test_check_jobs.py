"""`check --jobs` gives the same findings in the same order as one process does."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from conftest import ROOT

from cleaners import cli, config
from cleaners.errors import MtcleanError


def _check(*arguments):
    return CliRunner().invoke(cli.cli, ["check", "--format", "jsonl", *arguments], standalone_mode=False)


def test_processes_find_what_one_finds():
    one = _check(str(ROOT / "seeds" / "*.txt"), "--jobs", "1")
    two = _check(str(ROOT / "seeds" / "*.txt"), "--jobs", "2")
    assert one.stdout == two.stdout
    assert len(one.stdout.splitlines()) > 100
    assert one.return_value == two.return_value == 1


def test_a_file_that_fails_leaves_the_others_to_be_done(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"He saw the the sea.")
    (tmp_path / "b.txt").write_bytes(b"\x00\x01\x02")
    (tmp_path / "c.txt").write_bytes(b"She saw the the sky.")
    result = _check(str(tmp_path), "--jobs", "2")
    assert result.return_value == 2
    assert [json.loads(line)["path"][-5:] for line in result.stdout.splitlines()] == ["a.txt", "c.txt"]
    assert "b.txt" in result.stderr


def test_rewrite_may_be_a_table_with_known_keys(tmp_path):
    path = tmp_path / "mtclean.toml"
    path.write_text('[rewrite]\nmodel = "here"\nrequired = false\n', encoding="utf-8")
    assert config.load(path).rewrite == {"model": "here", "required": False}
    path.write_text('[rewrite]\nmodle = "here"\n', encoding="utf-8")
    with pytest.raises(MtcleanError, match=r"mtclean\.toml:2: unknown key 'modle'.*model"):
        config.load(path)
