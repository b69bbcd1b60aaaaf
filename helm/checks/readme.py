"""Writes the chart's README from values.yaml (a row for each key that a line `# --` explains) and refusals.yaml (a row for each case)."""

import re

import yaml

from rendering import CHART, ROOT, value_sets

INTRODUCTION = """# Chart tadamon

Written by `helm/checks/check --write` from `values.yaml`; do not edit.

One installation of one foundation: seven services, each alike, from one set of templates that loops over a table
(`files/services.yaml`). How to install, upgrade and scale, and what to do when an alert fires: [docs/operations](../../docs/operations/install.md).
Kubernetes {versions} or later.

What the chart does **not** bring: NATS, RabbitMQ, Redis or Valkey, a mail server, clamd, Prometheus, cert-manager, CloudNativePG's operator, a
gateway. Their addresses and secrets are named here. It has no dependencies, so an uninstall takes none of them away, and it makes no secret.

Sets of values to begin with, each rendered and checked in continuous integration:

| file | for |
|---|---|
{sets}

## Values

| key | default | what it is |
|---|---|---|
{rows}

## What is refused

Each of these ends `helm install`, `upgrade` and `template` before anything is changed, with these words among others; nothing is silently used. Every row is
tried in continuous integration (`helm/checks/refusals.yaml`). An install and an upgrade also name each secret of yours that is not in the namespace and each
key that one lacks, and an upgrade refuses to make Clusters anew while services run (`helm/checks/upgrades.py`).

| values | what it says |
|---|---|
{refusals}
"""


def rows(text):
    path, comment = [], ""
    for line in text.splitlines():
        bare = line.strip()
        if bare.startswith("# -- "):
            comment = bare.removeprefix("# -- ")
            continue
        found = re.match(r"^( *)([A-Za-z0-9]+):", line)
        if found:
            depth = len(found[1]) // 2
            path = [*path[:depth], found[2]]
            if comment:
                yield ".".join(path), comment
        if bare and not bare.startswith("#"):
            comment = ""


def shown(values, key):
    for part in key.split("."):
        values = values[part]
    if isinstance(values, bool):
        return str(values).lower()
    if isinstance(values, dict):
        inside = yaml.safe_dump(values, default_flow_style=True, width=10_000, sort_keys=False).strip()
        return inside if len(inside) < 90 else "see values.yaml"
    if isinstance(values, list):
        return "[]" if not values else "see values.yaml" if isinstance(values[0], dict) else str(values)
    return str(values) if values != "" else '""'


def escaped(text):
    return text.replace("|", "&#124;").replace("<", "&lt;")


def text():
    source = (CHART / "values.yaml").read_text()
    values = yaml.safe_load(source)
    lines = []
    for key, comment in rows(source):
        name = key.replace("services.identity.", "services.&lt;name&gt;.")
        default = shown(values, key)
        lines.append(f"| {name} | {default.replace('|', '&#124;')} | {comment.replace('|', '&#124;').replace('<', '&lt;')} |")
    sets = [f"| `values/{name}.yaml` | {(CHART / 'values' / f'{name}.yaml').read_text().splitlines()[0].removeprefix('# ')} |" for name in value_sets()]
    cases = yaml.safe_load((ROOT / "helm/checks/refusals.yaml").read_text())
    said = [f"| {case['case']} | {escaped(' ... '.join(str(words) for words in case['says']))} |" for case in cases]
    version = yaml.safe_load((CHART / "Chart.yaml").read_text())["kubeVersion"].removeprefix(">=").removesuffix(".0-0")
    return INTRODUCTION.format(versions=version, sets="\n".join(sets), rows="\n".join(lines), refusals="\n".join(said))
