import { expect, test } from 'vitest';
import { UserError } from '../user-error.ts';
import { splitCommand } from './app-command.ts';

test.each<[string, readonly string[]]>([
  ['node bin/app.ts', ['node', 'bin/app.ts']],
  ['  npx   tsx  bin/app.ts ', ['npx', 'tsx', 'bin/app.ts']],
  ['node "a b.ts" \'c d\'', ['node', 'a b.ts', 'c d']],
  ['node a\\ b.ts', ['node', 'a b.ts']],
  ['node "say \\"hi\\" \\n"', ['node', 'say "hi" \\n']],
  ['node --x="a;b|c" \'$HOME\'', ['node', '--x=a;b|c', '$HOME']],
  ['node ""', ['node', '']],
  ['node a=b c#d e~f', ['node', 'a=b', 'c#d', 'e~f']],
  ['', []],
])('splits %j', (command, words) => {
  expect(splitCommand(command)).toEqual(words);
});

test.each([
  ['node a.js | tee x', 'a pipe'],
  ['npm run build && node a.js', 'a second command'],
  ['node a.js; rm -rf /', 'a second command'],
  ['node $HOME/a.js', 'a variable'],
  ['node "$HOME/a.js"', 'a variable'],
  ['node `which x`', 'a command substitution'],
  ['node a.js > out', 'a redirection'],
  ['node *.js', 'a file pattern'],
  ['node ~/a.js', 'a home directory'],
  ['FOO=bar node a.js', 'a variable assignment'],
  ['node a.js\nrm x', 'a line break'],
])('refuses %j by name', (command, name) => {
  expect(() => splitCommand(command)).toThrow(UserError);
  expect(() => splitCommand(command)).toThrow(name);
});

test('refuses an open quote', () => {
  expect(() => splitCommand('node "a')).toThrow('open " quote');
});
