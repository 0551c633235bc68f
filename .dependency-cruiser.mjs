/** Which room may import which. Each rule says why, for the person who trips over it. */

/** What each room may import besides itself and `model`. `engine` joins them; faces see the engine alone. */
const arrows = {
  model: {
    to: [],
    why: 'model holds the words; it imports nothing, so that every room can import it without a cycle.',
  },
  hcl: { to: [], why: 'hcl reads and evaluates text; it knows no estate, no store and no graph.' },
  config: { to: [], why: 'config merges and validates what people meant; pure, so that it runs at any revision.' },
  edit: {
    to: ['hcl', 'config'],
    why: 'an edit is a function of the bytes of one file; which file it has to be is decided in engine.',
  },
  observe: { to: ['hcl', 'config'], why: 'observe says what is there; what it means is decided in infer.' },
  fetch: { to: ['observe'], why: 'fetch alone reaches the network for modules, and only when a person asked for it.' },
  infer: {
    to: ['hcl', 'config'],
    why: 'inference is a pure function of observations; I/O would break full = incremental.',
  },
  graph: {
    to: [],
    why: 'questions are answered from rows in memory; a graph that reads a store is a graph that waits.',
  },
  report: {
    to: ['graph'],
    why: 'a report draws, exports and words what was answered; a report that finds something out is an answer nobody can ask for.',
  },
  consequence: { to: ['graph'], why: 'consequence compares records with the graph; it runs and stores nothing.' },
  stores: { to: [], why: 'a store keeps what it is given; rules about what is kept live elsewhere.' },
  run: { to: ['hcl'], why: 'one Terraform execution; which run comes next is the business of deploy.' },
  deploy: { to: ['graph', 'consequence', 'run', 'stores'], why: 'deploy orders runs; it gets its adapters handed in.' },
  change: {
    to: ['graph', 'consequence', 'stores'],
    why: 'a change request is validated against the graph and kept by a port.',
  },
  engine: {
    to: [
      'hcl',
      'edit',
      'observe',
      'config',
      'infer',
      'graph',
      'report',
      'consequence',
      'stores',
      'run',
      'deploy',
      'change',
    ],
    why: 'the engine joins the rooms, one file a verb; faces and wiring stand above it.',
  },
  faces: {
    to: ['engine', 'wiring'],
    why: 'faces render what the engine answers; a face that computes is a second engine.',
  },
  wiring: {
    to: ['engine', 'observe', 'fetch', 'config', 'stores', 'run', 'hcl'],
    why: 'wiring alone knows concrete adapters, and no face.',
  },
};

const adapters = '^src/stores/[^/]+/(sqlite|dynamodb|neptune|ssm)/';

export default {
  forbidden: [
    {
      name: 'no-cycles',
      comment:
        'Two files that need each other at run time are one file or need a third. Types may refer to each other.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    ...Object.entries(arrows).map(([room, { to, why }]) => ({
      name: `arrows-of-${room}`,
      comment: why,
      severity: 'error',
      from: { path: `^src/${room}/` },
      to: { path: '^src/', pathNot: `^src/(${[room, 'model', ...to].join('|')})/` },
    })),
    {
      name: 'verbs-stand-on-their-rooms',
      comment: 'A verb is a query and whom it asks, in the folders of engine; none of those asks a verb.',
      severity: 'error',
      from: { path: '^src/engine/', pathNot: '^src/engine/verbs/|[.]test[.]ts$' },
      to: { path: '^src/engine/verbs/' },
    },
    {
      name: 'adapters-only-in-wiring',
      comment: 'Only wiring may name SQLite, DynamoDB, Neptune or SSM; everyone else takes a port.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/wiring/|${adapters}` },
      to: { path: adapters },
    },
    {
      name: 'objects-without-git',
      comment:
        'What reads objects without the git program is a fast way of observe, and can be left out; nobody else knows that it is there.',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/observe/' },
      to: { path: '^src/observe/git/objects/' },
    },
    {
      name: 'pure-rooms-do-no-io',
      comment:
        'model, config, edit, infer, graph, report, consequence and change are pure: no files, no processes, no network.',
      severity: 'error',
      from: { path: '^src/(model|config|edit|infer|graph|report|consequence|change)/' },
      to: { path: '^(node:)?(fs|fs/promises|child_process|net|http|https|os|worker_threads|sqlite)$' },
    },
    {
      name: 'web-takes-types-from-the-api',
      comment: 'The UI is a client: it may import types of the HTTP API and nothing else of Karma.',
      severity: 'error',
      from: { path: '^web/' },
      to: { path: '^src/', pathNot: '^src/faces/api/' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.test\\.ts$' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.mjs'] },
  },
};
