"""Runs Helm and reads what it rendered. Knows where things are; judges nothing."""

import re
import subprocess
import tomllib
from functools import lru_cache
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
CHART = ROOT / "helm/tadamon"
HELM = ROOT / ".local/bin/helm"
PROMTOOL = "promtool"
VERSIONS = ["1.34", "1.35", "1.36", "1.37"]
# The rendering that is committed: the least that must be said.
SNAPSHOT_OF = "minimal"


def read(text):
    return [document for document in yaml.load_all(text, Loader=yaml.CSafeLoader) if document]


def value_sets():
    return sorted(path.stem for path in (CHART / "values").glob("*.yaml"))


@lru_cache
def states():
    """States that an installation is in for a while: helm/checks/states, each a change of the set that its first line names."""
    return {path.stem: path.read_text().splitlines()[0].removeprefix("# of ") for path in sorted((ROOT / "helm/checks/states").glob("*.yaml"))}


def set_of(name):
    """The set of values itself, or that of which it is a state."""
    return states().get(name, name)


def all_sets():
    return [*value_sets(), *states()]


@lru_cache
def values(name):
    """What holds in a set or state: the chart's defaults, the set, the state; lists are replaced, as Helm does."""
    files = [CHART / "values.yaml", CHART / f"values/{set_of(name)}.yaml"] + ([ROOT / f"helm/checks/states/{name}.yaml"] if name in states() else [])
    merged = {}
    for file in files:
        merged = over(merged, yaml.safe_load(file.read_text()))
    return merged


def over(below, above):
    return {**below, **{key: over(below[key], value) if isinstance(value, dict) and isinstance(below.get(key), dict) else value for key, value in above.items()}}


def helm(*arguments):
    return subprocess.run([HELM, *arguments], capture_output=True, text=True, cwd=ROOT, check=False)


def template(name, *extra):
    """The rendering of a set of values, as text; raises what Helm said."""
    base = set_of(name)
    own = ["--values", str(ROOT / f"helm/checks/states/{name}.yaml")] if base != name else []
    done = helm("template", "tadamon", str(CHART), "--namespace", "tadamon", "--values", str(CHART / f"values/{base}.yaml"), *own, *extra)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.strip())
    return done.stdout


@lru_cache
def rendered(name):
    return template(name)


@lru_cache
def objects(name):
    return read(rendered(name))


def kind(name, *kinds):
    return [found for found in objects(name) if found["kind"] in kinds]


def title(found):
    return f"{found['kind']} {found['metadata']['name']}"


def pod_of(found):
    """The pod's template (labels and spec) of anything that runs pods, else nothing."""
    match found["kind"]:
        case "Pod":
            return found
        case "Deployment" | "Job" | "StatefulSet" | "DaemonSet":
            return found["spec"]["template"]
        case "CronJob":
            return found["spec"]["jobTemplate"]["spec"]["template"]
    return None


def containers(pod):
    return [*pod["spec"].get("initContainers", []), *pod["spec"]["containers"]]


def selects(selector, labels):
    """Whether matchLabels of a selector fit; expressions are not used by the chart."""
    assert "matchExpressions" not in selector, "this check reads matchLabels only"
    return all(labels.get(key) == value for key, value in selector.get("matchLabels", {}).items())


# --- the services as their own files have them ---------------------------------------------------------------------------------------

@lru_cache
def facts():
    return yaml.safe_load((CHART / "files/services.yaml").read_text())


@lru_cache
def defaults(service):
    return tomllib.loads((ROOT / "services" / service / "config.default.toml").read_text())


@lru_cache
def app(service):
    return (ROOT / "services" / service / "src/app.rs").read_text()


def drain(service):
    return int(re.search(r"const GRACE: Duration = Duration::from_secs\((\d+)\)", app(service))[1])


@lru_cache
def keys(service):
    """The files of a service's row in deploy/keys.md."""
    found = set()
    for line in (ROOT / "deploy/keys.md").read_text().splitlines():
        if not line.startswith("| `"):
            continue
        first = line.split("|")[1]
        for name in re.findall(r"`([^`]+)`", first):
            if name.split(".")[0] != service:
                continue
            if name.endswith(".signing.pem"):
                found.add(name)
            else:
                ring = name.endswith(".data") or name.endswith(".seal")
                found.add(name + (".ring.json" if ring else ".key"))
    return found
