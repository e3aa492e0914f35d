"""The policy of a page that shows a message: its own styles by their hashes, and no way in for anything else."""

from chalicelib.entrypoints.answers import SECURITY_HEADERS
from chalicelib.entrypoints.shown_message import picture, policy_for

STRICT = SECURITY_HEADERS["Content-Security-Policy"]


def test_without_an_email_only_pictures_that_come_with_the_page_are_added():
    assert policy_for("") == STRICT.replace("img-src 'self'", "img-src 'self' data:")


def test_every_style_is_let_in_once_by_its_hash():
    policy = policy_for('<p style="color:red">a</p><p style="color:red">b</p><style>p{}</style>')
    assert policy.count("'sha256-") == 2
    assert policy.replace("img-src 'self' data:", "img-src 'self'").split("style-src")[0] == STRICT.split("style-src")[0]
    assert "script-src 'self';" in policy


def test_what_a_person_wrote_is_no_style():
    assert "sha256" not in policy_for("<p>&lt;b style=&#34;color:red&#34;&gt; or style='color:red'</p>")


def test_a_picture_is_data():
    assert picture(b"\x89PNG") == "data:image/png;base64,iVBORw=="
