"""Which roles of a service reach one of its seams (the scanner, the store of papers), read out of its code: from what `app.rs` starts under a role,
along what each file imports. It reads words, not Rust: `crate::` with braces is followed, `super::` is not, and a seam that no role seems to reach is told."""

import re
from functools import lru_cache

from rendering import ROOT, app

# The word by which a file shows that it goes there.
SEAMS = {"scanner": r"\bcrate::scanner::", "papers": r"\bpaper_store::(?:Store\b|\{[^}]*\bStore\b)"}
# What answers calls is built of these folders.
ANSWERING = ("grpc", "http", "gateway")


@lru_cache
def text_of(path):
    """A file without its tests and comments."""
    return re.sub(r"//.*", "", path.read_text().split("#[cfg(test)]")[0])


def imported(source, text):
    """The files that a text names by `crate::`, each by its longest path that is one."""
    grouped = re.findall(r"\bcrate((?:::[a-z_0-9]+)+)::\{([^{}]*)\}", text)
    each = {f"{path}::{name}" for path, names in grouped for name in re.findall(r"\b[a-z_0-9]+(?:::[a-z_0-9]+)*", names)}
    for words in each | set(re.findall(r"\bcrate((?:::[a-z_0-9]+)+)", text)):
        parts = words.removeprefix("::").split("::")
        for length in range(len(parts), 0, -1):
            path = source.joinpath(*parts[:length]).with_suffix(".rs")
            if path.exists():
                yield path
                break


def started(service, role):
    """The files of what runs under a role: its block in app.rs, by the modules and types that it names and the types of the fields that it takes."""
    source, code = ROOT / "services" / service / "src", re.sub(r"//.*", "", app(service))
    if role == "grpc":
        return [path for folder in ANSWERING for path in [*(source / folder).rglob("*.rs"), source / f"{folder}.rs"] if path.exists()]
    found = []
    at_home = {name: path for path, names in re.findall(r"use crate::([a-z_:]+)::\{?([A-Za-z_, ]+)\}?;", code) for name in re.findall(r"\w+", names)}
    fields = dict(re.findall(r"^    (\w+): (?:Option<)?(\w+)", code, re.M))
    for start in re.finditer(rf"if [a-z.]*plays\(Role::{role.capitalize()}\) \{{\n", code):
        # rustfmt closes the block at the same indent.
        indent = re.search(r"[ ]*$", code[: start.start()])[0]
        block = code[start.end() : code.index(f"\n{indent}}}", start.end())]
        found += [source / "jobs" / f"{name}.rs" for name in re.findall(r"\bjobs::(\w+)::", block)]
        types = set(re.findall(r"\b[A-Z]\w+", block)) | {fields.get(name) for name in re.findall(r"\bself\.(\w+)", block)}
        found += [path for name in types & set(at_home) for path in imported(source, f"crate::{at_home[name]}")]
    return found


@lru_cache
def reached(service, role):
    """The seams that a role goes to, directly or by what it imports."""
    source = ROOT / "services" / service / "src"
    seen, waiting = set(), started(service, role)
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        waiting += imported(source, text_of(path))
    return {seam for seam, word in SEAMS.items() for path in seen if re.search(word, text_of(path))}
