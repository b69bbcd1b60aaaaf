"""What an upgrade refuses by looking at the cluster: secrets that are not there, Clusters that would be made anew under running services. No cluster is
asked here: a copy of the chart is told what one would say, in the place of templates/_cluster.tpl."""

import json
import shutil
import tempfile
from pathlib import Path

from rendering import CHART, containers, helm, kind, pod_of, set_of, states

# What others make: cert-manager, CloudNativePG, Helm.
MADE = "sh.helm.release.v1.tadamon.v1"


def upgrade(name, secrets, clusters, *arguments):
    """The rendering of an upgrade in a namespace that has these, or what Helm said."""
    with tempfile.TemporaryDirectory() as folder:
        chart = Path(folder) / "tadamon"
        shutil.copytree(CHART, chart)
        said = {"tadamon.secretsThere": secrets, "tadamon.clustersThere": clusters}
        (chart / "templates/_cluster.tpl").write_text("".join(f'{{{{- define "{what}" -}}}}{json.dumps(sorted(names))}{{{{- end -}}}}\n' for what, names in said.items()))
        own = ["--values", str(Path(__file__).parent / f"states/{name}.yaml")] if name in states() else []
        values = ["--values", str(CHART / f"values/{set_of(name)}.yaml"), *own]
        done = helm("template", "tadamon", str(chart), "--namespace", "tadamon", "--is-upgrade", *values, *arguments)
    return done.stdout if done.returncode == 0 else done.stderr


def named(name):
    """The secrets that pods of a set name and cannot do without."""
    found = set()
    for pod in [pod_of(o) for o in kind(name, "Deployment", "StatefulSet")]:
        for volume in pod["spec"]["volumes"]:
            found |= {s["secret"]["name"] for s in volume.get("projected", {}).get("sources", []) if not s["secret"].get("optional")}
        found |= {v["valueFrom"]["secretKeyRef"]["name"] for c in containers(pod) for v in c["env"] if "secretKeyRef" in v.get("valueFrom", {})}
    return found


def an_upgrade_names_the_secrets_that_are_not_there():
    for name in ("external-everything", "no-verification", "large"):
        whole = named(name)
        made = {one for one in whole if one.endswith(("-postgres-app", "-postgres-ca")) or name == "large" and one.endswith("-mutual-tls")}
        if "kind: Deployment" not in (said := upgrade(name, {MADE, *whole}, [])):
            yield f"{name}: refused with everything there: {said.strip()[-300:]}"
        for lacking in sorted(whole):
            said = upgrade(name, {MADE, *whole} - {lacking}, [])
            refused = f"has no secret {lacking}:" in said
            if refused == (lacking in made):
                yield f"{name} without {lacking}: {said.strip()[-200:]}"
    two = {"tadamon-trust", "tadamon-benefits-keys"}
    if "has no secret tadamon-trust, tadamon-benefits-keys:" not in upgrade("minimal", {MADE, *named("minimal")} - two, []):
        yield "two that are not there: both are not named"
    for free in ("upgrades.checkSettings=false", "stopped=true"):
        if "kind: Deployment" not in (said := upgrade("minimal", {MADE}, [], "--set", free)):
            yield f"{free}: refused all the same: {said.strip()[-200:]}"


def an_upgrade_makes_no_cluster_anew_under_running_services():
    whole = {MADE, *named("after-recovery")}
    old = [f"tadamon-{service}-postgres" for service in ("identity", "membership", "benefits", "documents", "partnerships", "notifications")]
    new = [cluster.replace("-postgres", "-2-postgres") for cluster in old]
    for there, free, refused in ((old, [], True), (new, [], False), (old, ["--set", "stopped=true"], False), (new[1:], [], True)):
        said = upgrade("after-recovery", whole, there, *free)
        if ("would make tadamon-" in said and "set stopped to true" in said) != refused or refused == ("kind: Deployment" in said):
            yield f"with {len(there)} Clusters such as {there[0]} and {free}: {said.strip()[-300:]}"


CHECKS = [an_upgrade_names_the_secrets_that_are_not_there, an_upgrade_makes_no_cluster_anew_under_running_services]
