/** What a drawing looks like in light and in dark: plain rules, no variables, so that simple renderers read them too. */

/** Accent of each state type, in light and in dark; the type is written out too, so that nothing hangs on colour. */
const ACCENTS: Readonly<Record<string, readonly [string, string]>> = {
  Task: ['#0b62b0', '#6cb6ff'],
  Choice: ['#96600a', '#e3b341'],
  Parallel: ['#7040b0', '#c297ff'],
  Map: ['#7040b0', '#c297ff'],
  Wait: ['#0f6e78', '#56d4dd'],
  Pass: ['#57606a', '#9aa4b0'],
  Succeed: ['#1a7232', '#57c96f'],
  Fail: ['#b3261e', '#ff7b72'],
};

interface Colours {
  readonly paper: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  readonly caught: string;
  readonly state: string;
  readonly frame: string;
}

const LIGHT: Colours = {
  paper: '#ffffff',
  text: '#1f2328',
  faint: '#57606a',
  line: '#57606a',
  caught: '#b3261e',
  state: '#f8fafc',
  frame: '#c3cad3',
};
const DARK: Colours = {
  paper: '#0d1117',
  text: '#e6edf3',
  faint: '#9aa4b0',
  line: '#9aa4b0',
  caught: '#ff7b72',
  state: '#161b22',
  frame: '#3d444d',
};

const SHAPE = [
  '.asl-graph{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}',
  '.asl-graph text{text-anchor:middle}',
  '.asl-graph .name{font-size:13px}',
  '.asl-graph .type,.asl-graph .label{font-size:10px}',
  '.asl-graph .label.left{text-anchor:end}',
  '.asl-graph .label.right{text-anchor:start}',
  '.asl-graph .box{stroke-width:1.5}',
  '.asl-graph .frame{fill:none;stroke-dasharray:2 3}',
  '.asl-graph .line{fill:none;stroke-width:1.5}',
  '.asl-graph .catch{stroke-dasharray:5 3}',
];

function colours(mode: Colours, index: 0 | 1): string[] {
  return [
    `.asl-graph .paper{fill:${mode.paper}}`,
    `.asl-graph .name{fill:${mode.text}}`,
    `.asl-graph .label,.asl-graph .type{fill:${mode.faint}}`,
    `.asl-graph .box{fill:${mode.state};stroke:${mode.faint}}`,
    `.asl-graph .frame{stroke:${mode.frame}}`,
    `.asl-graph .line,.asl-graph .end{stroke:${mode.line}}`,
    `.asl-graph .end{fill:${mode.paper}}`,
    `.asl-graph .head{fill:${mode.line}}`,
    `.asl-graph .catch{stroke:${mode.caught}}`,
    `.asl-graph .head.caught,.asl-graph .label.caught{fill:${mode.caught}}`,
    ...Object.entries(ACCENTS).map(([type, accent]) => {
      return `.asl-graph .${type} .box{stroke:${accent[index]}}.asl-graph .${type} .type{fill:${accent[index]}}`;
    }),
  ];
}

/** The text of the drawing's style element. Every rule is bound to `.asl-graph`: a page that the drawing stands in is left alone. */
export const STYLE = [
  ...SHAPE,
  ...colours(LIGHT, 0),
  '@media (prefers-color-scheme:dark){',
  ...colours(DARK, 1),
  '}',
].join('\n');

/** The class of a state type; none for what is no type. */
export function typeClass(type: string): string {
  return Object.hasOwn(ACCENTS, type) ? type : 'Other';
}
