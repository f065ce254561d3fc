"""The wheel carries the rules: installed outside the checkout, it makes a folder and runs."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import zipfile

import pytest

from tests.conftest import ROOT


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    pytest.importorskip("hatchling")
    target = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
         "--no-index", "--wheel-dir", str(target), str(ROOT)],
        check=True, capture_output=True, cwd=target,
    )  # fmt: skip
    return next(target.glob("*.whl"))


def test_the_wheel_holds_rules_and_package_only(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    assert "pipeline/default_rules/countries.csv" in names
    assert "pipeline/default_rules/institutions/india.csv" in names
    assert not any(n.startswith(("tests/", "raw/", "outputs/")) for n in names)


def test_the_installed_wheel_runs_outside_the_checkout(wheel, tmp_path):
    site = tmp_path / "site"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index",
         "--target", str(site), str(wheel)],
        check=True, capture_output=True,
    )  # fmt: skip
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": os.pathsep.join([str(site), sysconfig.get_paths()["purelib"]]),
        "PYTHONSAFEPATH": "1",
    }

    def pactline(*args: str, cwd=tmp_path):
        return subprocess.run(
            [sys.executable, "-m", "pipeline.cli", *args],
            check=True, cwd=cwd, env=environment, capture_output=True, text=True,
        )  # fmt: skip

    where = subprocess.run(
        [sys.executable, "-c", "import pipeline; print(pipeline.__file__)"],
        check=True, cwd=tmp_path, env=environment, capture_output=True, text=True,
    ).stdout  # fmt: skip
    assert str(site) in where
    pactline("init", "project")
    assert "1 documents" in pactline("run", cwd=tmp_path / "project").stdout
    assert "MeitY" in pactline("show", "institutions", cwd=tmp_path / "project").stdout
