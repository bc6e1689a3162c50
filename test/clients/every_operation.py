"""Every operation of Step Functions with boto3: once as it works, once as it fails.

Usage: every_operation.py ENDPOINT. Prints a JSON object: operation -> "" when all was right, else what was wrong.
An answer is held against botocore's own model of it: types, required members, nothing that the model does not know.
"""

import itertools
import json
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

ROLE = "arn:aws:iam::000000000000:role/test"
PLACE = "arn:aws:states:us-east-1:000000000000"
PASS = '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}'
WAIT = '{"StartAt":"A","States":{"A":{"Type":"Wait","Seconds":600,"End":true}}}'
FAIL = '{"StartAt":"A","States":{"A":{"Type":"Fail","Error":"E"}}}'
NO_MACHINE = PLACE + ":stateMachine:none"
NO_EXECUTION = PLACE + ":execution:none:none"
NO_ACTIVITY = PLACE + ":activity:none"
NO_MAP_RUN = PLACE + ":mapRun:none/none:none"

sfn = boto3.client(
    "stepfunctions",
    endpoint_url=sys.argv[1],
    region_name="us-east-1",
    aws_access_key_id="test",
    aws_secret_access_key="test",
    config=Config(retries={"max_attempts": 1}, inject_host_prefix=False, parameter_validation=False),
)
count = itertools.count()


def name():
    return f"b{next(count)}"


def machine(definition=PASS, **more):
    return sfn.create_state_machine(name=name(), definition=definition, roleArn=ROLE, **more)["stateMachineArn"]


def version():
    return sfn.publish_state_machine_version(stateMachineArn=machine())["stateMachineVersionArn"]


def alias_input():
    return {"name": name(), "routingConfiguration": [{"stateMachineVersionArn": version(), "weight": 100}]}


def alias():
    return sfn.create_state_machine_alias(**alias_input())["stateMachineAliasArn"]


def execution(definition=PASS, **more):
    return sfn.start_execution(stateMachineArn=machine(definition), **more)["executionArn"]


def activity():
    return sfn.create_activity(name=name())["activityArn"]


def waiting_activity():
    arn = activity()
    task = {"Type": "Task", "Resource": arn, "HeartbeatSeconds": 60, "End": True}
    execution(json.dumps({"StartAt": "T", "States": {"T": task}}))
    return arn


def token():
    return sfn.get_activity_task(activityArn=waiting_activity())["taskToken"]


def until(ready):
    for _ in range(200):
        value = ready()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError("waited for nothing")


def failed():
    arn = execution(FAIL)
    until(lambda: sfn.describe_execution(executionArn=arn)["status"] == "FAILED")
    return arn


def map_run():
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "W",
        "States": {"W": {"Type": "Wait", "Seconds": 600, "End": True}},
    }
    state = {"Type": "Map", "ItemProcessor": processor, "End": True}
    arn = execution(json.dumps({"StartAt": "M", "States": {"M": state}}), input="[1]")
    runs = until(lambda: sfn.list_map_runs(executionArn=arn)["mapRuns"])
    return runs[0]["mapRunArn"]


def version_in_use():
    described = sfn.describe_state_machine_alias(stateMachineAliasArn=alias())
    return described["routingConfiguration"][0]["stateMachineVersionArn"]


# Operation -> what works, what the answer has, what fails, the error's code.
CASES = {
    "CreateActivity": (
        lambda: {"name": name(), "tags": [{"key": "k", "value": "v"}]},
        ["activityArn", "creationDate"],
        lambda: {"name": "a b"},
        "InvalidName",
    ),
    "CreateStateMachine": (
        lambda: {"name": name(), "definition": PASS, "roleArn": ROLE, "publish": True},
        ["stateMachineArn", "creationDate", "stateMachineVersionArn"],
        lambda: {"name": name(), "definition": "{}", "roleArn": ROLE},
        "InvalidDefinition",
    ),
    "CreateStateMachineAlias": (
        alias_input,
        ["stateMachineAliasArn", "creationDate"],
        lambda: {"name": name(), "routingConfiguration": [{"stateMachineVersionArn": machine(), "weight": 100}]},
        "ValidationException",
    ),
    "DeleteActivity": (lambda: {"activityArn": activity()}, [], lambda: {"activityArn": "x"}, "InvalidArn"),
    "DeleteStateMachine": (
        lambda: {"stateMachineArn": machine()},
        [],
        lambda: {"stateMachineArn": "x"},
        "InvalidArn",
    ),
    "DeleteStateMachineAlias": (
        lambda: {"stateMachineAliasArn": alias()},
        [],
        lambda: {"stateMachineAliasArn": "x"},
        "InvalidArn",
    ),
    "DeleteStateMachineVersion": (
        lambda: {"stateMachineVersionArn": version()},
        [],
        lambda: {"stateMachineVersionArn": version_in_use()},
        "ConflictException",
    ),
    "DescribeActivity": (
        lambda: {"activityArn": activity()},
        ["name", "creationDate"],
        lambda: {"activityArn": NO_ACTIVITY},
        "ActivityDoesNotExist",
    ),
    "DescribeExecution": (
        lambda: {"executionArn": execution()},
        ["status", "startDate", "input"],
        lambda: {"executionArn": NO_EXECUTION},
        "ExecutionDoesNotExist",
    ),
    "DescribeMapRun": (
        lambda: {"mapRunArn": map_run()},
        ["status", "itemCounts", "executionCounts"],
        lambda: {"mapRunArn": NO_MAP_RUN},
        "ResourceNotFound",
    ),
    "DescribeStateMachine": (
        lambda: {"stateMachineArn": version()},
        ["definition", "status"],
        lambda: {"stateMachineArn": NO_MACHINE},
        "StateMachineDoesNotExist",
    ),
    "DescribeStateMachineAlias": (
        lambda: {"stateMachineAliasArn": alias()},
        ["routingConfiguration"],
        lambda: {"stateMachineAliasArn": NO_MACHINE + ":a"},
        "ResourceNotFound",
    ),
    "DescribeStateMachineForExecution": (
        lambda: {"executionArn": execution()},
        ["definition", "updateDate"],
        lambda: {"executionArn": NO_EXECUTION},
        "ExecutionDoesNotExist",
    ),
    "GetActivityTask": (
        lambda: {"activityArn": waiting_activity(), "workerName": "w"},
        ["taskToken", "input"],
        lambda: {"activityArn": NO_ACTIVITY},
        "ActivityDoesNotExist",
    ),
    "GetExecutionHistory": (
        lambda: {"executionArn": execution()},
        ["events"],
        lambda: {"executionArn": NO_EXECUTION},
        "ExecutionDoesNotExist",
    ),
    "ListActivities": (lambda: {"maxResults": 5}, ["activities"], lambda: {"nextToken": "x"}, "InvalidToken"),
    "ListExecutions": (
        lambda: {"stateMachineArn": machine(), "statusFilter": "RUNNING"},
        ["executions"],
        lambda: {"stateMachineArn": machine(), "statusFilter": "running"},
        "ValidationException",
    ),
    "ListMapRuns": (
        lambda: {"executionArn": execution()},
        ["mapRuns"],
        lambda: {"executionArn": NO_EXECUTION},
        "ExecutionDoesNotExist",
    ),
    "ListStateMachineAliases": (
        lambda: {"stateMachineArn": machine()},
        ["stateMachineAliases"],
        lambda: {"stateMachineArn": NO_MACHINE},
        "StateMachineDoesNotExist",
    ),
    "ListStateMachines": (lambda: {"maxResults": 5}, ["stateMachines"], lambda: {"maxResults": 1001}, "ValidationException"),
    "ListStateMachineVersions": (
        lambda: {"stateMachineArn": machine()},
        ["stateMachineVersions"],
        lambda: {"stateMachineArn": "x"},
        "InvalidArn",
    ),
    "ListTagsForResource": (
        lambda: {"resourceArn": machine(tags=[{"key": "k", "value": "v"}])},
        ["tags"],
        lambda: {"resourceArn": NO_MACHINE},
        "ResourceNotFound",
    ),
    "PublishStateMachineVersion": (
        lambda: {"stateMachineArn": machine()},
        ["stateMachineVersionArn", "creationDate"],
        lambda: {"stateMachineArn": machine(), "revisionId": "another"},
        "ConflictException",
    ),
    "RedriveExecution": (
        lambda: {"executionArn": failed()},
        ["redriveDate"],
        lambda: {"executionArn": execution()},
        "ExecutionNotRedrivable",
    ),
    "SendTaskFailure": (
        lambda: {"taskToken": token(), "error": "E", "cause": "c"},
        [],
        lambda: {"taskToken": "x"},
        "InvalidToken",
    ),
    "SendTaskHeartbeat": (lambda: {"taskToken": token()}, [], lambda: {"taskToken": "x"}, "InvalidToken"),
    "SendTaskSuccess": (
        lambda: {"taskToken": token(), "output": "1"},
        [],
        lambda: {"taskToken": token(), "output": "{"},
        "InvalidOutput",
    ),
    "StartExecution": (
        lambda: {"stateMachineArn": alias(), "input": "[1]"},
        ["executionArn", "startDate"],
        lambda: {"stateMachineArn": machine(), "input": "{"},
        "InvalidExecutionInput",
    ),
    "StartSyncExecution": (
        lambda: {"stateMachineArn": machine(type="EXPRESS")},
        ["status", "output", "billingDetails"],
        lambda: {"stateMachineArn": machine()},
        "StateMachineTypeNotSupported",
    ),
    "StopExecution": (
        lambda: {"executionArn": execution(WAIT), "error": "E"},
        ["stopDate"],
        lambda: {"executionArn": NO_EXECUTION},
        "ExecutionDoesNotExist",
    ),
    "TagResource": (
        lambda: {"resourceArn": machine(), "tags": [{"key": "k", "value": "v"}]},
        [],
        lambda: {"resourceArn": NO_MACHINE, "tags": [{"key": "k", "value": "v"}]},
        "ResourceNotFound",
    ),
    "TestState": (
        lambda: {"definition": '{"Type":"Pass","End":true}', "inspectionLevel": "TRACE"},
        ["status", "output", "inspectionData"],
        lambda: {"definition": '{"Type":"Pass","End":true}', "mock": {"result": "{}"}},
        "ValidationException",
    ),
    "UntagResource": (
        lambda: {"resourceArn": machine(), "tagKeys": ["k"]},
        [],
        lambda: {"resourceArn": NO_MACHINE, "tagKeys": ["k"]},
        "ResourceNotFound",
    ),
    "UpdateMapRun": (
        lambda: {"mapRunArn": map_run(), "maxConcurrency": 2},
        [],
        lambda: {"mapRunArn": NO_MAP_RUN, "maxConcurrency": 1},
        "ResourceNotFound",
    ),
    "UpdateStateMachine": (
        lambda: {"stateMachineArn": machine(), "definition": WAIT, "publish": True},
        ["updateDate", "revisionId", "stateMachineVersionArn"],
        lambda: {"stateMachineArn": NO_MACHINE, "definition": WAIT},
        "StateMachineDoesNotExist",
    ),
    "UpdateStateMachineAlias": (
        lambda: {"stateMachineAliasArn": alias(), "description": "d"},
        ["updateDate"],
        lambda: {"stateMachineAliasArn": NO_MACHINE + ":a", "description": "d"},
        "ResourceNotFound",
    ),
    "ValidateStateMachineDefinition": (
        lambda: {"definition": "{}"},
        ["result", "diagnostics"],
        lambda: {"definition": ""},
        "ValidationException",
    ),
}

METHODS = {operation: method for method, operation in sfn.meta.method_to_api_mapping.items()}


def call(operation, parameters):
    return getattr(sfn, METHODS[operation])(**parameters)


def check(operation):
    works, gives, fails, code = CASES[operation]
    answer = call(operation, works())
    status = answer.pop("ResponseMetadata")["HTTPStatusCode"]
    assert status == 200, f"status {status}"
    missing = [member for member in gives if member not in answer]
    assert not missing, f"no {missing} in {answer}"
    shape = sfn.meta.service_model.operation_model(operation).output_shape
    report = ParamValidator().validate(answer, shape)
    assert not report.has_errors(), report.generate_report()
    try:
        call(operation, fails())
    except ClientError as error:
        found = error.response["Error"]
        assert found["Code"] == code, f"{found['Code']}: {found['Message']}"
        assert isinstance(error, sfn.exceptions.from_code(code)), type(error)
        assert found["Message"], "no message"
        assert error.response["ResponseMetadata"]["RequestId"], "no request id"
        return
    raise AssertionError(f"did not fail with {code}")


def main():
    results = {}
    for operation in METHODS:
        try:
            check(operation)
            results[operation] = ""
        except Exception as error:  # Whatever it is, it is this operation's result.
            results[operation] = f"{type(error).__name__}: {error}"
    print(json.dumps(results))


main()
