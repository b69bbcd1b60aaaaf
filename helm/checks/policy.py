"""What every rendered object must hold, one function a rule. Each takes the name of a set of values and yields findings; nothing else."""

import re
import tomllib
from itertools import product

from rendering import (
    CHART, containers, defaults, drain, facts, keys, kind, objects, pod_of, selects, set_of, title, values,
)

COMPONENT = "app.kubernetes.io/component"
# How long a name may be: CloudNativePG and Kubernetes make longer ones of these. Others have 63.
LONGEST = {"Cluster": 50, "ScheduledBackup": 50, "CronJob": 52}
# What the restricted profile lets a pod mount, without what stores nothing of ours.
VOLUMES = {"configMap", "secret", "projected", "emptyDir", "persistentVolumeClaim"}


def pods(name):
    for found in objects(name):
        pod = pod_of(found)
        if pod:
            yield title(found), found, pod


def labels(pod):
    return pod["metadata"].get("labels", {})


def deployments(name):
    return kind(name, "Deployment")


# --- every pod: Deployments, Jobs, CronJobs, tests --------------------------------------------------------------------------------------

def pods_run_as_nobody_in_particular(name):
    for who, _, pod in pods(name):
        security = pod["spec"].get("securityContext", {})
        if security.get("runAsNonRoot") is not True or not security.get("runAsUser"):
            yield f"{who}: runAsNonRoot and a runAsUser that is not 0"
        if security.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{who}: seccompProfile RuntimeDefault"


def containers_have_no_power(name):
    for who, _, pod in pods(name):
        for container in containers(pod):
            security = container.get("securityContext", {})
            fits = (
                security.get("allowPrivilegeEscalation") is False
                and security.get("readOnlyRootFilesystem") is True
                and security.get("capabilities") == {"drop": ["ALL"]}
                and not security.get("privileged")
                and security.get("runAsUser", 1) != 0
            )
            if not fits:
                yield f"{who}/{container['name']}: no escalation, a read-only root, all capabilities dropped"


def pods_touch_nothing_of_their_node(name):
    for who, _, pod in pods(name):
        for key in ("hostNetwork", "hostPID", "hostIPC", "shareProcessNamespace"):
            if pod["spec"].get(key):
                yield f"{who}: {key}"
        for volume in pod["spec"].get("volumes", []):
            if not VOLUMES & set(volume) - {"name"}:
                yield f"{who}: volume {volume['name']} is of a kind that the restricted profile refuses"
        for container in containers(pod):
            if any("hostPort" in port for port in container.get("ports", [])):
                yield f"{who}/{container['name']}: hostPort"


def no_token_and_no_links_are_mounted(name):
    for who, _, pod in pods(name):
        if pod["spec"].get("automountServiceAccountToken") is not False:
            yield f"{who}: automountServiceAccountToken must be false"
        if pod["spec"].get("enableServiceLinks") is not False:
            yield f"{who}: enableServiceLinks must be false"


def containers_ask_for_a_measured_share(name):
    for who, _, pod in pods(name):
        for container in containers(pod):
            for side, what in product(("requests", "limits"), ("cpu", "memory")):
                if not container.get("resources", {}).get(side, {}).get(what):
                    yield f"{who}/{container['name']}: {side} of {what}"


def images_have_a_version(name):
    for who, _, pod in pods(name):
        for container in containers(pod):
            image = container["image"]
            tag = image.rsplit("/", 1)[-1].partition(":")[2]
            if "@sha256:" not in image and tag in ("", "latest"):
                yield f"{who}/{container['name']}: {image}"


def secrets_are_named_never_given(name):
    for found in objects(name):
        if found["kind"] == "Secret":
            yield f"{title(found)}: the chart makes no secret"
    for who, _, pod in pods(name):
        for container in containers(pod):
            for variable in container.get("env", []):
                secret = re.search(r"PASSWORD|URL|USERNAME|TOKEN|KEY$", variable["name"])
                # A place is no secret: a mounted file, or an address without a user.
                place = re.fullmatch(r"/etc/tadamon/[a-z./]+|https?://[^@]+", variable.get("value", ""))
                if secret and not place and "secretKeyRef" not in variable.get("valueFrom", {}):
                    yield f"{who}/{container['name']}: {variable['name']} is given, not named"


def only_documents_and_backups_write_and_only_their_folders(name):
    for who, _, pod in pods(name):
        for container in containers(pod):
            for mount in container.get("volumeMounts", []):
                papers = mount["mountPath"] == "/var/lib/tadamon/documents" and labels(pod).get(COMPONENT, "documents") == "documents"
                backups = mount["mountPath"] in ("/var/lib/tadamon/backups", "/var/lib/tadamon/documents") and labels(pod).get("tadamon/role") == "backup"
                if not mount.get("readOnly") and not papers and not backups:
                    yield f"{who}/{container['name']}: {mount['mountPath']} is writable"


def mounts_have_volumes(name):
    for who, _, pod in pods(name):
        volumes = {volume["name"] for volume in pod["spec"].get("volumes", [])}
        used = {mount["name"] for container in containers(pod) for mount in container.get("volumeMounts", [])}
        if volumes != used:
            yield f"{who}: volumes {sorted(volumes)} but mounts {sorted(used)}"


# --- Deployments ------------------------------------------------------------------------------------------------------------------------

def deployments_are_probed_three_ways(name):
    paths = {"startupProbe": "/livez", "livenessProbe": "/livez", "readinessProbe": "/readyz"}
    for found in deployments(name):
        container = pod_of(found)["spec"]["containers"][0]
        for probe, path in paths.items():
            if container.get(probe, {}).get("httpGet", {}).get("path") != path:
                yield f"{title(found)}: {probe} asks {path}"


def pods_end_no_sooner_than_their_calls(name):
    for found in deployments(name):
        spec = pod_of(found)["spec"]
        service = labels(pod_of(found))[COMPONENT]
        pause = spec["containers"][0].get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        needed = pause + drain(service) + 5
        if pause < 1 or spec.get("terminationGracePeriodSeconds", 0) < needed:
            yield f"{title(found)}: a pause before the signal and {needed} s until the end, as services/{service}/src/app.rs drains for {drain(service)} s"


def pods_are_spread(name):
    for found in deployments(name):
        pod = pod_of(found)
        keys_ = {rule["topologyKey"] for rule in pod["spec"].get("topologySpreadConstraints", []) if selects(rule["labelSelector"], labels(pod))}
        if keys_ != {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}:
            yield f"{title(found)}: spread over nodes and zones"


def each_pod_belongs_to_one_deployment(name):
    for found in deployments(name):
        owners = [other["metadata"]["name"] for other in deployments(name) if selects(other["spec"]["selector"], labels(pod_of(found)))]
        if owners != [found["metadata"]["name"]]:
            yield f"{title(found)}: its pods are selected by {owners}"


def what_was_missed_while_nobody_ran_is_not_made_up_for(name):
    """A CronJob that is not suspended any more starts what it missed at once, beside whatever the upgrade starts: unless it is too late for it."""
    for found in kind(name, "CronJob"):
        latest = 6 * 3600 if found["metadata"]["name"].endswith("-months") else 600
        # The controller looks every ten seconds: with less a run may never start.
        if not 60 <= found["spec"].get("startingDeadlineSeconds", 0) <= latest:
            yield f"{title(found)}: startingDeadlineSeconds is {found['spec'].get('startingDeadlineSeconds')}, of 60 to {latest}"


def replicas(name, found):
    for scaler in kind(name, "HorizontalPodAutoscaler"):
        if scaler["spec"]["scaleTargetRef"]["name"] == found["metadata"]["name"]:
            return scaler["spec"]["minReplicas"]
    return found["spec"]["replicas"]


def two_pods_have_a_budget_and_one_has_none(name):
    for found in deployments(name):
        budgets = [b for b in kind(name, "PodDisruptionBudget") if selects(b["spec"]["selector"], labels(pod_of(found)))]
        wanted = 1 if replicas(name, found) >= 2 else 0
        if len(budgets) != wanted:
            yield f"{title(found)}: {len(budgets)} budgets for {replicas(name, found)} pods"


def autoscalers_have_a_target_without_replicas(name):
    by_name = {found["metadata"]["name"]: found for found in deployments(name)}
    for scaler in kind(name, "HorizontalPodAutoscaler"):
        target = by_name.get(scaler["spec"]["scaleTargetRef"]["name"])
        if target is None or "replicas" in target["spec"]:
            yield f"{title(scaler)}: a Deployment without replicas of its own"
        elif scaler["spec"]["metrics"][0]["type"] == "ContainerResource":
            wanted = scaler["spec"]["metrics"][0]["containerResource"]["container"]
            if wanted not in {container["name"] for container in containers(pod_of(target))}:
                yield f"{title(scaler)}: no container {wanted}"


def every_role_runs_once(name):
    for service, fact in facts().items():
        played = []
        for found in deployments(name):
            if labels(pod_of(found))[COMPONENT] == service:
                variables = {v["name"]: v.get("value") for v in containers(pod_of(found))[-1]["env"]}
                played += tomllib.loads(f"roles = {variables['TADAMON_COMMON__ROLES']}")["roles"]
        if sorted(played) != sorted(fact["roles"]):
            yield f"{service}: Deployments play {sorted(played)}, it has {sorted(fact['roles'])}"


# --- settings, keys, secrets --------------------------------------------------------------------------------------------------------------

def flat(table, prefix=""):
    for key, value in table.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value


def settings_exist_in_the_service(name):
    for found in kind(name, "ConfigMap"):
        if "settings.toml" not in found["data"]:
            continue
        service = found["metadata"]["labels"][COMPONENT]
        known = dict(flat(defaults(service)))
        for key, value in flat(tomllib.loads(found["data"]["settings.toml"])):
            # Tables that an installation fills by names of its own.
            if key.startswith("oauth.clients."):
                continue
            # What has a default inside the code need not stand in the file.
            if key not in known and key not in ("common.nats.prefix", "common.amqp.prefix"):
                yield f"{title(found)}: {service} has no setting {key}"
            elif key in known and type(value) is not type(known[key]):
                yield f"{title(found)}: {key} is {type(value).__name__}, {service} wants {type(known[key]).__name__}"


def variables_exist_in_the_service(name):
    for found in deployments(name):
        service = labels(pod_of(found))[COMPONENT]
        known = dict(flat(defaults(service)))
        for container in containers(pod_of(found)):
            for variable in container.get("env", []):
                if not variable["name"].startswith("TADAMON_"):
                    continue
                key = variable["name"].removeprefix("TADAMON_").lower().replace("__", ".")
                if key not in known:
                    yield f"{title(found)}: {service} has no setting {key}"


def services_get_the_keys_of_their_row_and_no_others(name):
    for found in deployments(name):
        service = labels(pod_of(found))[COMPONENT]
        volume = next(v for v in pod_of(found)["spec"]["volumes"] if v["name"] == "keys")
        files = {item["path"] for source in volume["projected"]["sources"] for item in source["secret"]["items"]}
        wanted = keys(service) | {"trust.json"}
        if files != wanted:
            yield f"{title(found)}: keys {sorted(files)}, deploy/keys.md gives {sorted(wanted)}"


def files_that_settings_name_are_there_to_be_read(name):
    """By everybody who is given the settings, who migrates and who judges them too: the file is read with them."""
    texts = {c["metadata"]["name"]: c["data"]["settings.toml"] for c in kind(name, "ConfigMap") if "settings.toml" in c["data"]}
    given = {service: own["files"] for service, own in values(name)["services"].items()}
    for who, _, pod in pods(name):
        volumes = {volume["name"]: volume.get("configMap", {}).get("name") for volume in pod["spec"].get("volumes", [])}
        named = any("/etc/tadamon/files" in str(value) for _, value in flat(tomllib.loads(texts.get(volumes.get("settings"), ""))))
        for container in containers(pod):
            mounts = {m["mountPath"]: m for m in container.get("volumeMounts", [])}
            mine = volumes.get(mounts.get("/etc/tadamon/files", {}).get("name"))
            service = re.search(rf"-({'|'.join(facts())})(-migrate|-check)?$", volumes.get("settings") or "")
            if mine != (given[service[1]] if named else None) or named and not mounts["/etc/tadamon/files"].get("readOnly"):
                yield f"{who}/{container['name']}: settings {'name' if named else 'do not name'} files, and it reads those of {mine}"


def what_is_named_is_there(name):
    """ConfigMaps and claims; what a hook names must be a hook too, since it runs before everything else. Files of an installation's own are there before."""
    brought = {own["files"] for own in values(name)["services"].values()}
    there = {(found["kind"], found["metadata"]["name"]): found for found in objects(name)}
    for who, owner, pod in pods(name):
        early = "pre-install" in owner["metadata"].get("annotations", {}).get("helm.sh/hook", "")
        for volume in pod["spec"].get("volumes", []):
            if "configMap" in volume and volume["configMap"]["name"] not in brought:
                wanted = there.get(("ConfigMap", volume["configMap"]["name"]))
                hook = wanted and "pre-install" in wanted["metadata"].get("annotations", {}).get("helm.sh/hook", "")
                if wanted is None or (early and not hook):
                    yield f"{who}: {volume['configMap']['name']} is not there when it runs"
            claim = volume.get("persistentVolumeClaim", {}).get("claimName")
            if claim and claim.endswith("-papers") and claim.startswith("tadamon") and ("PersistentVolumeClaim", claim) not in there:
                yield f"{who}: no claim {claim}"


# --- Services, addresses, ways --------------------------------------------------------------------------------------------------------------

def pods_open_the_ports_of_their_roles(name):
    """A process binds what the role grpc answers at only if it plays it (platform's Common::listen)."""
    for found in deployments(name):
        pod = pod_of(found)
        fact = facts()[labels(pod)[COMPONENT]]
        variables = {v["name"]: v.get("value") for v in containers(pod)[-1]["env"]}
        wanted = {"admin"}
        if "grpc" in tomllib.loads(f"roles = {variables['TADAMON_COMMON__ROLES']}")["roles"]:
            wanted |= ({"grpc"} if fact["database"] else set()) | ({"http"} if fact.get("http") else set())
        opened = {port["name"] for container in containers(pod) for port in container.get("ports", [])}
        if opened != wanted:
            yield f"{title(found)}: opens {sorted(opened)}, its roles answer at {sorted(wanted)}"


def services_lead_to_open_ports(name):
    for found in kind(name, "Service"):
        targets = [pod_of(d) for d in deployments(name) if selects({"matchLabels": found["spec"]["selector"]}, labels(pod_of(d)))]
        if not targets:
            yield f"{title(found)} selects no pod"
        for pod in targets:
            open_ports = {port["name"] for container in containers(pod) for port in container.get("ports", [])}
            for port in found["spec"]["ports"]:
                if port["targetPort"] not in open_ports:
                    yield f"{title(found)}: {labels(pod)[COMPONENT]} has no port {port['targetPort']}"


def addresses_lead_to_services(name):
    ports = {(s["metadata"]["name"], p["name"]): p["port"] for s in kind(name, "Service") for p in s["spec"]["ports"]}
    for found in kind(name, "Ingress"):
        for rule in found["spec"]["rules"]:
            for path in rule["http"]["paths"]:
                target = path["backend"]["service"]
                if (target["name"], target["port"]["name"]) not in ports:
                    yield f"{title(found)}: no {target}"
    for found in kind(name, "HTTPRoute"):
        for rule in found["spec"]["rules"]:
            for target in rule["backendRefs"]:
                if target["port"] not in [port for (service, _), port in ports.items() if service == target["name"]]:
                    yield f"{title(found)}: no {target}"


def gateways_may_read_the_certificate_that_is_made(name):
    """A Gateway of another namespace names no secret of this one unless it is granted that secret; nothing else is granted."""
    edge = [c for c in kind(name, "Certificate") if c["metadata"]["name"] == "tadamon-edge"]
    parents = [parent for route in kind(name, "HTTPRoute") for parent in route["spec"]["parentRefs"]]
    wanted = {parent["namespace"] for parent in parents if parent.get("namespace", "tadamon") != "tadamon"} if edge else set()
    granted = set()
    for found in kind(name, "ReferenceGrant"):
        if found["spec"]["to"] != [{"group": "", "kind": "Secret", "name": c["spec"]["secretName"]} for c in edge]:
            yield f"{title(found)}: grants {found['spec']['to']}"
        granted |= {one["namespace"] for one in found["spec"]["from"] if (one["group"], one["kind"]) == ("gateway.networking.k8s.io", "Gateway")}
    if granted != wanted:
        yield f"Gateways of {sorted(wanted)} want the certificate, those of {sorted(granted)} may have it"


def policies_for(name, pod_labels):
    return [p for p in kind(name, "NetworkPolicy") if selects(p["spec"]["podSelector"], pod_labels)]


def every_pod_is_closed_unless_listed(name):
    for who, _, pod in pods(name):
        # The stranger of the tests must be free, or its failure would prove nothing.
        if labels(pod).get("tadamon/test") == "outside":
            continue
        closed = set()
        for policy in policies_for(name, labels(pod)):
            closed |= set(policy["spec"]["policyTypes"])
        if closed != {"Ingress", "Egress"}:
            yield f"{who}: closed for {sorted(closed)}"


def admits(rules, side, port, other_labels):
    """Whether rules of one side admit pods with these labels of the same namespace at the port."""
    for rule in rules or []:
        if port not in [entry["port"] for entry in rule.get("ports", [])]:
            continue
        for peer in rule.get(side) or [{}]:
            if not peer:
                return True
            if set(peer) == {"podSelector"} and selects(peer["podSelector"], other_labels):
                return True
    return False


def may_call(name, caller, callee, port):
    out = any(admits(p["spec"].get("egress"), "to", port, callee) for p in policies_for(name, caller))
    into = any(admits(p["spec"].get("ingress"), "from", port, caller) for p in policies_for(name, callee))
    return out, into


def calls_are_those_of_the_architecture(name):
    """Both doors are open for the calls of files/services.yaml, and shut for all others."""
    answering = [(d, pod_of(d)) for d in deployments(name) if labels(pod_of(d))["tadamon/serves"] == "true" and facts()[labels(pod_of(d))[COMPONENT]]["database"]]
    for found in deployments(name):
        caller = labels(pod_of(found))
        fact = facts()[caller[COMPONENT]]
        roles = fact["roles"] if caller["tadamon/role"] == "all" else [caller["tadamon/role"]]
        for other, pod in answering:
            if other is found:
                continue
            service = labels(pod)[COMPONENT]
            wanted = bool(set(fact["calls"].get(service, [])) & set(roles))
            if may_call(name, caller, labels(pod), 9000) != (wanted, wanted):
                yield f"{title(found)} to {title(other)}: out and in are {may_call(name, caller, labels(pod), 9000)}, wanted {wanted}"


def operators_reach_what_answers(name):
    mine = {"app.kubernetes.io/name": "tadamon", "app.kubernetes.io/instance": "tadamon", "tadamon/operator": "true"}
    for found in deployments(name):
        pod = pod_of(found)
        if labels(pod)["tadamon/serves"] == "true" and facts()[labels(pod)[COMPONENT]]["database"]:
            if may_call(name, mine, labels(pod), 9000) != (True, True):
                yield f"{title(found)}: an operator's pod does not reach it: {may_call(name, mine, labels(pod), 9000)}"


def only_roles_that_must_may_leave(name):
    """The ways to a destination are open for the roles that files/services.yaml names, where the values have one, and for no others."""
    ports = {"amqp": 5672, "redis": 6379, "smtp": 587, "nats": 4222, "scanner": 3310}
    there = {"scanner": bool(values(name)["scanner"]["address"]), "objects": values(name)["papers"]["kind"] == "s3"}
    store = ways(name)["objects"]
    for found in deployments(name):
        mine = labels(pod_of(found))
        fact = facts()[mine[COMPONENT]]
        roles = fact["roles"] if mine["tadamon/role"] == "all" else [mine["tadamon/role"]]
        rules = [rule for p in policies_for(name, mine) for rule in p["spec"].get("egress") or []]
        for to, port in ports.items():
            is_open = any(port in [entry["port"] for entry in rule.get("ports", [])] for rule in rules)
            wanted = there.get(to, True) and bool(set(fact["uses"].get(to, [])) & set(roles))
            if is_open != wanted:
                yield f"{title(found)}: the way to {to} is {'open' if is_open else 'shut'}"
        # By its whole row: stores answer at ports at which others answer too.
        is_open = any([entry["port"] for entry in rule.get("ports", [])] == store["ports"] and rule.get("to") == (store["to"] or None) for rule in rules)
        if is_open != (there["objects"] and bool(set(fact["uses"].get("papers", [])) & set(roles))):
            yield f"{title(found)}: the way to the store of papers is {'open' if is_open else 'shut'}"
        if any(not rule.get("ports") for rule in rules):
            yield f"{title(found)}: a rule out without ports"


def strangers_reach_nothing(name):
    stranger = {"app.kubernetes.io/name": "somebody-else"}
    for found in deployments(name):
        for port in (9000, 8080, 9100):
            policies = policies_for(name, labels(pod_of(found)))
            if any(admits(p["spec"].get("ingress"), "from", port, stranger) for p in policies):
                public = port == 8080 and set_of(name) == "external-everything"
                if not public:
                    yield f"{title(found)}: anybody reaches port {port}"


def calls_are_encrypted_by_certificates_by_a_mesh_or_not_at_all(name):
    """With certificates every service has its own and no other's, as a folder, and asks its peers over https; else no file is named and nobody is."""
    mode = values(name)["mutualTls"]["mode"]
    if mode != "none" and mesh_of(name):
        yield "certificates and a mesh"
    for found in kind(name, "ConfigMap"):
        if "settings.toml" not in found["data"]:
            continue
        settings = tomllib.loads(found["data"]["settings.toml"])
        tls = settings["common"].get("tls", {})
        if bool(tls) != (mode != "none"):
            yield f"{title(found)}: common.tls is {tls}"
        for peer, at in settings.get("peers", {}).items():
            if "url" in at and at["url"].split(":")[0] != ("http" if mode == "none" else "https"):
                yield f"{title(found)}: {peer} is asked at {at['url']}"
    for found in deployments(name):
        pod = pod_of(found)
        service = labels(pod)[COMPONENT]
        secrets = {
            source["secret"]["name"]: {item["key"] for item in source["secret"]["items"]}
            for volume in pod["spec"]["volumes"] for source in volume.get("projected", {}).get("sources", []) if volume["name"] == "certificate"
        }
        own = secrets.pop(f"tadamon-{service}-mutual-tls", set())
        given = own.union(*secrets.values())
        if given != (set() if mode == "none" else {"tls.crt", "tls.key", "ca.crt"}) or any(keys_ != {"ca.crt"} for keys_ in secrets.values()):
            yield f"{title(found)}: of certificates it is given {sorted(given)}"
        for container in containers(pod):
            mounts = [m for m in container["volumeMounts"] if m["name"] == "certificate"]
            if any(not m.get("readOnly") or "subPath" in m for m in mounts) or (mounts and container["name"] == "migrate"):
                yield f"{title(found)}/{container['name']}: a read-only folder, for who serves alone"


def certificates_bear_one_service_s_name(name):
    made = [c for c in kind(name, "Certificate") if c["metadata"]["name"].endswith("-mutual-tls")]
    services = {labels(pod_of(d))[COMPONENT] for d in deployments(name)} | {"operator"} if made else set()
    if {c["metadata"]["labels"][COMPONENT] for c in made} != services:
        yield f"certificates for {sorted(c['metadata']['labels'][COMPONENT] for c in made)}, services are {sorted(services)}"
    for found in made:
        service = found["metadata"]["labels"][COMPONENT]
        if found["spec"]["dnsNames"] != [f"tadamon-{service}.tadamon.svc"] or found["spec"]["secretName"] != found["metadata"]["name"]:
            yield f"{title(found)}: names {found['spec']['dnsNames']}"
        if {"server auth", "client auth"} - set(found["spec"]["usages"]) or found["spec"]["privateKey"].get("rotationPolicy") != "Always":
            yield f"{title(found)}: for both sides of a call, with a new key each time"
    issuers = {i["metadata"]["name"] for i in kind(name, "Issuer")}
    for found in kind(name, "Certificate"):
        issuer = found["spec"]["issuerRef"]
        if issuer["name"].startswith("tadamon-") and issuer["kind"] == "Issuer" and issuer["name"] not in issuers:
            yield f"{title(found)}: no issuer {issuer['name']}"


# --- everything -----------------------------------------------------------------------------------------------------------------------------

def objects_say_what_they_belong_to(name):
    for found in objects(name):
        mine = found["metadata"].get("labels", {})
        for key in ("app.kubernetes.io/name", "app.kubernetes.io/instance", "app.kubernetes.io/version", "helm.sh/chart"):
            if key not in mine:
                yield f"{title(found)}: label {key}"
        if len(found["metadata"]["name"]) > LONGEST.get(found["kind"], 63):
            yield f"{title(found)}: a name longer than {LONGEST.get(found['kind'], 63)}"


def names_are_unique(name):
    seen = [(found["kind"], found["metadata"]["name"]) for found in objects(name)]
    for twice in {one for one in seen if seen.count(one) > 1}:
        yield f"{twice} stands twice"


def an_installation_is_tested(name):
    """Its doors, its flow, and each service's own look at its settings and at what it stands on, with every secret that one of its roles has."""
    tests = {o["metadata"]["name"]: o for o in objects(name) if o["metadata"].get("annotations", {}).get("helm.sh/hook") == "test"}
    if len(tests) < 5:
        yield f"{len(tests)} tests"
    for found in deployments(name):
        service = labels(pod_of(found))[COMPONENT]
        used = {v["name"] for v in containers(pod_of(found))[-1]["env"]} - {"TADAMON_COMMON__ROLES"}
        for what in ("settings", "doctor") if facts()[service]["database"] else ("settings",):
            test = next((t for n, t in tests.items() if n.endswith(f"-test-{what}-{service}")), None)
            given = {v["name"] for v in containers(test)[0]["env"]} if test else set()
            if not used <= given:
                yield f"{title(found)}: the test {what} of {service} lacks {sorted(used - given)}"


def settings_are_judged_before_they_are_live(name):
    """A Job before each upgrade for every service, with the very settings and variables that its pods will have; it has no way to anywhere."""
    running = not kind(name, "Cluster") and not any(c["metadata"]["name"].endswith("-mutual-tls") for c in kind(name, "Certificate"))
    if not running or not any(d["spec"].get("replicas", 1) for d in deployments(name)):
        # Their secrets are not there while nothing but a file is rendered; with everything stopped nobody is to be judged.
        return
    texts = {c["metadata"]["name"]: c["data"].get("settings.toml") for c in kind(name, "ConfigMap")}
    for found in deployments(name):
        service = labels(pod_of(found))[COMPONENT]
        job = next((j for j in kind(name, "Job") if j["metadata"]["name"] == f"tadamon-{service}-check"), None)
        if not job or job["metadata"]["annotations"]["helm.sh/hook"] != "pre-upgrade":
            yield f"{title(found)}: nobody judges its settings before an upgrade"
            continue
        ours, theirs = containers(pod_of(job))[0], containers(pod_of(found))[-1]
        if ours["image"] != theirs["image"] or texts[f"tadamon-{service}-check"] != texts[f"tadamon-{service}"]:
            yield f"{title(job)}: another program or other settings"
        if not {v["name"] for v in theirs["env"]} <= {v["name"] for v in ours["env"]}:
            yield f"{title(job)}: lacks variables"
        if any(p["spec"].get("egress") for p in policies_for(name, labels(pod_of(job)))) and not mesh_of(name):
            yield f"{title(job)}: may leave"


def mesh_of(name):
    return values(name)["mesh"]["enabled"]


def kubelets_reach_probes_inside_a_mesh(name):
    """In its ambient form Istio gives probes an address of its own, which no network lets in by itself."""
    for found in deployments(name) if mesh_of(name) else []:
        rules = [rule for p in policies_for(name, labels(pod_of(found))) for rule in p["spec"].get("ingress") or []]
        if not any({"ipBlock": {"cidr": "169.254.7.127/32"}} in rule.get("from", []) and 9100 in [e["port"] for e in rule["ports"]] for rule in rules):
            yield f"{title(found)}: probes are shut out"


def backups_of_clusters_begin_at_once(name):
    for found in kind(name, "ScheduledBackup"):
        if found["spec"].get("immediate") is not True:
            yield f"{title(found)}: a Cluster waits for its first night"


def what_hooks_bring_goes_when_they_succeed(name):
    for found in objects(name):
        annotations = found["metadata"].get("annotations", {})
        if "helm.sh/hook" in annotations and annotations.get("helm.sh/hook-delete-policy") != "before-hook-creation,hook-succeeded":
            yield f"{title(found)}: {annotations.get('helm.sh/hook-delete-policy')}"


def measures_are_read_from_every_service(name):
    for found in kind(name, "ServiceMonitor"):
        read_ = [s for s in kind(name, "Service") if selects(found["spec"]["selector"], s["metadata"]["labels"])]
        ports = {endpoint["port"] for endpoint in found["spec"]["endpoints"]}
        for s in read_:
            for who, other, pod in pods(name):
                if selects({"matchLabels": s["spec"]["selector"]}, labels(pod)) and other["kind"] != "Deployment":
                    yield f"{title(found)} reads {who}, which shows nothing"
        services = {s["metadata"]["labels"][COMPONENT] for s in read_ if ports <= {p["name"] for p in s["spec"]["ports"]}}
        if services != set(facts()):
            yield f"{title(found)} reads {sorted(services)}"
    for found in kind(name, "PodMonitor"):
        expressions = found["spec"]["selector"].get("matchExpressions", [])
        read_ = sorted(value for e in expressions if (e["key"], e["operator"]) == ("cnpg.io/cluster", "In") for value in e["values"])
        if read_ != sorted(c["metadata"]["name"] for c in kind(name, "Cluster")):
            yield f"{title(found)} reads the Clusters {read_ or 'of everybody'}"


def alerts_lead_to_pages_that_the_values_name(name):
    """Whoever is woken opens one: the address in the rules' file is nobody's."""
    at = values(name)["monitoring"]["rules"]["runbooks"]
    for found in kind(name, "PrometheusRule"):
        for rule in [rule for group in found["spec"]["groups"] for rule in group["rules"] if "alert" in rule]:
            url = rule["annotations"]["runbook_url"]
            if url.startswith("https://tadamon.example/") or url != f"{at}/{rule['alert']}.md":
                yield f"{title(found)}: {rule['alert']} leads to {url}"


def no_way_out_is_open_to_everybody_unsaid(name):
    """A rule out without peers is one whose row says `anywhere`."""
    said = {port for row in ways(name).values() if row.get("anywhere") for port in row["ports"]}
    for found in kind(name, "NetworkPolicy"):
        for rule in found["spec"].get("egress") or []:
            if not rule.get("to") and not {entry["port"] for entry in rule.get("ports", [])} <= said:
                yield f"{title(found)}: ports {[entry['port'] for entry in rule.get('ports', [])]} are open to everybody"


def ways(name):
    return values(name)["networkPolicies"]["egress"]


RULES = [value for key, value in list(globals().items()) if callable(value) and getattr(value, "__module__", "") == __name__ and key not in {
    "pods", "labels", "deployments", "replicas", "flat", "policies_for", "admits", "may_call", "ways", "mesh_of",
}]
assert CHART.is_dir()
