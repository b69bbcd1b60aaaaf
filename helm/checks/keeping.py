"""What holds while databases are put back: nobody runs, new Clusters begin with the backups of those before, databases are told. One function a rule,
as in policy.py."""

import re

from policy import COMPONENT, labels, may_call, pods, policies_for
from rendering import CHART, ROOT, containers, facts, helm, kind, pod_of, states, title

DATABASES = [service for service, fact in facts().items() if fact["database"]]


def is_stopped(name):
    return name in ("stopped", "recovered", "moving", "still")


def while_stopped_nobody_runs(name):
    if not is_stopped(name):
        return
    for found in kind(name, "Deployment"):
        if found["spec"].get("replicas") != 0:
            yield f"{title(found)}: {found['spec'].get('replicas')} replicas"
    for found in kind(name, "HorizontalPodAutoscaler", "PodDisruptionBudget", "Job"):
        yield f"{title(found)} is there"
    for found in kind(name, "CronJob"):
        if found["spec"].get("suspend") is not True:
            yield f"{title(found)} is not suspended"


def jobs_run_unless_they_wait_for_a_hand(name):
    for found in kind(name, "CronJob"):
        by_hand = re.search(r"-(restore|mark)$", found["metadata"]["name"])
        if not is_stopped(name) and bool(by_hand) != bool(found["spec"].get("suspend")):
            yield f"{title(found)}: suspend is {found['spec'].get('suspend')}"


def each_database_has_one_cluster_that_is_asked(name):
    """The secrets that pods name are those that the operator makes of a Cluster that is there, and both doors are open."""
    clusters = {found["metadata"]["name"]: found for found in kind(name, "Cluster")}
    if not clusters:
        return
    if len(clusters) != len(DATABASES):
        yield f"Clusters are {sorted(clusters)}"
    for who, owner, pod in pods(name):
        service = labels(pod).get(COMPONENT)
        given = [v["valueFrom"]["secretKeyRef"] for c in containers(pod) for v in c.get("env", []) if "secretKeyRef" in v.get("valueFrom", {})]
        named = {one["name"] for one in given if one["key"] == "uri"}
        authorities = {
            source["secret"]["name"] for volume in pod["spec"].get("volumes", []) for source in volume.get("projected", {}).get("sources", [])
            if source["secret"]["name"].endswith("-postgres-ca")
        }
        for secret in named | authorities:
            if re.sub(r"-(app|ca)$", "", secret) not in clusters:
                yield f"{who}: no Cluster makes the secret {secret}"
        if {re.sub(r"-app$", "", one) for one in named} != {re.sub(r"-ca$", "", one) for one in authorities}:
            yield f"{who}: URLs of {sorted(named)}, authorities of {sorted(authorities)}"
        # The tests of settings open no connection, and are in no policy but the one that shuts everything.
        if labels(pod).get("tadamon/test") == "settings":
            continue
        for secret in named:
            cluster = re.sub(r"-app$", "", secret)
            server = {"cnpg.io/cluster": cluster}
            if may_call(name, labels(pod), server, 5432) != (True, True):
                yield f"{who} to {cluster}: out and in are {may_call(name, labels(pod), server, 5432)}"
            if service in DATABASES and clusters[cluster]["metadata"]["labels"][COMPONENT] != service:
                yield f"{who}: asks the Cluster of another"


def a_recovery_begins_with_the_backups_of_another_cluster(name):
    """And writes its own elsewhere: a Cluster's place in the store is its name."""
    recovered = 0
    for found in kind(name, "Cluster"):
        spec = found["spec"]
        mine, bootstrap = found["metadata"]["name"], spec["bootstrap"]
        if "recovery" not in bootstrap:
            if "externalClusters" in spec or re.search(r"-[0-9]+-postgres$", mine):
                yield f"{title(found)} begins empty"
            continue
        recovered += 1
        sources = {one["name"]: one["plugin"] for one in spec["externalClusters"]}
        source = sources.get(bootstrap["recovery"]["source"])
        own = next((p for p in spec["plugins"] if source and p["name"] == source["name"]), None)
        if not own:
            yield f"{title(found)}: its source is {source}"
            continue
        if source["parameters"] != {**own["parameters"], "serverName": source["parameters"].get("serverName")}:
            yield f"{title(found)}: reads with {source['parameters']}, writes with {own['parameters']}"
        service = found["metadata"]["labels"][COMPONENT]
        if source["parameters"].get("serverName") == mine or not re.fullmatch(rf"tadamon-{service}(-[0-9]+)?-postgres", source["parameters"].get("serverName", "")):
            yield f"{title(found)}: reads the backups of {source['parameters'].get('serverName')}"
        if (bootstrap["recovery"]["database"], bootstrap["recovery"]["owner"]) != (service, service):
            yield f"{title(found)}: database and owner are not {service}"
        if service != "documents" and bootstrap["recovery"].get("recoveryTarget") != {"targetTime": "2026-11-23T01:30:00Z"}:
            yield f"{title(found)}: goes back to {bootstrap['recovery'].get('recoveryTarget')}"
        if service == "documents" and name == "recovered" and "recoveryTarget" in bootstrap["recovery"]:
            yield f"{title(found)}: does not go to the end"
        if not any(p["spec"]["podSelector"] == {"matchLabels": {"cnpg.io/cluster": source["parameters"]["serverName"]}} for p in kind(name, "NetworkPolicy")):
            yield f"{title(found)}: the Cluster before it is open to everybody"
    if states().get(name) == "large" and recovered != len(DATABASES):
        yield f"{recovered} Clusters are made anew"


def recovered_databases_are_told(name):
    marks = [found for found in kind(name, "CronJob") if found["metadata"]["name"].endswith("-mark")]
    if bool(marks) != (name == "recovered"):
        yield f"{len(marks)} CronJobs that tell"
    clusters = {found["metadata"]["labels"][COMPONENT]: found["metadata"]["name"] for found in kind(name, "Cluster")}
    for found in marks:
        pod = pod_of(found)
        told = {}
        for container in containers(pod):
            service = container["args"][container["args"].index("--service") + 1]
            told[service] = container
            env = {v["name"]: v for v in container["env"]}
            if env.get(f"TADAMON_DATABASE_{service.upper()}", {}).get("valueFrom", {}).get("secretKeyRef", {}).get("name") != f"{clusters[service]}-app":
                yield f"{title(found)}/{container['name']}: another database than {clusters[service]}"
            if container["args"][:4] != ["restore", "mark", "--taken-at", "2026-11-23T01:30:00Z"] or "--numbers-ahead" not in container["args"]:
                yield f"{title(found)}/{container['name']}: {container['args']}"
            if env.get("PGSSLROOTCERT", {}).get("value") != f"/etc/tadamon/tls/{service}.crt":
                yield f"{title(found)}/{container['name']}: believes another authority"
        if sorted(told) != sorted(DATABASES):
            yield f"{title(found)} tells {sorted(told)}"


def libpq_is_given_no_authority_when_none_is_to_be_asked(name):
    """With `require` a file of authorities makes libpq verify all the same, unlike the services."""
    for who, _, pod in pods(name):
        for container in containers(pod):
            env = {v["name"]: v.get("value") for v in container.get("env", [])}
            if labels(pod).get("tadamon/role") == "backup" and "PGSSLMODE" in env and (env.get("PGSSLMODE") == "require") != ("PGSSLROOTCERT" not in env):
                yield f"{who}: PGSSLMODE {env.get('PGSSLMODE')}, PGSSLROOTCERT {env.get('PGSSLROOTCERT')}"


def backups_hold_what_nothing_else_keeps(name):
    """Every external database and the papers; beside Clusters, which have backups of their own, the papers alone and no way to a database."""
    clusters = bool(kind(name, "Cluster"))
    documents = any(found["metadata"]["labels"][COMPONENT] == "documents" for found in kind(name, "Deployment"))
    for found in kind(name, "CronJob"):
        pod = pod_of(found)
        if labels(pod).get("tadamon/role") != "backup":
            continue
        container = containers(pod)[0]
        args, env = container["args"], {v["name"] for v in container.get("env") or []}
        alone = clusters or name == "moving" and found["metadata"]["name"].endswith("-restore")
        named = {args[at + 1] for at, word in enumerate(args) if word == "--service"}
        if named != (set() if alone else set(DATABASES)) or ("--papers-only" in args) != alone:
            yield f"{title(found)}: {args}"
        if {v for v in env if v.startswith("TADAMON_DATABASE_")} != {f"TADAMON_DATABASE_{service.upper()}" for service in named}:
            yield f"{title(found)}: {sorted(env)}"
        disk = any(mount["mountPath"] == "/var/lib/tadamon/documents" for mount in container["volumeMounts"])
        bucket = "TADAMON_STORAGE__S3__BUCKET" in env
        if is_stopped(name) and pod["spec"].get("affinity"):
            yield f"{title(found)}: waits for a pod of documents, and nobody runs"
        if documents and disk == bucket or disk != ("--papers" in args):
            yield f"{title(found)}: papers on a disk {disk}, in a bucket {bucket}"
        out = {port["port"] for p in policies_for(name, labels(pod)) for rule in p["spec"].get("egress") or [] for port in rule["ports"]}
        if (5432 in out) == clusters:
            yield f"{title(found)}: may ask at {sorted(out)}"


def an_operators_pod_reaches_every_service(name):
    """By the addresses and the certificate that it is given."""
    found = kind(name, "StatefulSet")
    if bool(found) != (name in ("after-recovery", "no-verification")):
        yield f"{len(found)} pods of an operator"
    for one in found:
        pod = pod_of(one)
        env = {v["name"]: v["value"] for v in containers(pod)[0]["env"]}
        services = {s["metadata"]["name"]: s for s in kind(name, "Service")}
        tls = any("tls.crt" in str(volume) for volume in pod["spec"]["volumes"])
        encrypted = any("mutual-tls" in str(pod_of(d)["spec"]["volumes"]) for d in kind(name, "Deployment"))
        given = dict(pair.split("=", 1) for pair in env["TADAMON_AT"].split(","))
        given |= {v[8:-4].lower() + " by itself": env[v] for v in env if v.endswith("_URL") and v != "TADAMON_TOKEN_URL"}
        if {service.split(" ")[0] for service in given} != set(DATABASES):
            yield f"{title(one)}: knows {sorted(given)}"
        for service, url in given.items():
            scheme, _, rest = url.partition("://")
            host = rest.removesuffix(":9000")
            if host not in services or not host.endswith(service.split(" ")[0]) or (scheme == "https") != encrypted:
                yield f"{title(one)}: {service} at {url}"
        if (tls, "TADAMON_TLS_KEY" in env) != (encrypted, encrypted):
            yield f"{title(one)}: a certificate {tls}, and {sorted(env)}"
        for answering in kind(name, "Deployment"):
            theirs = labels(pod_of(answering))
            if theirs["tadamon/serves"] == "true" and theirs[COMPONENT] in DATABASES and may_call(name, labels(pod), theirs, 9000) != (True, True):
                yield f"{title(one)} to {title(answering)}: out and in are {may_call(name, labels(pod), theirs, 9000)}"


# A set of values, a change, and what the notes of the release say then, or do not say.
NOTES = [
    ("medium", "backup.enabled=true", {"NOTHING BACKS UP": False, "stopped is true": False}),
    ("medium", "backup.enabled=false", {"NOTHING BACKS UP THE PAPERS": True, "THE DATABASES": False}),
    ("medium", "postgres.cloudnativepg.scheduledBackup.enabled=false", {"NOTHING BACKS UP THE DATABASES": True, "THE PAPERS": False}),
    ("small", "stopped=true", {"NOTHING": False, "stopped is true": True}),
    ("external-everything", "backup.enabled=true", {"from the Ingress to the portal": True, "(port 8080) passwords, cookies": True}),
    ("large", "backup.enabled=true", {"from the Gateway to the portal": True}),
    ("mesh", "backup.enabled=true", {"(port 8080)": False}),
    ("minimal", "backup.enabled=true", {"(port 8080)": False, "is signed, not encrypted": True}),
    ("small", "monitoring.rules.enabled=false", {"nobody is woken": True, "monitoring.rules.runbooks to where": True}),
    ("medium", "backup.enabled=true", {"nobody is woken": False, "docs/operations/alerts/ServiceGone.md once": True}),
    ("small", "backup.enabled=false", {"NOTHING OF THIS CHART BACKS UP DATABASES AND PAPERS": True}),
]


def notes_say_what_nobody_sees_to():
    for name, change, words in NOTES:
        done = helm("install", "tadamon", str(CHART), "--dry-run=client", "--values", str(CHART / f"values/{name}.yaml"), "--set", change)
        notes = done.stdout.partition("NOTES:")[2]
        if not notes:
            yield f"{name} with {change}: {done.stderr.strip()}"
        for said, wanted in words.items():
            if (said in notes) != wanted:
                yield f"{name} with {change}: the notes {'do not say' if wanted else 'say'} {said!r}"


def the_page_names_every_port_that_stays_in_clear_text():
    """With certificates between services: each port of a pod at which none is shown."""
    page = (ROOT / "docs/operations/install.md").read_text().partition("## Calls between services")[2].partition("\n## ")[0]
    for found in kind("large", "Service"):
        for port in found["spec"]["ports"]:
            at = {"admin": 9100, "http": 8080, "grpc": 9000}[port["name"]]
            if port["appProtocol"] == "http" and f"(port {at})" not in page:
                yield f"{title(found)}: docs/operations/install.md does not say that port {at} stays in clear text"


def pages_of_alerts_lead_into_a_cluster():
    """Each leads to the page with the commands, and no page names an object by a rule that does not hold for every release."""
    folder = ROOT / "docs/operations"
    for page in sorted((folder / "alerts").glob("*.md")):
        if "](../from-a-cluster.md)" not in page.read_text():
            yield f"{page.name} does not lead to from-a-cluster.md"
    for page in sorted([*folder.glob("*.md"), *(folder / "alerts").glob("*.md")]):
        text = page.read_text()
        for wrong in (r"deploy/tadamon-", r"<release>-<service>\b(?!-mutual-tls|\.)", r"kubectl debug deploy", r"tadamon dead-letters(?! (list|show|replay))"):
            for found in re.finditer(wrong, text):
                yield f"{page.name}: {text[found.start():found.start() + 50].splitlines()[0]!r}"


CHECKS = [notes_say_what_nobody_sees_to, the_page_names_every_port_that_stays_in_clear_text, pages_of_alerts_lead_into_a_cluster]
RULES = [
    backups_hold_what_nothing_else_keeps, an_operators_pod_reaches_every_service,
    while_stopped_nobody_runs, jobs_run_unless_they_wait_for_a_hand, each_database_has_one_cluster_that_is_asked,
    a_recovery_begins_with_the_backups_of_another_cluster, recovered_databases_are_told, libpq_is_given_no_authority_when_none_is_to_be_asked,
]
