"""Holds every object against the schema of its kind, strictly: unknown keys are refused. Kubernetes' own from the package kubernetes-validate,
definitions of others from helm/schemas."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

import jsonschema
import kubernetes_validate
from referencing import Registry, Resource

from rendering import ROOT, VERSIONS, objects, title

BUNDLED = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema"
OWN = ROOT / "helm/schemas"
_seen = set()


@lru_cache
def registry(folder):
    definitions = json.loads((folder / "_definitions.json").read_text())
    return Resource.from_contents(definitions) @ Registry()


@lru_cache
def validator(api, kind, version):
    group, _, last = api.rpartition("/")
    own = OWN / f"{kind.lower()}-{group}-{last}.json"
    if own.exists():
        return jsonschema.Draft202012Validator(json.loads(own.read_text()))
    folder = BUNDLED / f"v{version}.0-local-strict"
    short = f"{group.split('.')[0]}-{last}" if group else last
    path = folder / f"{kind.lower()}-{short}.json"
    if not path.exists():
        return None
    schema = json.loads(path.read_text())
    return jsonschema.Draft202012Validator(schema, registry=Resource.from_contents(schema) @ registry(folder))


def findings(name):
    for found in objects(name):
        key = hashlib.sha256(json.dumps(found, sort_keys=True).encode()).digest()
        if key in _seen:
            continue
        _seen.add(key)
        for version in VERSIONS:
            judge = validator(found["apiVersion"], found["kind"], version)
            if judge is None:
                yield f"{title(found)}: Kubernetes {version} has no {found['apiVersion']} {found['kind']}, and helm/schemas neither"
                continue
            for error in judge.iter_errors(found):
                where = ".".join(str(part) for part in error.absolute_path)
                yield f"{title(found)} (Kubernetes {version}): {where}: {error.message}"
