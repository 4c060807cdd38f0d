"""What a contract says stays text in GitHub Markdown: no tag, no heading, no cell, no message to anybody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadline_openapi import markdown as md

_NASTY = st.text(st.sampled_from("`|<>@#\\*_[]~$&\n\r\u2028 a1!-"), max_size=12)


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("`text` admits less: `20`", "`text` admits less: `20`"),
        ("`a_b` of a_b, _so_", "`a_b` of a_b, \\_so\\_"),
        ("<b> & *it*", "&lt;b&gt; &amp; \\*it\\*"),
        ("ask @octocat about #12", "ask @<!-- -->octocat about #<!-- -->12"),
        ("`@octocat`", "`@octocat`"),
        ("a\n# b\n\n<c>", "a # b  &lt;c&gt;"),
        ("one ` too many", "one &#96; too many"),
        ("`a` of `b``c` is new", "`a` of `b``c` is new"),
        ("``", ""),
    ],
)
def test_a_sentence_keeps_its_code_and_nothing_else(told: str, shown: str) -> None:
    """Names stand between backticks; what stands outside is plain."""
    assert md.prose(told) == shown


def test_a_cell_has_no_border_in_it() -> None:
    """A pipe ends a cell, even in code, and a backslash before it is no way out there."""
    assert md.cell("`a|b` or a|b") == "<code>a&#124;b</code> or a\\|b"


def test_html_keeps_code_as_an_element() -> None:
    """In HTML a backtick means nothing, and a name outside of code would be called."""
    assert md.html("`@octocat` is <new>") == "<code>&#64;octocat</code> is &lt;new&gt;"


def test_code_survives_a_backtick() -> None:
    """And a line break, and what looks like a comment of ours."""
    assert md.code("a`b\n<script>") == "<code>a&#96;b &#60;script&#62;</code>"
    assert md.code("<!-- x -->") == "<code>&#60;&#33;&#45;&#45; x &#45;&#45;&#62;</code>"
    assert md.code("") == ""


def test_a_fence_is_longer_than_any_in_it() -> None:
    """So nothing ends the block before its end."""
    assert md.fenced("a\n~~~~~\nb", "diff") == ["~~~~~~diff", "a\n~~~~~\nb", "~~~~~~"]


@given(_NASTY, _NASTY)
def test_nothing_that_is_told_gets_out(name: str, more: str) -> None:
    """Whatever a name is, what is shown is one line, without a tag or a border that is not ours."""
    for show in (md.prose, md.cell, md.html):
        shown = show(f"`{name}` is {more}")
        assert len(shown.splitlines()) <= 1
        outside = "".join(shown.split("`")[::2]).replace("<!-- -->", "")
        for ours in ("<code>", "</code>"):
            outside = outside.replace(ours, "")
        assert "<" not in outside
        assert shown.count("`") % 2 == 0
    assert "|" not in md.cell(f"`{name}` is {more}").replace("\\\\", "").replace("\\|", "")
