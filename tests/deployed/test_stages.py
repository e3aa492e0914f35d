"""What the account of these tests stands for: the packages of the three stages, and the conditions of the template both ways.

Must not deploy: one account is deployed, with every condition met (bundle.PARAMETERS).
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest

from infra.local.template import packaged, translated
from tests.deployed.bundle import PARAMETERS, template
from tests.deployed.permissions import grants

NO_VALUE = {"Ref": "AWS::NoValue"}
STAGES = ("dev", "rehearsal", "prod")


NAMES_OF_THE_STAGE = ("KI_STAGE", "aws-chalice")
"""A variable of each function, and its tag."""


def nameless(sam):
    """A template without the names of its stage, and without where its code lies."""
    if isinstance(sam, dict):
        return {name: nameless(value) for name, value in sam.items() if name not in (*NAMES_OF_THE_STAGE, "CodeUri")}
    return [nameless(value) for value in sam] if isinstance(sam, list) else sam


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_differs_from_another_in_its_name_alone(stage):
    assert nameless(packaged(stage)) == nameless(template())


def test_every_parameter_that_a_condition_asks_for_is_said():
    """So that each condition holds in the account; the other way round below."""
    defaults = template()["Parameters"]
    for name, condition in template()["Conditions"].items():
        (parameter,) = _references(condition)
        assert PARAMETERS[parameter] != defaults[parameter].get("Default"), name


def _references(value: Any) -> set[str]:
    if isinstance(value, dict):
        return {value["Ref"]} if set(value) == {"Ref"} else set().union(*map(_references, value.values()))
    return set().union(*map(_references, value)) if isinstance(value, list) else set()


def chosen(value: Any, held: set[str]) -> Any:
    """A part of the template as CloudFormation takes it where just these conditions hold."""
    if isinstance(value, dict):
        if set(value) == {"Fn::If"}:
            condition, then, otherwise = value["Fn::If"]
            return chosen(then if condition in held else otherwise, held)
        found = {name: chosen(item, held) for name, item in value.items()}
        return {name: item for name, item in found.items() if item != NO_VALUE}
    return [item for each in value if (item := chosen(each, held)) != NO_VALUE] if isinstance(value, list) else value


CONDITIONS = sorted(template()["Conditions"])
WAYS = [set(CONDITIONS), set(), *(set(CONDITIONS) - {one} for one in CONDITIONS), *({one} for one in CONDITIONS)]


@pytest.mark.parametrize("held", WAYS, ids=lambda held: "+".join(sorted(held)) or "none")
def test_policies_are_of_a_kind_that_is_known_whatever_holds(held):
    """Statements of functions: an action, resources, and for mail the sender's domain where one is said."""
    roles = {name: r["Properties"] for name, r in chosen(template()["Resources"], held).items() if r["Type"] == "AWS::IAM::Role"}
    for name, role in roles.items():
        for statement in itertools.chain.from_iterable(p["PolicyDocument"]["Statement"] for p in role.get("Policies", [])):
            allowed = list(grants([statement]))
            assert allowed, (name, statement)
            mails = any(one.action == "ses:SendEmail" for one in allowed)
            assert ("Condition" in statement) == (mails and "HasMailDomain" in held), (name, statement)


@pytest.mark.parametrize("held", WAYS, ids=lambda held: "+".join(sorted(held)) or "none")
def test_nothing_that_stands_refers_to_what_is_not_made(held):
    whole = translated(template(), PARAMETERS)
    resources = {name: r for name, r in whole["Resources"].items() if r.get("Condition", "") in {"", *held}}
    outputs = [output for output in whole["Outputs"].values() if output.get("Condition", "") in {"", *held}]
    gone = set(whole["Resources"]) - set(resources)
    assert not gone & set().union(*map(named, chosen([*resources.values(), *outputs], held)))


def named(value: Any) -> set[str]:
    """Every resource or parameter that something refers to, in whatever way."""
    if isinstance(value, dict):
        own = {
            value[name] if name == "Ref" else value[name][0] for name in ("Ref", "Fn::GetAtt") if isinstance(value.get(name), (str, list))
        }
        waits = value.get("DependsOn", [])
        own |= {waits} if isinstance(waits, str) else set(waits)
        if isinstance(sub := value.get("Fn::Sub"), str):
            own |= {part.partition("}")[0].partition(".")[0] for part in sub.split("${")[1:]}
        return own.union(*map(named, value.values()))
    return set().union(*map(named, value)) if isinstance(value, list) else set()
