"""Packages the invented second force as `make package PROFILE=…` does, and reads what would be deployed: its own periods and words, and
none of the first force's.

Must not know a value of either force: both are read from their profiles.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from chalicelib.bootstrap_profile import read_profile
from chalicelib.domain.profile import Profile
from infra import package
from infra.force import UnknownPlaceError, of_force, values
from infra.local.template import RESOURCES, ROOT, packaged, translated
from tests.architecture.test_force import words
from tests.architecture.test_package import packaged_copy

FORCES = ROOT / "tests" / "forces"
NAME = "northmarch"
FORCE = read_profile(NAME, folder=FORCES)
FIRST = read_profile("derbyshire")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project with the second force's profile and words put where a force puts its own, packaged for it."""
    folder = tmp_path_factory.mktemp("another")
    return packaged_copy(folder, own=FORCES, profile=NAME)


@pytest.fixture(scope="module")
def template(project: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((project / "out" / "sam.yaml").read_text(encoding="utf-8"))
    return found


def kept(template: dict[str, Any]) -> dict[str, int]:
    """Days after which each bucket forgets, by its name without the prefix."""
    buckets = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::S3::Bucket"]
    return {
        bucket["BucketName"]["Fn::Sub"].removeprefix("kept-informed-").removesuffix("${BucketSuffix}"): rule["ExpirationInDays"]
        for bucket in buckets
        for rule in bucket["LifecycleConfiguration"]["Rules"]
    }


def periods(profile: Profile) -> dict[str, int]:
    return {
        "letters": profile.web.letter_days,
        "quarantine-bodies": profile.retention.quarantine.days,
        "records-archive": profile.web.case_days,
        "seals": profile.retention.seals.days + 1,
        "dead-receipts": 14,
    }


def test_the_two_forces_keep_everything_for_another_time() -> None:
    own = {key: value for key, value in periods(FORCE).items() if key != "dead-receipts"}
    assert not own.items() & periods(FIRST).items(), "or a value that was left would look right"


def test_every_bucket_keeps_as_long_as_its_own_force_says(template: dict[str, Any]) -> None:
    assert kept(template) == periods(FORCE)
    assert kept(packaged(profile="derbyshire")) == periods(FIRST)


def test_seals_are_locked_as_long_as_the_force_says_and_forgotten_on_the_day_after(template: dict[str, Any]) -> None:
    lock = template["Resources"]["SealsBucket"]["Properties"]["ObjectLockConfiguration"]["Rule"]["DefaultRetention"]
    assert lock["Days"] == FORCE.retention.seals.days == kept(template)["seals"] - 1


def test_the_gateways_own_pages_say_the_forces_numbers_and_lead_where_it_leads(template: dict[str, Any]) -> None:
    (api,) = [r["Properties"] for r in template["Resources"].values() if r["Type"] == "AWS::Serverless::Api"]
    answers = api["DefinitionBody"]["x-amazon-apigateway-gateway-responses"]
    assert len(answers) == 6
    for answer in answers.values():
        for page in answer["responseTemplates"].values():
            assert f"call us on {FORCE.force.non_emergency}, or by text relay on {FORCE.force.text_relay}." in page
            assert f'href="{FORCE.web.exit_url}"' in page


def test_texts_leave_from_the_forces_own_sender_alone(template: dict[str, Any]) -> None:
    statements = template["Resources"]["DispatchRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    (texts,) = [s for s in statements if s["Action"] == ["sms-voice:SendTextMessage"]]
    assert texts["Resource"][0]["Fn::Sub"].endswith(f":sender-id/{FORCE.sms_sender}/*")


def test_the_package_is_of_its_force_and_takes_no_other(template: dict[str, Any]) -> None:
    assert template["Parameters"]["Profile"]["Default"] == NAME
    assert template["Parameters"]["Profile"]["AllowedValues"] == [NAME]
    assert template["Globals"]["Function"]["Environment"]["Variables"]["KI_PROFILE"] == {"Ref": "Profile"}


def first_force_in(template: dict[str, Any]) -> set[str]:
    """Names, addresses and numbers of the first force, and where its pages lead to, that stand in a template."""
    text = json.dumps(template).lower()
    own = words() | {FIRST.force.non_emergency, FIRST.force.text_relay, FIRST.web.exit_url}
    return {word for word in own if re.search(rf"(?<![\w.]){re.escape(word)}(?!\w)", text)}


def test_nothing_of_the_first_force_is_left(template: dict[str, Any]) -> None:
    assert first_force_in(template) == set()
    assert first_force_in(packaged(profile="derbyshire")) >= {"derbyshire", FIRST.force.text_relay, FIRST.web.exit_url}


def test_nothing_is_left_to_fill_in(template: dict[str, Any]) -> None:
    assert "@{" not in yaml.safe_dump(template)
    assert "@{" in RESOURCES.read_text(encoding="utf-8")
    assert translated(template)["Resources"]


def test_the_package_starts_as_that_force(project: Path, tmp_path: Path) -> None:
    shutil.unpack_archive(project / "out" / "deployment.zip", tmp_path)
    assert read_profile(NAME, folder=tmp_path / "chalicelib" / "profiles") == FORCE
    assert (tmp_path / "chalicelib" / "profiles" / NAME).is_dir(), "its own words"


def test_every_value_that_a_profile_gives_is_asked_for() -> None:
    asked = "".join(path.read_text(encoding="utf-8") for path in (RESOURCES, *RESOURCES.parent.glob("policies/*.json")))
    assert {name for name in values(FORCE) if f"@{{{name}}}" not in asked} == set()


def test_a_value_that_no_profile_gives_is_named() -> None:
    strange = {"Parameters": {"Profile": {"Default": NAME}}, "Resources": {"New": ["@{parade_ground}"]}}
    with pytest.raises(UnknownPlaceError, match=r"^parade_ground$"):
        of_force(strange, FORCES)


def test_a_value_within_a_page_is_escaped(tmp_path: Path) -> None:
    text = (FORCES / f"{NAME}.toml").read_text(encoding="utf-8")
    (tmp_path / "force.toml").write_text(text.replace("www.gov.uk/bank-holidays", "www.gov.uk/?a=1&b=%22"), encoding="utf-8")
    page = {"Parameters": {"Profile": {"Default": "force"}}, "Page": 'href="@{exit_url}"'}
    assert of_force(page, tmp_path)["Page"] == 'href="https://www.gov.uk/?a=1&amp;b=%22"'


def test_a_force_without_a_profile_cannot_be_packaged(tmp_path: Path) -> None:
    with pytest.raises(package.PackageError, match=r"^there is no profile 'nobody'; there is: .*\bderbyshire\b"):
        packaged_copy(tmp_path, profile="nobody")


def test_a_profile_with_which_prod_does_not_start_is_packaged_with_a_warning_that_names_the_fields() -> None:
    said = package.unready(FORCE, "prod")
    assert said is not None
    assert said.startswith("prod will not start until these fields are mailboxes that people read: ")
    for field in ("email_from", "force.reply_to", "web.data_protection_email", "victim_service.email", "roles.operations.email"):
        assert f"{field} is reserved_domain" in said
    assert "@" not in said
    assert package.unready(FORCE, "rehearsal") is None, "a rehearsal may write to nobody real"


def test_a_profile_with_which_the_stage_starts_is_not_warned_of(tmp_path: Path) -> None:
    text = (FORCES / f"{NAME}.toml").read_text(encoding="utf-8")
    (tmp_path / "force.toml").write_text(re.sub(r"@[\w.-]+", "@northmarch.police.uk", text), encoding="utf-8")
    assert package.unready(read_profile("force", folder=tmp_path), "prod") is None
