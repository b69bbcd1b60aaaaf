"""Values that must be refused, each with the words that say what to change: refusals.yaml."""

import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import yaml

from rendering import CHART, helm


def refused(case):
    """What is wrong with how a case is refused."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as values:
        yaml.safe_dump(case.get("values", {}), values)
        values.flush()
        base = CHART / "values" / f"{case.get('set', 'minimal')}.yaml"
        done = helm("template", case.get("release", "tadamon"), str(CHART), "--values", str(base), "--values", values.name, *case.get("arguments", []))
    if done.returncode == 0:
        return ["it was rendered"]
    return [f"it says nothing of {words!r}: {done.stderr.strip()[-300:]}" for words in case["says"] if words not in done.stderr]


def cases():
    listed = yaml.safe_load((Path(__file__).parent / "refusals.yaml").read_text())
    with ThreadPoolExecutor(4) as pool:
        for case, findings in zip(listed, pool.map(refused, listed)):
            yield f"refused: {case['case']}", findings
    # A sentence that no case provokes may be wrong, or can never come.
    sentences = [line.split('fail "', 1)[1] if 'fail "' in line else line.split('fail (printf "', 1)[1]
                 for line in (CHART / "templates/_validate.tpl").read_text().splitlines() if "{{- fail" in line]
    said = [words for case in listed for words in case["says"]]
    missing = [sentence[:80] for sentence in sentences if not any(fits(sentence, words) for words in said)]
    yield "every refusal has a case", missing


def fits(sentence, words):
    """Whether the words are of the sentence: they stand in it, or hold the beginning of what stands between two of its `%s` and `%d`."""
    literal = [part[:24] for part in sentence.split('"')[0].replace("%d", "%s").split("%s") if len(part) > 8]
    return words in sentence or any(part in words for part in literal)
