/** docs/diagnostics.md is made from the checker's own registry. */
import { CODES, type Code } from '@stepyard/asl';

const GROUPS: readonly (readonly [string, string])[] = [
  ['1', 'The text'],
  ['2', 'Fields and values'],
  ['3', 'Transitions'],
  ['4', 'Paths, templates and expressions'],
  ['5', 'Errors, resources and their parameters'],
  ['6', 'Kinds of machine, limits'],
  ['8', 'Legal, but it will hurt'],
];

const INTRODUCTION = `# Diagnostics

What \`stepyard check\` and ValidateStateMachineDefinition find, made from the registry in
[codes.ts](../packages/asl/src/check/codes.ts) by \`npm run docs\`. A code keeps its meaning for ever. The third column is what
AWS calls the same finding; where there is none, AWS does not report it, and the yard's API leaves it out too.
`;

/** The page as it must stand. */
export function diagnosticsPage(): string {
  const rows: Code[] = Object.values(CODES);
  const sections = GROUPS.map(([digit, title]) => {
    const lines = rows
      .filter(({ code }) => code.startsWith(`ASL${digit}`))
      .toSorted((a, b) => (a.code < b.code ? -1 : 1))
      .map(
        ({ code, severity, aws, summary, help }) =>
          `| ${code} | ${severity} | ${aws ?? ''} | ${cell(summary)} | ${cell(help)} |`,
      );
    return [
      `## ${title}`,
      '',
      '| code | severity | AWS | meaning | what to do |',
      '|---|---|---|---|---|',
      ...lines,
      '',
    ].join('\n');
  });
  return `${INTRODUCTION}\n${sections.join('\n')}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
