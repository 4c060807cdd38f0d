"""Stands in for `gh api` on the comments of the pull request 7, which are kept in a file."""

from __future__ import annotations

import json
import os
import re
import sys
from itertools import pairwise
from pathlib import Path

SELECTED = (
    '.[] | select(.user.login == "github-actions[bot]"'
    ' and (.body | startswith("<!-- leadline diff -->"))) | .id'
)
BASE = "repos/team/api/issues"


def main(arguments: list[str]) -> str:
    """Answer as the API does; what no endpoint takes is an error."""
    file = Path(os.environ["FAKE_COMMENTS"])
    comments = json.loads(file.read_text("utf-8"))
    options = dict(pairwise(arguments))
    assert arguments[0] == "api"
    assert os.environ["GH_TOKEN"] == "the-token"
    (path,) = [one for one in arguments if one.startswith(BASE)]
    if "--method" not in arguments:
        assert path == f"{BASE}/7/comments"
        assert "--paginate" in arguments
        assert " ".join(options["--jq"].split()) == SELECTED
        return "".join(
            f"{one['id']}\n"
            for one in comments
            if one["user"]["login"] == "github-actions[bot]"
            and one["body"].startswith("<!-- leadline diff -->")
        )
    body = Path(options["-F"].removeprefix("body=@")).read_bytes().decode("utf-8", "replace")
    assert len(body) <= 65536, "the body is too long (422)"
    if options["--method"] == "POST":
        assert path == f"{BASE}/7/comments"
        user = {"login": "github-actions[bot]"}
        comments.append({"id": 100 + len(comments), "user": user, "body": body})
    else:
        assert options["--method"] == "PATCH"
        found = re.fullmatch(rf"{BASE}/comments/(\d+)", path)
        assert found is not None
        (one,) = [one for one in comments if one["id"] == int(found[1])]
        one["body"] = body
    file.write_text(json.dumps(comments), "utf-8")
    return ""


if __name__ == "__main__":
    sys.stdout.write(main(sys.argv[1:]))
