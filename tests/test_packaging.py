"""What gets shipped: the wheel, the pins, and the one place each fact stands in."""

import email
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from email.message import Message
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import cleaners
from cleaners import glossary
from cleaners.core import Document, Rule, splice
from cleaners.guard import Guards

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS: dict[str, list[str]] = PYPROJECT["project"]["optional-dependencies"]
CORE: list[str] = PYPROJECT["project"]["dependencies"]
PIN = re.compile(r"([\w.-]+)==([\w.]+)")
# Everything an installation without extras lacks, by import name.
ABSENT = ("fastapi", "hypothesis", "jsonschema", "numpy", "prefect", "pytest", "sentencex", "torch", "transformers")


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    found = [PIN.fullmatch(line) for line in lines if line and not line.startswith("#")]
    assert all(found), "a constraint is exactly name==version: no URL, no option"
    return {canonicalize_name(match[1]): match[2] for match in found if match}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert built.returncode == 0, built.stderr
    (path,) = folder.glob("*.whl")
    return path


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("installed")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)
    return folder


@pytest.fixture(scope="module")
def metadata(installed: Path) -> Message:
    (path,) = installed.glob("*.dist-info/METADATA")
    return email.message_from_string(path.read_text(encoding="utf-8"))


def run_installed(installed: Path, cwd: Path, code: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run code against the unpacked wheel, far from the checkout and without the extras' packages."""
    blocked = f"import sys; sys.modules.update(dict.fromkeys({ABSENT!r})); "
    command = [sys.executable, "-c", blocked + code]
    env = {"PYTHONPATH": str(installed), "PYTHONUTF8": "1", "PATH": ""}
    return subprocess.run(command, cwd=cwd, env=env, input=stdin, capture_output=True, text=True, encoding="utf-8")


# --- the wheel --------------------------------------------------------------------------------------


def test_wheel_holds_both_packages_the_glossary_and_nothing_else(wheel: Path):
    with zipfile.ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if not name.endswith("/")}
    shipped = {name for name in names if ".dist-info/" not in name}
    sources = {
        path.relative_to(ROOT).as_posix()
        for package in ("cleaners", "flows")
        for path in (ROOT / package).rglob("*.py")
    }
    terms = {f"cleaners/data/glossary/{path.name}" for path in (ROOT / "glossary").iterdir()}
    assert "cleaners/data/glossary/nato.yaml" in terms
    assert sources | terms | {"cleaners/py.typed", "flows/py.typed"} <= shipped
    model = {f"cleaners/rewrite/model/{path.name}" for path in (ROOT / "cleaners/rewrite/model").iterdir()}
    assert "cleaners/rewrite/model/model.safetensors" in model
    assert model | {"cleaners/rewrite/words.txt"} <= shipped
    assert {name.partition("/")[0] for name in shipped} == {"cleaners", "flows"}
    stray = {name for name in shipped if re.search(r"__pycache__|\.pyc$|(^|/)(tests?|seeds|benchmarks|docs)/", name)}
    assert not stray


def test_glossary_in_the_wheel_is_the_one_of_the_checkout(installed: Path):
    for path in (ROOT / "glossary").iterdir():
        assert (installed / "cleaners/data/glossary" / path.name).read_bytes() == path.read_bytes()


def test_wheel_loads_its_own_glossary_and_rules_from_anywhere(installed: Path, tmp_path: Path):
    done = run_installed(
        installed,
        tmp_path,
        "import cleaners; from cleaners import lexicon, resources, rules; "
        "from cleaners.glossary import shipped_glossary; found = shipped_glossary(); "
        "print(cleaners.__file__, resources.glossary_folder(), len(found.entries), "
        "len(rules.all_rules(lexicon.from_glossary(found))), sep='\\n')",
    )
    assert done.returncode == 0, done.stderr
    module, folder, entries, rules = done.stdout.splitlines()
    assert Path(module) == installed / "cleaners/__init__.py"
    assert Path(folder) == installed / "cleaners/data/glossary"
    assert int(entries) > 0
    assert int(rules) == len(list((ROOT / "cleaners/rules").glob("[!_]*.py")))


def test_wheel_checks_and_cleans_without_any_extra(installed: Path, tmp_path: Path):
    raw = "Turnout was 98%of the roll.\n"
    call = "from cleaners.cli import main; main({!r})"
    clean = run_installed(installed, tmp_path, call.format(["clean", "--no-rewrite", "-"]), raw)
    assert (clean.returncode, clean.stdout) == (0, "Turnout was 98% of the roll.\n"), clean.stderr
    check = run_installed(installed, tmp_path, call.format(["check", "-"]), raw)
    assert check.returncode == 1, check.stderr
    assert "SPC105" in check.stdout


def test_run_without_prefect_says_what_to_install(installed: Path, tmp_path: Path):
    done = run_installed(installed, tmp_path, "from cleaners.cli import main; main(['run', 'mtclean.toml'])")
    assert done.returncode == 2
    assert "mtclean[flows]" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_metadata_of_the_wheel(wheel: Path, installed: Path, metadata: Message):
    assert metadata["Name"] == "mtclean"
    assert metadata["Version"] == cleaners.__version__
    assert wheel.name == f"mtclean-{cleaners.__version__}-py3-none-any.whl"
    assert metadata["License-Expression"] == "Apache-2.0"
    assert next(installed.glob("*.dist-info/licenses/LICENSE")).read_bytes() == (ROOT / "LICENSE").read_bytes()
    entry_points = next(installed.glob("*.dist-info/entry_points.txt")).read_text(encoding="utf-8")
    assert entry_points.split() == ["[console_scripts]", "mtclean", "=", "cleaners.cli:main"]


# --- facts that stand in one place ------------------------------------------------------------------


def test_version_has_one_source():
    assert PYPROJECT["project"]["dynamic"] == ["version"]
    assert "version" not in PYPROJECT["project"]
    for package in ("cleaners", "flows"):
        for path in (ROOT / package).rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert ("__version__ =" in text) == (path == ROOT / "cleaners/__init__.py"), path


def test_core_needs_neither_prefect_nor_torch():
    names = {canonicalize_name(Requirement(text).name) for text in CORE}
    assert names.isdisjoint(canonicalize_name(Requirement(text).name) for texts in EXTRAS.values() for text in texts)


@pytest.mark.parametrize("text", [*CORE, *(text for texts in EXTRAS.values() for text in texts)])
def test_every_direct_dependency_is_pinned_and_explained(text: str):
    requirement = Requirement(text)
    pinned = pins().get(canonicalize_name(requirement.name))
    assert pinned, "constraints.txt does not pin it"
    assert requirement.specifier.contains(pinned)
    explained = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    row = re.search(rf"^\| {re.escape(requirement.name)} \|.*$", explained, re.MULTILINE | re.IGNORECASE)
    assert row, "docs/dependencies.md has no row for it"
    assert f"| {pinned} |" in row.group(), "docs/dependencies.md names another pin"


# --- the Makefile -----------------------------------------------------------------------------------


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run make as from a shell, also where these tests run under `make test`."""
    env = {key: value for key, value in os.environ.items() if "MAKE" not in key and key != "MFLAGS"}
    return subprocess.run(["make", "--silent", *arguments], cwd=ROOT, env=env, capture_output=True, text=True)


def test_make_alone_lists_every_target():
    done = make()
    assert done.returncode == 0, done.stderr
    listed = {line.split()[1] for line in done.stdout.splitlines()}
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert phony
    assert listed == set(phony[1].split())


@pytest.mark.parametrize("python", ["no-such-python", "false"])
def test_make_refuses_an_old_python_in_one_line(python: str, tmp_path: Path):
    done = make(f"VENV={tmp_path}/venv", f"PYTHON={python}", "run")
    assert done.returncode == 2
    first, *rest = done.stderr.splitlines()
    assert first.startswith("mtclean needs Python 3.11 or newer")
    assert all(line.startswith("make: ***") for line in rest)
    assert not (tmp_path / "venv").exists()


# --- what CONTRIBUTING.md shows ---------------------------------------------------------------------

GUIDE = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")


def shown(language: str) -> str:
    (block,) = re.findall(rf"^```{language}\n(.*?)^```$", GUIDE, re.MULTILINE | re.DOTALL)
    return block


def test_rule_of_the_guide_works_as_shown():
    module: dict[str, object] = {}
    exec(compile(shown("python"), "CONTRIBUTING.md", "exec"), module)
    rule = module["RULE"]
    assert isinstance(rule, Rule)
    assert f"`cleaners/rules/{rule.code.lower()}_{rule.name.replace('-', '_')}.py`" in GUIDE
    for example in rule.bad:
        document = Document(example.bad)
        findings = list(rule.find(document))
        assert [Guards()(document, finding) for finding in findings] == [None] * len(findings)
        assert splice(example.bad, [(f.start, f.end, f.fix or "") for f in findings]) == example.good
    for text in rule.good:
        assert not list(rule.find(Document(text)))


def test_glossary_entry_of_the_guide_loads(tmp_path: Path):
    path = tmp_path / "terms.yaml"
    path.write_text(shown("yaml"), encoding="utf-8")
    (entry,) = glossary.load([path], shipped=False).entries
    assert len(entry.examples) == 2


def test_guide_lists_the_commands_that_ci_runs():
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert re.findall(r"^step (make .*)$", script, re.MULTILINE) == re.findall(r"^(make \w+)  +#", GUIDE, re.MULTILINE)
