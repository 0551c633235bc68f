import { type Mark, markWords } from './picture.ts';

/** Colours as plain rules, no variables: every SVG reader knows those. Dark mode follows the reader's system. */
interface Theme {
  readonly ground: string;
  readonly band: string;
  readonly bandLine: string;
  readonly box: string;
  readonly boxLine: string;
  readonly text: string;
  readonly quiet: string;
  readonly strand: string;
  readonly cycle: string;
  readonly marks: Readonly<Record<Mark, string>>;
}

export const light: Theme = {
  ground: '#ffffff',
  band: '#f6f8fa',
  bandLine: '#dfe4ea',
  box: '#ffffff',
  boxLine: '#ccd3db',
  text: '#1b2026',
  quiet: '#5b6570',
  strand: '#a3aebb',
  cycle: '#cf222e',
  marks: {
    start: '#0969da',
    removed: '#cf222e',
    added: '#1a7f37',
    changed: '#9a6700',
    affected: '#d4580a',
    possible: '#8250df',
  },
};

const dark: Theme = {
  ground: '#0d1117',
  band: '#131922',
  bandLine: '#262e38',
  box: '#1a212b',
  boxLine: '#39434f',
  text: '#e8edf3',
  quiet: '#98a3af',
  strand: '#56616e',
  cycle: '#ff7b72',
  marks: {
    start: '#58a6ff',
    removed: '#ff7b72',
    added: '#3fb950',
    changed: '#d4a72c',
    affected: '#f0883e',
    possible: '#bc8cff',
  },
};

/** Readable on both grounds. A type keeps its colour, because the colour comes from its name. */
const families = [
  '#4c8dff',
  '#e5744b',
  '#2fa37c',
  '#b56bd6',
  '#d6a02a',
  '#3fb0c6',
  '#d6568b',
  '#7f9a3b',
  '#8a7be8',
  '#a5825e',
];

/** The class of a type's colour; FNV-1a of its name, stirred. */
export function familyClass(family: string): string {
  if (family === '') return 'k-f';
  let hash = 0x811c9dc5;
  for (let at = 0; at < family.length; at++) hash = Math.imul(hash ^ family.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return `k-f${((hash ^ (hash >>> 13)) >>> 0) % families.length}`;
}

export type Theming = 'auto' | 'light' | 'dark';

export function styleSheet(theming: Theming = 'auto'): string {
  const fonts = `-apple-system,BlinkMacSystemFont,'Segoe UI','Noto Sans',Helvetica,Arial,sans-serif`;
  return [
    `.k{font-family:${fonts};font-size:13px}`,
    `.k-title{font-size:17px;font-weight:650}.k-name{font-weight:600}.k-kind,.k-small{font-size:11px}`,
    `.k-lane{font-size:12px;font-weight:600;letter-spacing:.04em}`,
    `.k-strand{fill:none;stroke-linecap:round}.k-orders{stroke-dasharray:3 5}.k-hint{stroke-dasharray:9 6}.k-was-removed{stroke-dasharray:5 4}.k-frame{fill:none;stroke-dasharray:2 3}.k-dim{opacity:.42}.k-far{opacity:.3}`,
    ...families.map((colour, place) => `.k-f${place}{fill:${colour}}`),
    rules(theming === 'dark' ? dark : light),
    ...(theming === 'auto' ? [`@media (prefers-color-scheme:dark){${rules(dark)}}`] : []),
  ].join('\n');
}

function rules(theme: Theme): string {
  const marks = (Object.keys(markWords) as Mark[]).map((mark) => {
    const colour = theme.marks[mark];
    return `.k-${mark}{stroke:${colour}}.k-${mark}-ink{fill:${colour}}`;
  });
  return [
    `.k-ground{fill:${theme.ground}}.k-band{fill:${theme.band};stroke:${theme.bandLine}}`,
    `.k-box{fill:${theme.box}}.k-line{stroke:${theme.boxLine}}.k-f{fill:${theme.strand}}`,
    `.k-title,.k-name{fill:${theme.text}}.k-kind,.k-small,.k-lane{fill:${theme.quiet}}`,
    `.k-strand{stroke:${theme.strand}}.k-head{fill:${theme.strand}}`,
    `.k-strand.k-cycle{stroke:${theme.cycle}}.k-head.k-cycle{fill:${theme.cycle}}`,
    `.k-strand.k-hot{stroke:${theme.marks.affected}}.k-head.k-hot{fill:${theme.marks.affected}}`,
    `.k-frame{stroke:${theme.quiet}}.k-more{paint-order:stroke;stroke:${theme.band};stroke-width:4px}`,
    ...(['added', 'removed', 'changed'] as const).map(
      (one) => `.k-strand.k-was-${one}{stroke:${theme.marks[one]}}.k-head.k-was-${one}{fill:${theme.marks[one]}}`,
    ),
    ...marks,
  ].join('');
}
