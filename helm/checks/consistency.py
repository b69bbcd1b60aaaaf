"""Compares what the chart says with what it speaks of: the services' code, the key table, the measures, the alerts' pages, the committed copies."""

import json
import re
import tempfile
import tomllib
from pathlib import Path

import yaml

import dashboards
import policy
import reaching
import readme
from rendering import (
    CHART, ROOT, SNAPSHOT_OF, all_sets, app, defaults, drain, facts, helm, keys, kind, pod_of, read, rendered, template, title, value_sets,
)

RULES = CHART / "files/rules/tadamon.yaml"
# What a file of a machine says, in no namespace.
MACHINES = {"tadamon_backup_last_success_timestamp_seconds"}
OTHERS = r"^(up|kube_|container_|kubelet_|cnpg_|barman_cloud_|certmanager_)"


def services_are_what_the_code_says():
    """files/services.yaml: roles, drain, HTTP listener, keys, who is asked, what is used. A seam that a service has is reached by one of its roles."""
    there = {path.name for path in (ROOT / "services").iterdir() if (path / "config.default.toml").exists()}
    if there != set(facts()):
        yield f"services are {sorted(there)}, the table has {sorted(facts())}"
    for service in sorted(there & set(facts())):
        fact, code, settings = facts()[service], app(service), defaults(service)
        roles = sorted({role.lower() for role in re.findall(r"Role::([A-Z]\w+)", code)}) or ["grpc"]
        uses = {
            "nats": sorted(fact["roles"]) if "Bus::connect" in code else [],
            "amqp": ["jobs"] if "run_queue" in code else [],
            "redis": ["grpc"] if "redis" in settings else [],
            "smtp": ["jobs"] if "smtp" in settings else [],
            **{seam: sorted(role for role in roles if seam in reaching.reached(service, role)) for seam in reaching.SEAMS},
        }
        http = next((f"{s}.listen" for s in ("http", "gateway") if s in settings), None)
        expected = {
            "roles": roles,
            "drain": drain(service),
            "database": "migrations" in {path.name for path in (ROOT / "services" / service).iterdir()},
            "http": http,
            # Authorities come from a secret: authoritiesSecret, [common.tls].
            "file": next((key for key, _ in policy.flat(settings) if re.search(r"[._]files?$", key) and not key.endswith("ca_file")), None),
            "keys": sorted(keys(service)),
            "queue": "Kept::EventsAndJobs" in code,
            "calls": sorted(settings.get("peers", {})),
            **uses,
        }
        said = {
            "roles": sorted(fact["roles"]),
            "drain": fact["drain"],
            "database": fact["database"],
            "http": fact.get("http"),
            "file": fact.get("file"),
            "keys": sorted(fact["keys"]),
            "queue": fact.get("queue", False),
            "calls": sorted(fact["calls"]),
            **{to: sorted(fact["uses"].get(to, [])) for to in uses},
        }
        for seam, section in (("scanner", "scanner"), ("papers", "storage")):
            if (section in settings) != bool(expected[seam]):
                yield f"{service}: settings have [{section}], and reaching.py finds {expected[seam] or 'no role'} that goes there: mend what it reads"
        for what, wanted in expected.items():
            if said[what] != wanted:
                yield f"{service}: {what} is {said[what]} in files/services.yaml, the code has {wanted}"


def the_image_is_the_one_that_is_built():
    """User and ports of deploy/image/Dockerfile."""
    dockerfile = ROOT / "deploy/image/Dockerfile"
    if not dockerfile.exists():
        return
    text = dockerfile.read_text()
    user = yaml.safe_load((CHART / "values.yaml").read_text())["pods"]["user"]
    if not re.search(rf"^USER {user}:{user}$", text, re.M):
        yield f"pods.user is {user}, deploy/image/Dockerfile says otherwise"
    exposed = set(re.search(r"^EXPOSE (.*)$", text, re.M)[1].split())
    used = {str(port["containerPort"]) for d in kind(SNAPSHOT_OF, "Deployment") for c in d["spec"]["template"]["spec"]["containers"] for port in c["ports"]}
    if exposed != used:
        yield f"the chart opens {sorted(used)}, deploy/image/Dockerfile {sorted(exposed)}"


def the_values_that_the_page_shows_render():
    """The whole mine.yaml of docs/operations/install.md, which is what whoever installs begins with, and what it says of single services."""
    page = (ROOT / "docs/operations/install.md").read_text()
    shown = re.search(r"```yaml\n(image: .*?)```", page, re.S)
    if not shown:
        yield "docs/operations/install.md shows no whole values"
        return
    # Beside the whole ones: settings and files of single services.
    for part in ["", *re.findall(r"```yaml\n((?:services|monitoring):\n.*?)```", page, re.S)]:
        with tempfile.TemporaryDirectory() as folder:
            whole, more = Path(folder) / "mine.yaml", Path(folder) / "more.yaml"
            whole.write_text(shown[1])
            more.write_text(part)
            done = helm("template", "tadamon", str(CHART), "--values", str(whole), "--values", str(more))
        if done.returncode != 0:
            yield f"{part}{done.stderr.strip()}"


def the_brokers_users_are_those_of_the_local_stack():
    if (CHART / "files/nats-users.conf").read_text() != (ROOT / "deploy/local/nats-users.conf").read_text():
        yield "helm/tadamon/files/nats-users.conf is not deploy/local/nats-users.conf: UPDATE=1 cargo nextest run -p bus users_of_the_broker writes both"


# --- measures, alerts, pages ------------------------------------------------------------------------------------------------------------

def listed():
    """Names of docs/operations/metrics.md, a histogram's parts included."""
    names = set()
    for line in (ROOT / "docs/operations/metrics.md").read_text().splitlines():
        found = re.match(r"\| `(\w+)` \| (\w+) \|", line)
        if found:
            names.add(found[1])
            if found[2] == "histogram":
                names |= {found[1] + end for end in ("_bucket", "_count", "_sum")}
    return names


def asked(expression):
    """Names of measures in an expression of Prometheus."""
    bare = re.sub(r'"[^"]*"', '""', expression)
    bare = re.sub(r"\{[^}]*\}", "{}", bare)
    bare = re.sub(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)", " ", bare)
    bare = re.sub(r"\[[^\]]*\]", " ", bare)
    words = re.findall(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?!\w)(?!\s*\()", bare)
    return {word for word in words if word not in {"and", "or", "unless", "offset", "by", "s", "m", "h", "d"}}


def alerts():
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"] if "alert" in rule]


def measures_that_are_asked_for_exist():
    asked_for = [(rule["alert"], rule["expr"]) for rule in alerts()]
    for path in sorted((CHART / "files/dashboards").glob("*.json")):
        for panel in json.loads(path.read_text())["panels"]:
            asked_for += [(f"{path.name}: {panel['title']}", target["expr"]) for target in panel.get("targets", [])]
    for name in value_sets():
        for scaler in kind(name, "HorizontalPodAutoscaler"):
            asked_for += [(scaler["metadata"]["name"], m["pods"]["metric"]["name"]) for m in scaler["spec"]["metrics"] if m["type"] == "Pods"]
    known = listed()
    for who, expression in asked_for:
        for measure in sorted(asked(expression)):
            if measure not in known and not re.match(OTHERS, measure):
                yield f"{who} asks for {measure}, which docs/operations/metrics.md does not list"


def autoscalers_ask_for_what_their_service_shows():
    """With everything split and scaled: a role whose measure its service does not show would stay at its fewest pods for ever."""
    scaled = ",".join(f"services.{service}.{switch}=true" for service in facts() for switch in ("split", "autoscaling.enabled"))
    shown = {"jobs_oldest_due_age_seconds": "Kept::EventsAndJobs", "subscriber_oldest_age_seconds": "run_subscriber"}
    scalers = [found for found in read(template("large", "--set", f"{scaled},postgres.cloudnativepg.maxConnections=2000")) if found["kind"] == "HorizontalPodAutoscaler"]
    for found in scalers:
        service = found["metadata"]["labels"]["app.kubernetes.io/component"]
        for metric in found["spec"]["metrics"]:
            if metric["type"] == "Pods" and shown[metric["pods"]["metric"]["name"]] not in app(service):
                yield f"{title(found)} asks for {metric['pods']['metric']['name']}, which {service} does not show"
    names = {found["metadata"]["name"] for found in scalers}
    for service, fact in facts().items():
        for role in fact["roles"] if len(fact["roles"]) > 1 else []:
            wanted = role in ("grpc", "subscribers") or role == "jobs" and "Kept::EventsAndJobs" in app(service)
            if (f"tadamon-{service}-{role}" in names) != wanted:
                yield f"{service}: role {role} {'does not scale' if wanted else 'scales'}"


def installations_are_told_apart():
    """Several installations may be read by one Prometheus: each question names the namespace, and no rule adds up what belongs to two."""
    questions = [(rule["alert"], rule["expr"], 'namespace=~".*"') for rule in alerts()]
    for path in sorted((CHART / "files/dashboards").glob("*.json")):
        board = json.loads(path.read_text())
        if "namespace" not in [variable["name"] for variable in board["templating"]["list"]]:
            yield f"{path.name} has no variable namespace"
        questions += [(f"{path.name}: {panel['title']}", target["expr"], 'namespace=~"$namespace"') for panel in board["panels"] for target in panel["targets"]]
    for who, expression, wanted in questions:
        for measure in sorted(asked(expression) - MACHINES):
            for selector in re.findall(rf"\b{measure}\b(\{{[^}}]*\}})?", expression):
                if wanted not in selector:
                    yield f"{who}: {measure}{selector} does not say {wanted}"
    for rule in alerts():
        for labels in re.findall(r"\b(?:by|on) \(([^)]*)\)", rule["expr"]):
            if "namespace" not in labels and not asked(rule["expr"]) & MACHINES:
                yield f"{rule['alert']} adds up or compares by ({labels}), without namespace"
        for named in re.findall(r"[a-z]+(?:\|[a-z]+){3,}", rule["expr"]):
            if set(named.split("|")) != set(facts()):
                yield f"{rule['alert']} names the services {named}"


def every_alert_has_a_page_and_a_test():
    folder = ROOT / "docs/operations/alerts"
    pages = {path.stem for path in folder.glob("*.md")} - {"README"}
    names = {rule["alert"] for rule in alerts()}
    for name in sorted(names - pages):
        yield f"{name} has no page docs/operations/alerts/{name}.md"
    for name in sorted(pages - names):
        yield f"docs/operations/alerts/{name}.md is the page of no alert"
    tests = [test for file in sorted((ROOT / "helm/checks").glob("rules*_test.yaml")) for test in yaml.safe_load(file.read_text())["tests"]]
    fired = {one["alertname"] for test in tests for one in test["alert_rule_test"] if one.get("exp_alerts")}
    # JobsDie and the like also have a case in which they stay silent; that one is for whoever writes the rule.
    for name in sorted(names - fired):
        yield f"{name} fires in no test of helm/checks/rules_test.yaml or rules_days_test.yaml"
    for rule in alerts():
        if not rule["annotations"].get("runbook_url", "").endswith(f"/{rule['alert']}.md"):
            yield f"{rule['alert']}: runbook_url leads elsewhere"
        if rule["labels"].get("severity") not in ("page", "ticket") or not rule["annotations"].get("summary"):
            yield f"{rule['alert']}: a severity (page, ticket) and a summary"
    for page in sorted(pages & names):
        text = (folder / f"{page}.md").read_text()
        for heading in ("## What it means", "## Look", "## Mend"):
            if heading not in text:
                yield f"docs/operations/alerts/{page}.md has no {heading}"


# --- values ----------------------------------------------------------------------------------------------------------------------------------

def nothing_that_has_a_default_may_be_taken_away():
    """values.schema.json asks for each key of values.yaml (null takes a key away), so that no template finds nothing where it looks into something."""
    schema = json.loads((CHART / "values.schema.json").read_text())

    def meant(part):
        while "$ref" in part:
            part = schema["$defs"][part["$ref"].rsplit("/", 1)[1]]
        return part

    def missing(path, values, parts):
        parts = [meant(part) for part in parts]
        known = {key for part in parts for key in part.get("properties", {})}
        asked_for = {key for part in parts for key in part.get("required", [])}
        for key in sorted(set(values) & known):
            if key not in asked_for:
                yield f"{path}{key} may be null: name it in `whole`"
            if isinstance(values[key], dict):
                yield from missing(f"{path}{key}.", values[key], [part["properties"][key] for part in parts if key in part.get("properties", {})])

    yield from missing("", yaml.safe_load((CHART / "values.yaml").read_text()), [schema, *schema.get("allOf", [])])


# --- what the operator adds -------------------------------------------------------------------------------------------------------------------

def every_pod_bears_what_the_operator_adds():
    """Labels and annotations of all pods, and those of a mesh: who lacks them is no part of it. The stranger of the tests is not meant to be."""
    wanted = {"labels": {"team": "x", "istio.io/dataplane-mode": "ambient"}, "annotations": {"owner": "y", "inject": "z"}}
    added = "pods.labels.team=x,pods.annotations.owner=y,mesh.podAnnotations.inject=z,backup.enabled=true"
    for found in read(template("mesh", "--set", added)):
        pod = pod_of(found)
        if not pod:
            continue
        meant = pod["metadata"].get("labels", {}).get("tadamon/test") != "outside"
        for where, what in wanted.items():
            here = pod["metadata"].get(where, {})
            for key, value in what.items():
                ours = key in ("team", "owner")
                if (here.get(key) == value) != (meant or ours):
                    yield f"{title(found)}: {where} {key} is {here.get(key)}"


def proxies_are_believed_alike():
    """Whoever counts by the address of a reader stands behind the same proxies."""
    for found in kind("external-everything", "ConfigMap"):
        service = found["metadata"]["labels"].get("app.kubernetes.io/component")
        if service not in facts() or "settings.toml" not in found["data"]:
            continue
        settings = tomllib.loads(found["data"]["settings.toml"])
        for section, keys_ in defaults(service).items():
            if isinstance(keys_, dict) and "trusted_proxies" in keys_ and settings.get(section, {}).get("trusted_proxies") != 2:
                yield f"{service}: {section}.trusted_proxies is {settings.get(section, {}).get('trusted_proxies')}, trustedProxies is 2"


# --- names -----------------------------------------------------------------------------------------------------------------------------------

def the_longest_name_that_is_taken_fits():
    """With the longest name that the chart does not refuse, every object has a name that is not refused either; one letter more is."""
    for name in all_sets():
        longest = 24 if kind(name, "Cluster") else 31
        for found in read(template(name, "--set", f"fullnameOverride={'x' * longest}")):
            length, most = len(found["metadata"]["name"]), policy.LONGEST.get(found["kind"], 63)
            # A recovery puts a number of two digits into the name of a Cluster.
            if length + (3 if re.search("[a-z]-postgres$", found["metadata"]["name"]) else 0) > most:
                yield f"{name}: {title(found)}: {length} letters, of {most}"


# --- committed copies ------------------------------------------------------------------------------------------------------------------------

def same(path, wanted, how):
    found = path.read_text() if path.exists() else ""
    if found != wanted:
        for number, (left, right) in enumerate(zip(found.splitlines(), wanted.splitlines()), 1):
            if left != right:
                yield f"{path.relative_to(ROOT)} is not what it is made of, from line {number}: {left.strip()!r} is now {right.strip()!r}; {how}"
                return
        yield f"{path.relative_to(ROOT)} is not what it is made of; {how}"


HOW = "look at the difference and commit what `helm/checks/check --write` writes"


def copies():
    yield CHART / "README.md", readme.text()
    yield ROOT / f"helm/snapshots/{SNAPSHOT_OF}.yaml", rendered(SNAPSHOT_OF)
    for name, text in dashboards.texts().items():
        yield CHART / "files/dashboards" / name, text


def copies_are_fresh():
    for path, wanted in copies():
        yield from same(path, wanted, HOW)


CHECKS = [
    services_are_what_the_code_says, the_image_is_the_one_that_is_built, the_values_that_the_page_shows_render, the_brokers_users_are_those_of_the_local_stack,
    measures_that_are_asked_for_exist, autoscalers_ask_for_what_their_service_shows, installations_are_told_apart, the_longest_name_that_is_taken_fits, nothing_that_has_a_default_may_be_taken_away, every_pod_bears_what_the_operator_adds,
    proxies_are_believed_alike, every_alert_has_a_page_and_a_test, copies_are_fresh,
]
