"""Holds what stands before the pages in the deployable template: the gateway's answers, its logs, the firewall, the function's policy."""

import re
from typing import Any

import pytest

from chalicelib.entrypoints.answers import HTML, SECURITY_HEADERS
from chalicelib.entrypoints.http import ACCESS
from chalicelib.schemas.form_body import MOST_BYTES
from infra.assets import STABLE
from infra.local.template import deployable
from tests.architecture.test_template import ROLES, allowed_on, of_type, statements_of
from tests.house import derbyshire

PROFILE = derbyshire()
FUNCTION = "APIHandler"


def api() -> dict[str, Any]:
    (found,) = of_type("AWS::ApiGateway::RestApi").values()
    return found


def stage() -> dict[str, Any]:
    (found,) = of_type("AWS::ApiGateway::Stage").values()
    return found


def own_answers() -> dict[str, Any]:
    found: dict[str, Any] = api()["Body"]["x-amazon-apigateway-gateway-responses"]
    return found


def rules() -> dict[str, dict[str, Any]]:
    (firewall,) = of_type("AWS::WAFv2::WebACL").values()
    return {rule["Name"]: rule for rule in firewall["Rules"]}


def test_the_gateway_has_the_routes_of_the_app_and_no_other():
    assert set(api()["Body"]["paths"]) == set(ACCESS)
    assert api()["Body"]["x-amazon-apigateway-binary-media-types"] == []


@pytest.mark.parametrize(
    "kind", ["DEFAULT_4XX", "DEFAULT_5XX", "MISSING_AUTHENTICATION_TOKEN", "REQUEST_TOO_LARGE", "THROTTLED", "WAF_FILTERED"]
)
def test_an_answer_of_the_gateways_own_is_a_page_with_our_headers(kind):
    answer = own_answers()[kind]
    headers = {name.removeprefix("gatewayresponse.header."): value for name, value in answer["responseParameters"].items()}
    assert headers == {name: f"'{value}'" for name, value in {**SECURITY_HEADERS, "Content-Type": HTML}.items()}
    assert len(set(answer["responseTemplates"].values())) == 1
    assert set(answer["responseTemplates"]) == {"text/html", "application/json"}, "what a request without a known Accept gets too"


@pytest.mark.parametrize("kind", sorted(own_answers()))
def test_a_plain_page_says_how_to_reach_the_force_and_how_to_leave(kind):
    """It cannot read the profile when it is shown: packaging fills in what it says of the force."""
    text = own_answers()[kind]["responseTemplates"]["text/html"]
    assert PROFILE.force.non_emergency in text
    assert PROFILE.force.text_relay in text
    assert f'href="{PROFILE.web.exit_url}" rel="nofollow noreferrer noopener"' in text
    assert "999" in text
    loaded = re.findall(r'(?:src|link rel="\w+" href)="/assets/([^"]+)"', text)
    assert set(loaded) == STABLE
    assert not re.search(r"<style|\sstyle=|\$", text)


def test_what_does_not_exist_is_404_and_not_403():
    assert own_answers()["MISSING_AUTHENTICATION_TOKEN"]["statusCode"] == "404"


def test_no_log_no_trace_and_no_sample_holds_an_address_with_a_token():
    written = set(re.findall(r"\$context\.[\w.]+", stage()["AccessLogSetting"]["Format"]))
    assert written == {
        "$context.requestId",
        "$context.resourcePath",
        "$context.httpMethod",
        "$context.status",
        "$context.error.responseType",
        "$context.responseLatency",
        "$context.responseLength",
    }
    assert stage()["TracingEnabled"] is False
    (methods,) = stage()["MethodSettings"]
    assert (methods["LoggingLevel"], methods["DataTraceEnabled"]) == ("OFF", False)
    (firewall,) = of_type("AWS::WAFv2::WebACL").values()
    for part in (firewall, *firewall["Rules"]):
        assert part["VisibilityConfig"]["SampledRequestsEnabled"] is False


def test_the_gateway_throttles():
    (methods,) = stage()["MethodSettings"]
    assert (methods["ResourcePath"], methods["HttpMethod"]) == ("/*", "*")
    assert 0 < methods["ThrottlingRateLimit"] <= methods["ThrottlingBurstLimit"] <= 1000


def test_the_firewall_stands_before_the_stage():
    (association,) = of_type("AWS::WAFv2::WebACLAssociation").values()
    (name,) = of_type("AWS::ApiGateway::Stage")
    assert association["ResourceArn"]["Fn::Sub"].endswith(f"/restapis/${{RestAPI}}/stages/${{{name}}}")
    assert association["WebACLArn"] == {"Fn::GetAtt": ["PagesFirewall", "Arn"]}
    assert [rule["Priority"] for rule in rules().values()] == list(range(len(rules())))


def test_the_firewall_counts_by_source_and_stops_at_the_longest_form():
    limits = {name: rule["Statement"].get("RateBasedStatement", {}).get("Limit") for name, rule in rules().items()}
    assert {name: limit for name, limit in limits.items() if limit} == {"rate-of-one-source": 1500, "posts-of-one-source": 100}
    size = rules()["longest-form"]["Statement"]["SizeConstraintStatement"]
    assert (size["ComparisonOperator"], size["Size"]) == ("GT", MOST_BYTES)
    assert size["FieldToMatch"] == {"Body": {"OversizeHandling": "MATCH"}}


def test_what_a_victim_writes_is_not_thrown_away_for_its_words():
    group = rules()["common-rules"]["Statement"]["ManagedRuleGroupStatement"]
    assert all(rule["ActionToUse"] == {"Count": {}} for rule in group["RuleActionOverrides"])
    assert {rule["Name"] for rule in group["RuleActionOverrides"]} >= {"SizeRestrictions_BODY", "CrossSiteScripting_BODY"}


def test_the_pages_may_decide_a_case_keep_what_was_written_and_give_a_hint_and_send_nothing():
    actions = {action for s in statements_of(FUNCTION) for action in s["Action"]}
    assert {action.partition(":")[0] for action in actions} == {"logs", "xray", "kms", "dynamodb", "sqs"}
    tables = {name: allowed_on(FUNCTION, name) for name in of_type("AWS::DynamoDB::Table") if allowed_on(FUNCTION, name)}
    decision = {"dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"}
    assert tables == {
        "ControlTable": {"dynamodb:Query", "dynamodb:UpdateItem", "dynamodb:PutItem"},
        "ContactMessagesTable": {"dynamodb:BatchGetItem", "dynamodb:PutItem", "dynamodb:Query"},
        "OccurrencesTable": {"dynamodb:Query", "dynamodb:GetItem", "dynamodb:PutItem"},
        "EventsTable": {"dynamodb:Query", "dynamodb:GetItem", "dynamodb:PutItem"},
        "NotificationsTable": decision,
        "ObligationsTable": decision | {"dynamodb:Query"},
        "AgreementsTable": decision,
        "ContactPointsTable": {"dynamodb:BatchGetItem", "dynamodb:UpdateItem"},
        "OfficersTable": {"dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:UpdateItem"},
        "AuditTable": {"dynamodb:PutItem"},
    }
    assert allowed_on(FUNCTION, "DispatchQueue") == {"sqs:SendMessage"}
    assert {action for action in actions if action.startswith("sqs:")} == {"sqs:SendMessage"}
    assert [s["Sid"] for s in statements_of(FUNCTION) if s["Resource"] == "*"] == ["Traces"]
    assert not [action for action in actions if "*" in action]
    assert ROLES[FUNCTION] in of_type("AWS::IAM::Role")


def test_where_there_is_a_domain_the_gateways_own_address_answers_nobody():
    assert api()["Body"]["x-amazon-apigateway-endpoint-configuration"] == {
        "disableExecuteApiEndpoint": {"Fn::If": ["HasCertificate", True, False]}
    }


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://victims.example.org", True),
        ("http://127.0.0.1:8000", True),
        ("http://victims.example.org", False),
        ("http://127.0.0.1.example.org", False),
        ("https://victims.example.org/path", False),
        ("https://", False),
    ],
)
def test_links_in_messages_are_https(url, taken):
    """A link opens a victim's page: whoever listens on the way must not read it."""
    assert bool(re.fullmatch(deployable()["Parameters"]["PublicUrl"]["AllowedPattern"], url)) is taken


def test_the_domain_is_that_of_the_links():
    (domain,) = of_type("AWS::ApiGateway::DomainName").values()
    assert domain["DomainName"] == {"Fn::Select": [2, {"Fn::Split": ["/", {"Ref": "PublicUrl"}]}]}
    assert deployable()["Resources"]["PagesDomain"]["Condition"] == "HasCertificate"


def test_the_profile_says_how_long_the_buckets_keep():
    kept = {}
    for name, bucket in of_type("AWS::S3::Bucket").items():
        kept[name] = max(rule["ExpirationInDays"] for rule in bucket["LifecycleConfiguration"]["Rules"])
    assert kept["QuarantineBodiesBucket"] == PROFILE.retention.quarantine.days, "row and body are forgotten together"
    assert kept["LettersBucket"] == PROFILE.web.letter_days
    assert kept["RecordsArchiveBucket"] == PROFILE.web.case_days


def officers_client() -> dict[str, Any]:
    (client,) = of_type("AWS::Cognito::UserPoolClient").values()
    return client


def test_officers_sign_in_by_the_code_flow_with_a_secret_and_come_back_to_us_alone():
    client = officers_client()
    assert client["GenerateSecret"] is True
    assert (client["AllowedOAuthFlowsUserPoolClient"], client["AllowedOAuthFlows"]) == (True, ["code"])
    assert client["CallbackURLs"] == [{"Fn::Sub": "${PublicUrl}/sign-in/callback"}]
    assert client["LogoutURLs"] == [{"Fn::Sub": "${PublicUrl}/signed-out"}]
    assert set(ACCESS) >= {"/sign-in/callback", "/signed-out"}
    assert "aws.cognito.signin.user.admin" not in client["AllowedOAuthScopes"], "or a person could write their own collar number"
    assert client["ExplicitAuthFlows"] == ["ALLOW_REFRESH_TOKEN_AUTH"], "no password reaches anything of ours"
    assert client["IdTokenValidity"] <= 5


def test_the_pool_has_the_claims_of_the_profile_and_nobody_makes_an_account_there():
    (pool,) = of_type("AWS::Cognito::UserPool").values()
    rules = PROFILE.sign_in
    assert {f"custom:{row['Name']}" for row in pool["Schema"]} == {rules.collar_claim, rules.groups_claim}
    assert set(officers_client()["ReadAttributes"]) == {rules.collar_claim, rules.groups_claim}
    assert pool["AdminCreateUserConfig"] == {"AllowAdminCreateUserOnly": True}
    assert pool["MfaConfiguration"] == "ON"
    resource = deployable()["Resources"]["OfficersPool"]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")
    assert pool["DeletionProtection"] == {"Fn::If": ["Protects", "ACTIVE", "INACTIVE"]}


def test_the_forces_own_provider_is_the_only_one_where_it_is_named():
    (identity,) = of_type("AWS::Cognito::UserPoolIdentityProvider").values()
    assert identity["ProviderDetails"]["MetadataURL"] == {"Ref": "IdentityMetadataUrl"}
    assert set(identity["AttributeMapping"]) == {PROFILE.sign_in.collar_claim, PROFILE.sign_in.groups_claim}
    assert officers_client()["SupportedIdentityProviders"] == {"Fn::If": ["HasIdentityProvider", [{"Ref": "ForceIdentity"}], ["COGNITO"]]}


def test_a_deployed_link_wants_a_sign_in_unless_somebody_says_otherwise():
    variables = of_type("AWS::Lambda::Function")[FUNCTION]["Environment"]["Variables"]
    assert variables["KI_OFFICER_SIGN_IN"] == {"Ref": "OfficerSignIn"}
    assert deployable()["Parameters"]["OfficerSignIn"]["Default"] == "required"
    assert variables["KI_SIGN_IN_CLIENT_SECRET"] == {"Fn::GetAtt": ["OfficersClient", "ClientSecret"]}
