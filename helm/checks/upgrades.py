"""What an install and an upgrade refuse by looking at the cluster: secrets that are not there or lack a key, Clusters that would be made anew under
running services. No cluster is asked here: a copy of the chart is told what one would say, in the place of templates/_cluster.tpl."""

import json
import shutil
import tempfile
from pathlib import Path

from rendering import CHART, containers, helm, kind, pod_of, set_of, states

# What others make: cert-manager, CloudNativePG, Helm.
MADE = {"sh.helm.release.v1.tadamon.v1": {"release"}}


def told(name, secrets, clusters, *arguments, first=False, asked=True, files=None):
    """The rendering of an upgrade, or of a first install, in a namespace that has these, or what Helm said. Not asked: nobody knows of a namespace."""
    files = {"membership-files-1": ["banks.toml"], "benefits-files-1": []} if files is None else files
    with tempfile.TemporaryDirectory() as folder:
        chart = Path(folder) / "tadamon"
        shutil.copytree(CHART, chart)
        said = {
            "tadamon.namespaceThere": "true" if asked else "",
            "tadamon.secretsThere": json.dumps({secret: sorted(keys) for secret, keys in sorted(secrets.items())}),
            "tadamon.filesThere": json.dumps(files),
            "tadamon.clustersThere": json.dumps(sorted(clusters)),
        }
        (chart / "templates/_cluster.tpl").write_text("".join(f'{{{{- define "{what}" -}}}}{words}{{{{- end -}}}}\n' for what, words in said.items()))
        own = ["--values", str(Path(__file__).parent / f"states/{name}.yaml")] if name in states() else []
        values = ["--values", str(CHART / f"values/{set_of(name)}.yaml"), *own]
        done = helm("template", "tadamon", str(chart), "--namespace", "tadamon", *([] if first else ["--is-upgrade"]), *values, *arguments)
    return done.stdout if done.returncode == 0 else done.stderr


def named(name):
    """The secrets that pods of a set name and cannot do without, with the keys that they ask for."""
    found = {}
    for pod in [pod_of(o) for o in kind(name, "Deployment", "StatefulSet")]:
        for volume in pod["spec"]["volumes"]:
            for source in volume.get("projected", {}).get("sources", []):
                if not source["secret"].get("optional"):
                    found.setdefault(source["secret"]["name"], set()).update(item["key"] for item in source["secret"]["items"])
        for container in containers(pod):
            for variable in container["env"]:
                if secret := variable.get("valueFrom", {}).get("secretKeyRef"):
                    found.setdefault(secret["name"], set()).add(secret["key"])
    return found


def without(secrets, *lacking):
    return {secret: keys for secret, keys in secrets.items() if secret not in lacking}


def secrets_that_are_not_there_are_named_before_anything_changes():
    for name in ("external-everything", "no-verification", "large"):
        whole = named(name)
        made = {one for one in whole if one.endswith(("-postgres-app", "-postgres-ca")) or name == "large" and one.endswith("-mutual-tls")}
        for first, there in ((False, MADE | whole), (True, without(whole, *made))):
            if "kind: Deployment" not in (said := told(name, there, [], first=first)):
                yield f"{name}, first {first}: refused with everything there: {said.strip()[-300:]}"
        for lacking in sorted(whole):
            said = told(name, without(MADE | whole, lacking), [])
            refused = f"has no secret {lacking}:" in said and "then upgrade again" in said
            if refused == (lacking in made):
                yield f"{name} without {lacking}: {said.strip()[-200:]}"
        # Each key of each secret, one of all secrets at a time.
        brought = {secret: sorted(keys) for secret, keys in without(whole, *made).items()}
        for at in range(max(map(len, brought.values()))):
            gone = {secret: keys[at] for secret, keys in brought.items() if at < len(keys)}
            said = told(name, MADE | whole | {secret: whole[secret] - {key} for secret, key in gone.items()}, [])
            for secret, key in gone.items():
                if f"its secret {secret} has no key {key}:" not in said:
                    yield f"{name} without {key} in {secret}: {said.strip()[-200:]}"
    two = {"tadamon-trust", "tadamon-benefits-keys"}
    said = told("minimal", without(MADE | named("minimal") | {"tadamon-identity": {"postgres-url"}}, *two), [])
    for words in ("it has no secret tadamon-benefits-keys, tadamon-trust:", "its secret tadamon-identity has no key nats-password, amqp-url, redis-url:"):
        if words not in said:
            yield f"several that are not there: it does not say {words!r}: {said.strip()[-300:]}"
    # The first install: into a namespace with nothing in it, and where no cluster is asked or no namespace is there yet.
    if "tadamon-trust: make each with the keys" not in (said := told("minimal", {}, [], first=True)) or "then install again" not in said:
        yield f"an empty namespace: {said.strip()[-200:]}"
    for free in ({"first": True, "asked": False}, {"asked": False}):
        if "kind: Deployment" not in (said := told("minimal", {}, [], **free)):
            yield f"{free}: refused without a cluster: {said.strip()[-200:]}"
    for free in ("upgrades.checkSettings=false", "stopped=true"):
        for first in (False, True):
            if "kind: Deployment" not in (said := told("minimal", {} if first else MADE, [], "--set", free, first=first)):
                yield f"{free}: refused all the same: {said.strip()[-200:]}"


def files_that_are_not_there_are_named_before_anything_changes():
    whole = MADE | named("external-everything")
    for files, words in (
        ({"benefits-files-1": []}, "it has no ConfigMap membership-files-1: make it with the files that services.membership.settings names"),
        ({"membership-files-1": ["bank.toml"], "benefits-files-1": []}, "its ConfigMap membership-files-1 has no key banks.toml, which"),
    ):
        for first in (False, True):
            if words not in (said := told("external-everything", whole, [], first=first, files=files)):
                yield f"{files}, first {first}: {said.strip()[-300:]}"


def an_upgrade_makes_no_cluster_anew_under_running_services():
    whole = MADE | named("after-recovery")
    old = [f"tadamon-{service}-postgres" for service in ("identity", "membership", "benefits", "documents", "partnerships", "notifications")]
    new = [cluster.replace("-postgres", "-2-postgres") for cluster in old]
    for there, free, refused in ((old, [], True), (new, [], False), (old, ["--set", "stopped=true"], False), (new[1:], [], True)):
        said = told("after-recovery", whole, there, *free)
        if ("would make tadamon-" in said and "set stopped to true" in said) != refused or refused == ("kind: Deployment" in said):
            yield f"with {len(there)} Clusters such as {there[0]} and {free}: {said.strip()[-300:]}"


CHECKS = [secrets_that_are_not_there_are_named_before_anything_changes, files_that_are_not_there_are_named_before_anything_changes, an_upgrade_makes_no_cluster_anew_under_running_services]
