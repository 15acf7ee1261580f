"""What docs/cluster.md shows is understood by those that it is for; no cluster is needed here."""

import inspect
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from click import UsageError

from symbiosis.cli import parse
from symbiosis.errors import InputError
from symbiosis.terminal.spoken import Asked

PAGE = (Path(__file__).parents[2] / "docs" / "cluster.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMAND = re.compile(r"^(?:exec )?((?:symbiosis|dask) .*?)(?: & scheduler=\$!)?$", re.MULTILINE)


def blocks(language: str) -> list[str]:
    return [block for kind, block in BLOCK.findall(PAGE) if kind == language]


def documents(kind: str = "") -> dict[str, Any]:
    """The resources of a kind by their names, or all of them."""
    (text,) = blocks("yaml")
    found = [one for one in yaml.safe_load_all(text) if kind in ("", one["kind"])]
    return {one["metadata"]["name"]: one for one in found}


def containers() -> dict[str, Any]:
    """The one container of every pod, by the name of the container."""
    pods = [one["spec"]["template"]["spec"] for one in
            [*documents("Deployment").values(), *documents("Job").values()]]  # fmt: skip
    return {one["name"]: one for pod in pods for one in pod["containers"]}


def shown() -> Iterator[list[str]]:
    """Every command line of symbiosis and dask on the page, as words."""
    for block in blocks("sh") + blocks("bash"):
        for line in COMMAND.findall(block.replace("\\\n", " ")):
            yield shlex.split(line)
    for container in containers().values():
        yield container["args"]


def asked(words: list[str]) -> Any:
    """What the parser of a command makes of its line; a word that it does not know fails."""
    if words[0] == "symbiosis":
        return parse(words[1:], "en")
    from distributed.cli import dask_scheduler, dask_worker

    command = {"scheduler": dask_scheduler.main, "worker": dask_worker.main}[words[1]]
    return command.make_context(words[1], words[2:]).params


def test_every_command_line_is_understood() -> None:
    lines = list(shown())
    for words in lines:
        assert asked(words)
    verbs = [words[1] for words in lines]
    assert {verb: verbs.count(verb) for verb in sorted(set(verbs))} == {
        "batch": 5, "scheduler": 3, "simulate": 1, "worker": 3,
    }  # fmt: skip


def test_an_unknown_word_would_not_pass() -> None:
    with pytest.raises(InputError, match="--no-such-option"):
        asked(["symbiosis", "batch", "sweep.yaml", "-o", "there", "--no-such-option"])
    for more in ("--no-such-option", "no-such-word"):
        with pytest.raises(UsageError, match=more):
            asked(["dask", "worker", "tcp://there:1", more])


def test_every_command_names_a_cluster_and_every_worker_has_one_thread() -> None:
    for words in shown():
        what = asked(words)
        if isinstance(what, Asked):
            assert what.given["cluster"]
        if words[1] == "worker":
            assert what["nthreads"] == 1
            assert what["memory_limit"] == "2GiB" or "127.0.0.1" in str(what["scheduler"])


def test_what_begins_again_by_itself_carries_on() -> None:
    """A job that is requeued or restarted runs the same line again: on its own set."""
    again = [asked(words) for words in shown() if "--resume" in words]
    assert [what.given["resume"] for what in again] == [True, True, True]
    assert "--resume" in containers()["command"]["args"]
    head, _ = blocks("bash")
    assert "--requeue" in head
    assert "--resume" in head


def test_the_scripts_are_shell() -> None:
    if (bash := shutil.which("bash")) is None:
        pytest.skip("needs bash")
    for script in blocks("bash"):
        assert script.startswith("#!/bin/bash\n")
        checked = subprocess.run([bash, "-n"], input=script, text=True, capture_output=True)
        assert (checked.returncode, checked.stderr) == (0, "")


def test_the_head_job_submits_the_script_of_the_workers() -> None:
    head, workers = blocks("bash")
    assert workers.splitlines()[1] == "# workers.sbatch"
    assert 'workers.sbatch "$address"' in head
    assert 'dask worker "$1" ' in workers


def test_workers_leave_before_their_job_ends_and_fit_into_its_memory() -> None:
    """11 h 20 min of 12 h; 8 x 2 GiB of 16 G; 300 jobs of 12 h, 50 at a time, are three days."""
    from dask.utils import parse_bytes, parse_timedelta

    head, script = blocks("bash")
    (worker,) = [asked(words) for words in shown() if "--lifetime" in words]
    wall = parse_timedelta("12h")
    assert "--time=12:00:00" in script
    assert parse_timedelta(worker["lifetime"]) + parse_timedelta(worker["lifetime_stagger"]) < wall
    assert "--mem=16G" in script
    assert int(worker["n_workers"]) * parse_bytes(worker["memory_limit"]) <= parse_bytes("16GiB")
    assert f"--cpus-per-task={worker['n_workers']}" in script
    most, together = re.findall(r"--array=1-(\d+)%(\d+)", script)[0]
    assert "--time=3-00:00:00" in head
    assert int(most) // int(together) * wall == parse_timedelta("3 days")


def test_services_and_deployments_find_their_pods() -> None:
    pods = {
        name: one["spec"]["template"]["metadata"]["labels"]
        for name, one in documents("Deployment").items()
    }
    for name, one in documents("Deployment").items():
        assert one["spec"]["selector"]["matchLabels"] == pods[name]
    (service,) = documents("Service").values()
    assert service["spec"]["selector"] in pods.values()


def test_commands_and_workers_name_the_service_and_its_port() -> None:
    (service,) = documents("Service").values()
    ports = {port["port"] for port in service["spec"]["ports"]}
    found = containers()
    listening = asked(found["scheduler"]["args"])
    assert {port["targetPort"] for port in service["spec"]["ports"]} == {int(listening["port"])}
    addresses = [asked(found["worker"]["args"])["scheduler"],
                 asked(found["command"]["args"]).given["cluster"]]  # fmt: skip
    for address in map(urlsplit, addresses):
        assert address.hostname == service["metadata"]["name"]
        assert address.port in ports


def test_every_pod_runs_the_image_that_the_page_builds_and_may_use_what_dask_is_told() -> None:
    images = {container["image"] for container in containers().values()}
    assert len(images) == 1
    assert f"docker build -t {images.pop()} ." in PAGE
    worker = containers()["worker"]
    limit = worker["resources"]["limits"]["memory"]
    assert f"{limit}B" == asked(worker["args"])["memory_limit"]


def test_the_job_reads_what_the_page_makes() -> None:
    pod = documents("Job")["sweep"]["spec"]["template"]["spec"]
    assert f"kubectl create configmap {pod['volumes'][0]['configMap']['name']} " in PAGE
    (command,) = pod["containers"]
    assert f"kubectl create secret generic {command['envFrom'][0]['secretRef']['name']} " in PAGE
    folder = command["volumeMounts"][0]["mountPath"]
    assert asked(command["args"]).given["names"] == [f"{folder}/sweep.yaml"]


def test_workers_keep_their_numerical_libraries_to_one_thread() -> None:
    from symbiosis.batch.on_worker import BLAS

    assert {one["name"]: one["value"] for one in containers()["worker"]["env"]} == dict.fromkeys(
        BLAS, "1"
    )
    for block in [*blocks("bash")[1:], *(b for b in blocks("sh") if "dask worker" in b)]:
        assert "export " + " ".join(f"{name}=1" for name in BLAS) in block


def test_the_settings_of_dask_are_its_own_with_the_values_that_the_page_says() -> None:
    import dask.config
    import distributed  # noqa: F401 - brings its settings

    assert "`distributed.scheduler.allowed-failures` says (3)" in PAGE
    assert dask.config.get("distributed.scheduler.allowed-failures") == 3
    assert "longer than five minutes" in PAGE
    assert dask.config.get("distributed.scheduler.worker-ttl") == "5 minutes"
    name, value = re.findall(r'`(DASK_\w+)="([^"]+)"`', PAGE)[0]
    with dask.config.set(dask.config.collect_env({name: value})):
        assert dask.config.get("distributed.scheduler.worker-ttl") == "2 hours"


def test_the_local_cluster_takes_what_the_page_gives_it() -> None:
    from distributed import LocalCluster

    given = re.findall(r"`LocalCluster\((.*?)\)`", PAGE)[0]
    names = re.findall(r"(\w+)=", given)
    assert names == ["n_workers", "threads_per_worker", "scheduler_port"]
    assert set(names) <= set(inspect.signature(LocalCluster).parameters)
