import type { ReactNode } from 'react';
import { createStateMachine } from '../../api/step-functions.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { to } from '../../model/paths.ts';
import { navigate } from '../../router/location.ts';
import { attempt } from '../../state/flashes.ts';
import './first-steps.css';

/** What a yard without state machines shows: three ways to come by one. */
export function FirstSteps(): ReactNode {
  const variables = `export AWS_ENDPOINT_URL=${window.location.origin} AWS_REGION=us-east-1 AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test`;
  return (
    <>
      <div className="page-head">
        <h1>State machines</h1>
      </div>
      <section className="card first-steps" aria-label="First steps">
        <h2>There are no state machines yet</h2>
        <ol>
          <li>
            <h3>Have a look around</h3>
            <p>A small workflow with a choice, a wait and a failure, ready to be started.</p>
            <button
              type="button"
              className="plain-button primary"
              onClick={() => void attempt(createExample)}
            >
              Create an example
            </button>
          </li>
          <li>
            <h3>Deploy a CDK app</h3>
            <p>
              Stop the yard and start it with your app: it is synthesised, and all of it is deployed here.
            </p>
            <Command text="npx stepyard start --app DIRECTORY" />
          </li>
          <li>
            <h3>Use the AWS CLI or an SDK</h3>
            <p>
              With these variables they talk to this yard; <code>create-state-machine</code> is as on AWS, any
              role will do.
            </p>
            <Command text={variables} />
          </li>
        </ol>
      </section>
    </>
  );
}

function Command({ text }: { readonly text: string }): ReactNode {
  return (
    <div className="command">
      <code>{text}</code>
      <CopyButton text={text} what="the command" />
    </div>
  );
}

const NAME = 'example';

async function createExample(): Promise<void> {
  await createStateMachine(NAME, EXAMPLE);
  navigate(to.machine(NAME));
}

const EXAMPLE = {
  Comment:
    'Given {"amount": 50} it succeeds at once, {"amount": 500} after a wait; {"amount": -1} has it fail.',
  QueryLanguage: 'JSONata',
  StartAt: 'Is it large?',
  States: {
    'Is it large?': {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.amount < 0 %}', Next: 'Refuse' },
        { Condition: '{% $states.input.amount > 100 %}', Next: 'Wait for a review' },
      ],
      Default: 'Work it out',
    },
    'Wait for a review': { Type: 'Wait', Seconds: 5, Next: 'Work it out' },
    'Work it out': {
      Type: 'Pass',
      Output: { total: '{% $states.input.amount * 1.2 %}' },
      Next: 'Done',
    },
    Done: { Type: 'Succeed' },
    Refuse: {
      Type: 'Fail',
      Error: 'NegativeAmount',
      Cause: '{% "What would " & $states.input.amount & " be?" %}',
    },
  },
} as const;
