"""A Python function's environment: loads the handler, then asks the Runtime API for one invocation after the other.

File descriptor 3 is the read end of a pipe that only the yard holds open: when it closes, the yard is gone, and a
thread kills the whole process group.
"""

import http.client
import importlib
import json
import os
import signal
import sys
import threading
import time
import traceback

PARENT_FD = 3
HOST = os.environ["AWS_LAMBDA_RUNTIME_API"]
API = "/2018-06-01/runtime"


class Failure(Exception):
    """An error of the runtime itself, by its name."""

    def __init__(self, name, message):
        super().__init__(message)
        self.name = name


class Context:
    """The context object that a handler gets."""

    def __init__(self, headers):
        environ = os.environ
        self.aws_request_id = headers.get("Lambda-Runtime-Aws-Request-Id")
        self.invoked_function_arn = headers.get("Lambda-Runtime-Invoked-Function-Arn")
        self.function_name = environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        self.identity = None
        self.client_context = None
        self._deadline_ms = int(headers.get("Lambda-Runtime-Deadline-Ms"))

    def get_remaining_time_in_millis(self):
        return max(self._deadline_ms - int(time.time() * 1000), 0)


def watch_parent():
    def watch():
        while os.read(PARENT_FD, 1024):
            pass
        os.killpg(os.getpgrp(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


def call(connection, method, path, body=None):
    connection.request(method, API + path, body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    text = response.read()
    if response.status >= 500:
        raise RuntimeError("the Runtime API answered %d" % response.status)
    return response.headers, text


def shape(error):
    if isinstance(error, Failure):
        return {"errorMessage": str(error), "errorType": error.name, "stackTrace": []}
    trace = traceback.extract_tb(error.__traceback__)[1:]
    return {
        "errorMessage": str(error),
        "errorType": type(error).__name__,
        "stackTrace": traceback.format_list(trace),
    }


def load_handler():
    handler = os.environ["_HANDLER"]
    module_name, _, function_name = handler.rpartition(".")
    if not module_name or not function_name:
        raise Failure("Runtime.MalformedHandlerName", "Bad handler '%s'" % handler)
    sys.path.insert(0, os.environ["LAMBDA_TASK_ROOT"])
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Failure(
            "Runtime.ImportModuleError", "Unable to import module '%s': %s" % (module_name, error)
        ) from error
    except SyntaxError as error:
        raise Failure(
            "Runtime.UserCodeSyntaxError", "Syntax error in module '%s': %s" % (module_name, error)
        ) from error
    function = getattr(module, function_name, None)
    if function is None:
        raise Failure(
            "Runtime.HandlerNotFound", "Handler '%s' missing on module '%s'" % (function_name, module_name)
        )
    return function


def serve(connection, function):
    while True:
        headers, body = call(connection, "GET", "/invocation/next")
        path = "/invocation/" + headers.get("Lambda-Runtime-Aws-Request-Id")
        trace_id = headers.get("Lambda-Runtime-Trace-Id")
        if trace_id:
            os.environ["_X_AMZN_TRACE_ID"] = trace_id
        try:
            result = function(json.loads(body), Context(headers))
            try:
                answer = json.dumps(result)
            except (TypeError, ValueError) as error:
                raise Failure("Runtime.MarshalError", "Unable to marshal response: %s" % error) from error
        except Exception as error:  # noqa: BLE001 - whatever the handler raises is its answer
            answer = json.dumps(shape(error))
            print("[ERROR] " + answer, file=sys.stderr)
            path += "/error"
        else:
            path += "/response"
        sys.stdout.flush()
        sys.stderr.flush()
        call(connection, "POST", path, answer)


def main():
    watch_parent()
    connection = http.client.HTTPConnection(HOST)
    try:
        function = load_handler()
    except Exception as error:  # noqa: BLE001 - the function's module may raise anything
        call(connection, "POST", "/init/error", json.dumps(shape(error)))
        sys.exit(1)
    serve(connection, function)


main()
