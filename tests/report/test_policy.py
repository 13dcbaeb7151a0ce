from __future__ import annotations

import base64
import hashlib

from mcanalysis.report.policy import policy


def parts(text: str) -> dict[str, list[str]]:
    return {name: values for name, *values in (part.split() for part in text.split("; "))}


def sha(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_nothing_is_allowed_but_what_is_named():
    found = parts(policy(["run()"], "p {}"))
    assert found["default-src"] == found["base-uri"] == found["form-action"] == ["'none'"]
    assert found["img-src"] == ["data:", "blob:"]
    assert not set(found) & {"connect-src", "font-src", "frame-src", "object-src"}


def test_scripts_run_by_their_hash_alone():
    found = parts(policy(["one()", "two('é')"], ""))
    assert found["script-src"] == [sha("one()"), sha("two('é')")]
    assert parts(policy([], ""))["script-src"] == ["'none'"]


def test_only_a_page_that_loads_a_script_trusts_what_its_scripts_load():
    assert parts(policy(["x"], "", loads=True))["script-src"] == ["'strict-dynamic'", sha("x")]
    assert "strict-dynamic" not in policy(["x"], "")


def test_the_style_is_that_of_the_page_or_empty():
    assert parts(policy([], "p {}"))["style-src"] == [sha("p {}"), sha("")]
    assert "'unsafe-eval'" not in policy([], "")
    assert "script-src-attr" not in policy([], "")
