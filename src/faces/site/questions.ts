/** How a question is named in a snapshot: path and parameters, sorted by name, without the moment: a snapshot is of one. */
export function questionName(path: string, parameters: URLSearchParams): string {
  const named = [...parameters].filter(([name]) => name !== 'at');
  named.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const search = named.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&');
  return search === '' ? path : `${path}?${search}`;
}

/** Widths of the map that are at hand; whoever asks for another takes the nearest. */
const mapWidths = [40, 64, 96, 128, 160, 200] as const;

/** Asked of the whole estate. */
export const fixedQuestions: readonly string[] = [
  '/v1',
  '/v1/overview',
  '/v1/components',
  '/v1/findings',
  '/v1/environments',
  '/v1/types',
  '/v1/order',
  '/v1/status',
  '/v1/versions?limit=200',
  '/v1/log?limit=200',
  '/v1/runs?limit=200',
  '/v1/changes',
  '/v1/changes?all=true',
  '/v1/scores',
  '/v1/map',
  ...mapWidths.map((across) => `/v1/map?across=${across}`),
];

/** Asked of every change that is told of, the newest first. What is in braces is said as a parameter: so the pages ask. */
export const changeQuestions = [
  '/v1/changes/{id}',
  '/v1/changes/{id}/diff',
  '/v1/changes/{id}/plan',
  '/v1/changes/{id}/score',
] as const;
/** Older ones are in the list alone. */
export const mostChanges = 100;

/** Asked of every component, by the parameter that names it. Packs hold the answers in the order of the ids. */
export const componentQuestions: readonly { readonly path: string; readonly parameter: string }[] = [
  { path: '/v1/component', parameter: 'id' },
  { path: '/v1/outputs', parameter: 'id' },
  { path: '/v1/impact', parameter: 'of' },
  { path: '/v1/graph', parameter: 'root' },
];

/** Groupings of the whole picture; of the first two each group is at hand opened, too. */
export const groupings = [undefined, 'type', 'folder', 'env'] as const;
/** Up to so many components the picture without groups is at hand. */
export const fewComponents = 400;
