"""What holds of the tests in which a service looks at what it stands on (`doctor`). One function a rule, as in policy.py."""

import json

import yaml

from policy import COMPONENT, deployments, labels, pods, policies_for, ways
from rendering import containers, facts, kind, pod_of


def leaves(name, pod):
    """The rules by which a pod may leave, each as one text."""
    return {yaml.safe_dump(rule) for p in policies_for(name, labels(pod)) for rule in p["spec"].get("egress") or []}


def doctors(name):
    """Each service's own look at what it stands on, with the pods that serve."""
    for who, test, pod in pods(name):
        if "-test-doctor-" in test["metadata"]["name"]:
            service = test["metadata"]["name"].rpartition("-")[2]
            yield who, service, pod, [pod_of(d) for d in deployments(name) if labels(pod_of(d))[COMPONENT] == service]


def tests_reach_what_they_look_at(name):
    """A service's own look goes where any of its roles goes, and nowhere else: but to mail, the scanner, the collector and other services."""
    apart = [(set(row["ports"]), row.get("to")) for to, row in ways(name).items() if to in ("smtp", "scanner", "otlp")]
    for who, _, pod, serving in doctors(name):
        wanted = set().union(*(leaves(name, other) for other in serving))
        for rule in map(yaml.safe_load, sorted(wanted)):
            if "tadamon/serves" in str(rule) or ({entry["port"] for entry in rule["ports"]}, rule.get("to")) in apart:
                wanted.remove(yaml.safe_dump(rule))
        if leaves(name, pod) != wanted:
            yield f"{who}: shut are {sorted(wanted - leaves(name, pod))}, open beside {sorted(leaves(name, pod) - wanted)}"
        if not any(" 5432" in rule for rule in leaves(name, pod)):
            yield f"{who}: the way to Postgres is shut"


def who_looks_at_papers_has_them(name):
    """The roles that look at papers are given the very claim, to read alone, or the bucket; where its disk belongs to one node they are left out."""
    for who, service, pod, serving in doctors(name):
        roles = json.loads(next(v["value"] for v in containers(pod)[0]["env"] if v["name"] == "TADAMON_COMMON__ROLES"))
        using = facts()[service]["uses"].get("papers", [])
        mounts = {m["name"]: m for m in containers(pod)[0]["volumeMounts"]}
        volumes = {v["name"]: v for v in pod["spec"]["volumes"]}
        claims = {v["persistentVolumeClaim"]["claimName"] for p in serving for v in p["spec"]["volumes"] if "persistentVolumeClaim" in v}
        several = any("ReadWriteMany" in c["spec"]["accessModes"] for c in kind(name, "PersistentVolumeClaim") if c["metadata"]["name"] in claims)
        left_out = set(facts()[service]["roles"]) - set(roles)
        if left_out != (set(using) if claims and not several else set()):
            yield f"{who}: plays {roles}"
        given = volumes.get("papers", {}).get("persistentVolumeClaim", {}).get("claimName")
        if given != (next(iter(claims)) if several else None) or ("papers" in mounts and not mounts["papers"].get("readOnly")):
            yield f"{who}: the claim {given}, mounted as {mounts.get('papers')}"


RULES = [tests_reach_what_they_look_at, who_looks_at_papers_has_them]
