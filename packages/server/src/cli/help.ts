/** Of all commands, or of one alone. */
export function helpText(command?: string): string {
  if (command === undefined) return HELP;
  const part = HELP.split('\n\n').flatMap((text) => text.split(/\n(?= {2}stepyard )/u));
  return `${part.find((text) => text.startsWith(`  stepyard ${command} `)) ?? HELP}\n`;
}

const HELP = `Stepyard runs AWS Step Functions workflows on this machine.

  stepyard start [options]     run the yard until Ctrl-C
    --app DIR                  synthesise the CDK app in DIR (by its cdk.json) and deploy it
    --assembly DIR             deploy a synthesised cloud assembly (cdk.out)
    --port N                   port of the endpoint (4566; 0: any free one)
    --host ADDRESS             address to listen on (127.0.0.1)
    --data DIR                 where data is kept (.stepyard)
    --memory                   keep nothing
    --durability LEVEL         how safe executions are: full (a power cut loses nothing that was answered), normal (the end of
                               the process loses nothing), memory (kept nowhere) (full)
    --retention-days N         how long executions are kept after their end (90)
    --jobs MODE                how Batch and ECS jobs run: auto, container or process (auto)
    --job-build-arg NAME=VALUE build argument for the images of jobs; may be repeated
    --container-arg ARG        argument for the container engine when it makes a job's container, as in
                               --container-arg=--network=host; may be repeated
    --endpoint SERVICE=URL     use another endpoint for a service (dynamodb=http://127.0.0.1:8000); may be repeated
    --mocks FILE               mocked responses, in the format of Step Functions Local's MockConfigFile
    --virtual-time             waits and timeouts pass at once
    --manual-time              virtual time that stands still until the console advances it
    --no-console               serve no console
    --verbose                  print what functions and jobs log; it is always kept in CloudWatch Logs
    --once                     exit after the deployment: 0 when it worked

  stepyard run FILE [options]  run a state machine once, in this process: prints its path and its result
    --input JSON|@FILE         input of the execution ({})
    --set NAME=VALUE           value of a \${NAME} in the definition; may be repeated
    --mocks FILE               mocked responses, as above
    --test-case NAME           which of its test cases (the only one)
    --virtual-time             waits and timeouts pass at once
    --express                  as an Express workflow
    --history                  print the history, too
    --json                     print one JSON document

  stepyard check FILE|DIR... [--format text|json|github]
                               check state machine definitions: 0 when there is no error, 1 when there is.
                               Understood: JSON and YAML, JSON that wraps a definition, templates of a cloud assembly
  stepyard graph FILE [--format svg|mermaid] [--out FILE]
                               draw a definition: a picture (SVG) or a Mermaid flowchart, printed or written to a file

  stepyard prune [--data DIR] [--older-than-days N]
                               forget executions that ended so long ago (90 days), while no yard uses the data

  stepyard --help, stepyard --version

Exit status 1: the definition has errors (check), the execution did not succeed (run).
Exit status 2: bad arguments, or nothing could be started; one line on stderr says why.
`;
