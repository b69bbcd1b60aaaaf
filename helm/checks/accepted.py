"""Lets the services themselves judge what the chart gives them: `check-config` of each binary with the rendered file and variables, and keys and
secrets that are invented. Nothing is opened or connected."""

import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path

from rendering import ROOT, containers, kind, pod_of, title

# What an operator would have put into the secrets, by their keys.
SECRETS = {
    "postgres-url": "postgres://service:Pa55word@postgres.example:5432/service",
    "uri": "postgresql://service:Pa55word@cluster-rw.example:5432/service",
    "nats-password": "Pa55word",
    "amqp-url": "amqps://service:Pa55word@rabbitmq.example:5671/tadamon",
    "redis-url": "rediss://:Pa55word@valkey.example:6379/0",
    "access-key-id": "service",
    "secret-access-key": "Pa55word",
    "smtp-username": "service",
    "smtp-password": "Pa55word",
}


def certificate(folder):
    """A certificate that signed itself, as variables: services read theirs before they say that all is well."""
    certificate, key = Path(folder) / "tls.crt", Path(folder) / "tls.key"
    made = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=check", "-days", "1"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    files = {"CERTIFICATE": certificate, "KEY": key, "AUTHORITIES": certificate}
    return {f"TADAMON_COMMON__TLS__{setting}": str(file) for setting, file in files.items()}


def findings(name, binaries):
    with tempfile.TemporaryDirectory() as folder:
        for found in kind(name, "Deployment"):
            container = containers(pod_of(found))[-1]
            service = container["name"]
            binary = ROOT / binaries / service
            if not binary.exists():
                yield f"{title(found)}: {binary} was not built"
                continue
            volume = next(v for v in pod_of(found)["spec"]["volumes"] if v["name"] == "settings")
            text = next(c["data"]["settings.toml"] for c in kind(name, "ConfigMap") if c["metadata"]["name"] == volume["configMap"]["name"])
            file = Path(folder) / "settings.toml"
            file.write_text(text)
            # The two folders that a pod mounts, which are not there on this machine.
            variables = {"TADAMON_COMMON__KEYS__DIRECTORY": folder}
            if "directory" in tomllib.loads(text).get("storage", {}):
                variables["TADAMON_STORAGE__DIRECTORY"] = folder
            # So are files of an installation's own: a folder without any, and the banks that come with membership.
            if "own_files" in tomllib.loads(text).get("catalogue", {}):
                variables["TADAMON_CATALOGUE__OWN_FILES"] = str(Path(folder, "files"))
                Path(folder, "files").mkdir(exist_ok=True)
            if "file" in tomllib.loads(text).get("banks", {}):
                variables["TADAMON_BANKS__FILE"] = str(ROOT / "services/membership/data/banks.toml")
            if "tls" in tomllib.loads(text)["common"]:
                if not shutil.which("openssl"):
                    yield f"{title(found)}: openssl is missing, which makes the certificate that {service} asks for"
                    continue
                variables |= certificate(folder)
            for variable in container["env"]:
                secret = variable.get("valueFrom", {}).get("secretKeyRef")
                variables[variable["name"]] = SECRETS[secret["key"]] if secret else variable["value"]
            done = subprocess.run([binary, "check-config", "--config", file], env=variables, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                yield f"{title(found)}: {(done.stdout + done.stderr).strip()}"
