"""What an install and an upgrade refuse by looking at the cluster: secrets that are not there or lack a key, Clusters that would be made anew under
running services. No cluster is asked here: a copy of the chart is told what one would say, in the place of templates/_cluster.tpl; and that file itself
asks a server that answers a few questions as Kubernetes would."""

import json
import shutil
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
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


class Cluster(BaseHTTPRequestHandler):
    """As much of an API server as Helm's `lookup` asks; what is below `there` is found, what is None is forbidden."""

    there = {}

    def do_GET(self):
        path = self.path.partition("?")[0]
        kinds = [{"name": name, "singularName": "", "kind": what, "namespaced": True, "verbs": ["get", "list"]} for name, what in (("secrets", "Secret"), ("configmaps", "ConfigMap"))]
        known = {
            "/version": {"major": "1", "minor": "34", "gitVersion": "v1.34.0"},
            "/api": {"kind": "APIVersions", "versions": ["v1"]},
            "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": []},
            "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": kinds},
            **{f"/api/v1/namespaces/tadamon/{name}": found for name, found in self.there.items()},
        }
        code = 404 if path not in known else 403 if known[path] is None else 200
        failed = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": {403: "Forbidden", 404: "NotFound"}.get(code), "code": code, "message": f"answered {code}"}
        body = json.dumps(known[path] if code == 200 else failed).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def what_the_cluster_has_is_asked_of_it():
    """A namespace that is there, or not; secrets with and without keys; a reader who may not list them."""
    secrets = {"kind": "SecretList", "apiVersion": "v1", "items": [
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, **({"data": {key: "" for key in keys}} if keys else {})}
        for name, keys in (without(named("external-everything"), "tadamon-trust") | {"tadamon-identity": set()}).items()
    ]}
    maps = {f"configmaps/{name}": {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"bank.toml": ""}} for name in ("kube-root-ca.crt", "membership-files-1")}
    for there, words in (
        (maps | {"secrets": secrets}, [
            "it has no secret tadamon-trust:", "its secret tadamon-identity has no key postgres-url, nats-password, amqp-url, redis-url:",
            "it has no ConfigMap benefits-files-1:", "its ConfigMap membership-files-1 has no key banks.toml,", "then install again",
        ]),
        (maps | {"secrets": {**secrets, "items": []}}, ["it has no secret", "tadamon-portal-keys"]),
        (maps | {"secrets": None}, ["tadamon.secretsThere", "answered 403"]),
        # Rendered: what comes next is asked of a larger server.
        ({"secrets": {**secrets, "items": []}}, ["unable to build kubernetes objects"]),
    ):
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Told", (Cluster,), {"there": there}))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        asked = ["--kubeconfig", "/dev/null", "--kube-apiserver", f"http://127.0.0.1:{server.server_port}", "--kube-token", "none", "--dry-run=server"]
        done = helm("install", "tadamon", str(CHART), "--namespace", "tadamon", "--values", str(CHART / "values/external-everything.yaml"), *asked)
        server.shutdown()
        server.server_close()
        for said in words:
            if said not in done.stderr:
                yield f"with {sorted(there)}: it does not say {said!r}: {done.stderr.strip()[-300:]}"
        if "tadamon-benefits has no key" in done.stderr:
            yield f"with {sorted(there)}: it does not see the keys of a secret"


CHECKS = [what_the_cluster_has_is_asked_of_it, secrets_that_are_not_there_are_named_before_anything_changes, files_that_are_not_there_are_named_before_anything_changes, an_upgrade_makes_no_cluster_anew_under_running_services]
