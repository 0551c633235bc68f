import type { CommandSpec, OptionSpec } from './command.ts';

/** Every command, in the order `karma --help` shows them. */

const at: OptionSpec = {
  flags: '--at <revision>',
  about: 'a Git revision, a graph version (v43) or a time; default: the work tree as it is',
  elseWorktree: true,
};
const followed: OptionSpec = {
  flags: '--at <revision>',
  about: 'a Git revision; default: `follow:` in karma.yaml, else HEAD',
};
const exitCode: OptionSpec = { flags: '--exit-code', about: 'exit 2 when there is something' };
const depth: OptionSpec = { flags: '--depth <n>', about: 'at most so many steps away' };
const runAt: OptionSpec = {
  flags: '--at <revision>',
  about: 'run a Git revision; default: the work tree, from its commit when clean',
};
const filter: OptionSpec = { flags: '--filter <selection>', about: 'a selection; several are united', repeat: true };

export const groups: Readonly<Record<string, { readonly summary: string; readonly aliases?: readonly string[] }>> = {
  graph: { summary: 'draw the graph, list its versions' },
  config: { summary: 'show, validate and publish configuration' },
  parameter: { summary: 'the Parameter Store: get, put, list, history, import, export', aliases: ['param'] },
  env: { summary: 'environments: which there are, how two of them differ', aliases: ['environment'] },
  type: { summary: 'component types and what their modules read and write' },
  modules: { summary: 'modules from elsewhere: fetch them, so that they are read like any other', aliases: ['module'] },
  log: { summary: 'the ledger: what happened, who did it, does it hold together' },
  store: { summary: 'rebuild and verify what is kept' },
};

export const commands: readonly CommandSpec[] = [
  {
    name: 'overview',
    summary: 'what is in this estate, the worst findings, what to type next (bare `karma`)',
    options: [at],
    examples: ['karma', 'karma -C ~/infrastructure'],
    load: () => import('./verbs/overview.ts'),
  },
  {
    name: 'list',
    aliases: ['ls'],
    args: '[selection...]',
    summary: 'components of a selection',
    options: [
      at,
      filter,
      { flags: '--columns <names>', about: 'attributes to show, separated by commas: owner,region,account,source,…' },
      { flags: '--group-by <name>', about: 'group by env, kind or an attribute' },
      exitCode,
    ],
    examples: [
      'karma list',
      'karma list kind=vpc',
      "karma list '...vpc/main' --columns owner,region",
      'karma list --at main~3 env=prod',
    ],
    load: () => import('./verbs/list.ts'),
  },
  {
    name: 'show',
    args: '<id>',
    summary: 'one component: what it is, depends on, is used by, and what is odd about it',
    options: [at],
    examples: ['karma show prod/vpc/main', 'karma show vpc/main --at v12', 'karma show .'],
    load: () => import('./verbs/show.ts'),
  },
  {
    name: 'outputs',
    args: '<id>',
    summary: "a component's outputs and who reads each, with file and line",
    options: [at],
    examples: ['karma outputs prod/vpc/main', 'karma outputs live/prod/vpc --json'],
    load: () => import('./verbs/outputs.ts'),
  },
  {
    name: 'impact',
    args: '[target...]',
    summary: 'who is affected when something changes, and why; with --since, what a Git range changes',
    options: [
      at,
      {
        flags: '--since <range>',
        about: 'compare two revisions: REV, A..B or main...HEAD',
        notWith: ['arguments', '--at', '--forward', '--depth', '--filter'],
      },
      { flags: '--forward', about: 'the other way: what the target depends on' },
      depth,
      filter,
      { flags: '--output <format>', about: 'table, markdown, matrix, gitlab, paths0, atlantis or json' },
      {
        flags: '--states <file>',
        about: 'a listing of the state bucket, one address a line, to find what nothing claims',
        onlyWith: '--since',
      },
      exitCode,
    ],
    examples: [
      'karma impact prod/vpc/main',
      "karma impact 'vpc/main#/private_subnet_ids'",
      'karma impact modules/vpc/main.tf',
      'karma impact --since main...HEAD',
      'karma impact --since main --output markdown',
    ],
    load: () => import('./verbs/impact.ts'),
  },
  {
    name: 'why',
    args: '<from> [to]',
    summary: 'the evidence and path between two components; with one, the causes of how it is',
    options: [at, { flags: '--states <path>', about: 'for the causes of one: pulled states, beside local ones' }],
    examples: ['karma why app/web vpc/main', 'karma why prod/vpc/main', "karma why 'prod/vpc/main#/vpc_id'"],
    load: () => import('./verbs/why.ts'),
  },
  {
    name: 'order',
    args: '[selection...]',
    summary: 'the order in which components run: waves, cycles, critical path; runs nothing',
    options: [
      at,
      filter,
      { flags: '--reverse', about: 'the order in which to destroy' },
      { flags: '--since <range>', about: 'only what a Git range makes necessary', notWith: ['--at'] },
      { flags: '--output <format>', about: 'table, matrix, gitlab, paths0 or json' },
    ],
    examples: [
      'karma order',
      "karma order 'env=prod'",
      "karma order 'vpc/main...' --reverse",
      'karma order --since main',
    ],
    load: () => import('./verbs/order.ts'),
  },
  {
    name: 'diff',
    args: '<range>',
    summary: 'what differs in the graph between two revisions, times or versions',
    options: [exitCode, { flags: '--modulo-environment', about: 'compare two environments, as `dev..prod`' }],
    examples: ['karma diff main..', 'karma diff v12..v14', 'karma diff dev..prod --modulo-environment'],
    load: () => import('./verbs/diff.ts'),
  },
  {
    name: 'check',
    args: '[selection...]',
    summary: 'findings, schemas, contracts and policies: the only judge',
    options: [
      at,
      filter,
      {
        flags: '--fail-on <severity>',
        about: 'exit 2 from this severity on: error, warning, info or never',
        default: 'error',
      },
      { flags: '--since <range>', about: 'only what a Git range makes worse', notWith: ['--at'] },
      {
        flags: '--baseline <file>',
        about:
          'accept the findings kept in this file (default: .karma-baseline.json in the root of the estate, when it is there)',
      },
      {
        flags: '--write-baseline',
        about: "write today's findings to the baseline file",
        notWith: ['arguments', '--filter', '--since', '--fail-on', '--output'],
      },
      { flags: '--output <format>', about: 'table, sarif, junit or json' },
    ],
    examples: [
      'karma check',
      'karma check --fail-on warning',
      'karma check --since main --output sarif',
      'karma check --write-baseline',
    ],
    load: () => import('./verbs/check.ts'),
  },
  {
    name: 'status',
    args: '[selection...]',
    summary: 'per component: deployed, stale, unpublished, edited, drifted, never run, failed, external, unknown',
    options: [
      filter,
      { flags: '--states <path>', about: 'a folder of pulled states or outputs, beside local ones' },
      { flags: '--binding <name>', about: 'one account of an environment' },
      {
        flags: '--refresh',
        about: 'let Terraform compare the real resources with its states; needs a selection or --all',
      },
      { flags: '--all', about: 'with --refresh: every component', onlyWith: '--refresh' },
      {
        flags: '--parallelism <n>',
        about: 'with --refresh: how many at once; default: one a core',
        onlyWith: '--refresh',
      },
      exitCode,
    ],
    examples: [
      'karma status',
      'karma status env=prod',
      'karma status --states ./pulled-states',
      'karma status env=prod --refresh',
    ],
    load: () => import('./verbs/status.ts'),
  },
  {
    name: 'plan',
    args: '[selection...]',
    summary: 'what Terraform would do, component by component, in order',
    options: [
      filter,
      { flags: '--all', about: 'every component' },
      runAt,
      { flags: '--no-cutoff', about: 'plan everything selected' },
      {
        flags: '--out <file>',
        about: 'keep the plan: `deploy --plan` applies exactly it; the file holds values in clear',
      },
      ...runOptions(),
    ],
    examples: [
      'karma plan dev/vpc/main',
      "karma plan 'vpc/main...' --parallelism 4",
      'karma plan env=dev --out plan.json && karma deploy --plan plan.json',
    ],
    load: () => import('./verbs/deploy.ts').then(({ runPlan }) => ({ run: runPlan })),
  },
  {
    name: 'deploy',
    args: '[selection...]',
    summary: 'plan and apply a selection in order; what provably need not run is skipped',
    options: [
      filter,
      { flags: '--all', about: 'every component' },
      { flags: '--yes', about: 'do not ask' },
      { flags: '--plan <file>', about: 'exactly what `plan --out` kept, and nothing else' },
      { flags: '--dry-run', about: 'plan only, write nothing' },
      runAt,
      { flags: '--no-cutoff', about: 'run everything selected' },
      { flags: '--new-state', about: 'allow a component whose runtime exists but whose state is empty' },
      { flags: '--break-contracts', about: 'go on though an output goes that others read; it is recorded' },
      ...leaseOptions(),
      ...runOptions(),
    ],
    examples: [
      'karma deploy dev/vpc/main --dry-run',
      "karma deploy '...dev/vpc/main' --yes",
      'karma deploy env=dev --all',
    ],
    load: () => import('./verbs/deploy.ts').then(({ runDeploy }) => ({ run: runDeploy })),
  },
  {
    name: 'destroy',
    args: '[selection...]',
    summary: 'destroy a selection backwards over the recorded graph; refuses what others still consume',
    options: [
      filter,
      { flags: '--all', about: 'every component' },
      { flags: '--yes', about: 'do not ask' },
      { flags: '--dry-run', about: 'say what would go, destroy nothing' },
      ...leaseOptions(),
      ...runOptions(),
    ],
    examples: ['karma destroy dev/service/web --dry-run'],
    load: () => import('./verbs/deploy.ts').then(({ runDestroy }) => ({ run: runDestroy })),
  },
  {
    name: 'record',
    args: '<file...>',
    summary: 'record a run made by others: a state, outputs, a plan JSON or a Terragrunt run report',
    options: [
      { flags: '--component <id>', about: 'whose run it was, where the file does not say' },
      { flags: '--run-by <who>', about: 'who ran it' },
    ],
    examples: [
      'terraform output -json | karma record - --component live/prod/vpc',
      'karma record plan.json --component prod/vpc/main',
    ],
    load: () => import('./verbs/record.ts'),
  },
  {
    name: 'log list',
    summary: 'events, newest first',
    options: [
      { flags: '--limit <n>', about: 'how many', default: '30' },
      { flags: '--action <name>', about: 'one action, or a prefix such as run.' },
      { flags: '--subject <id>', about: 'one subject' },
    ],
    examples: ['karma log list', 'karma log list --action graph.published'],
    load: () => import('./verbs/log.ts').then(({ runList }) => ({ run: runList })),
  },
  {
    name: 'log grep',
    args: '<text>',
    summary: 'events that hold a text',
    options: [{ flags: '--limit <n>', about: 'how many', default: '30' }],
    examples: ['karma log grep vpc/main'],
    load: () => import('./verbs/log.ts').then(({ runGrep }) => ({ run: runGrep })),
  },
  {
    name: 'log tail',
    summary: 'events as they come',
    options: [],
    examples: ['karma log tail'],
    load: () => import('./verbs/log.ts').then(({ runTail }) => ({ run: runTail })),
  },
  {
    name: 'log verify',
    summary: 'does the chain hold: names the first event edited, dropped, reordered or truncated',
    examples: ['karma log verify'],
    load: () => import('./verbs/log.ts').then(({ runVerify }) => ({ run: runVerify })),
  },
  {
    name: 'log export',
    summary: 'every event, one JSON object a line',
    examples: ['karma log export > ledger.jsonl'],
    load: () => import('./verbs/log.ts').then(({ runExport }) => ({ run: runExport })),
  },
  {
    name: 'graph draw',
    args: '[selection...]',
    summary: 'a picture of the graph: SVG, DOT or Mermaid',
    options: [
      at,
      filter,
      { flags: '--format <name>', about: 'svg, dot or mermaid', default: 'svg' },
      { flags: '--theme <name>', about: 'light, dark, or auto: as the reader of the SVG has it', default: 'auto' },
      { flags: '--root <id>', about: 'start from this component, and show what is within some steps', repeat: true },
      { flags: '--depth <n>', about: 'how many steps from a root (default: 1)' },
      { flags: '--direction <name>', about: 'from a root: dependencies, dependents or both (default: both)' },
      { flags: '--from <id>', about: 'all ways from this component to the one of --to' },
      { flags: '--to <id>', about: 'the other end of --from' },
      { flags: '--hide <selection>', about: 'leave these out', repeat: true },
      { flags: '--find <selection>', about: 'point these out', repeat: true },
      { flags: '--group-by <key>', about: 'env, type, folder, folders:3, an attribute, or none (default: what fits)' },
      { flags: '--open <group>', about: 'show the members of a group one by one', repeat: true },
      { flags: '--limit <n>', about: 'group above so many boxes (default: 60)' },
      { flags: '--compare <rev>', about: 'over a revision, version or time: what is added, changed and gone since' },
      { flags: '--since <range>', about: 'what a Git range changes, and who is affected' },
      { flags: '--impact-of <name>', about: 'who is affected when this changes', repeat: true },
      { flags: '--tidy', about: 'lay it out anew, instead of keeping everything where it stood' },
      { flags: '--out <file>', about: 'write to a file' },
    ],
    json: 'wraps',
    examples: [
      'karma graph draw > estate.svg',
      'karma graph draw env=prod --format mermaid',
      'karma graph draw --root prod/vpc/main --depth 2 --out vpc.svg',
      'karma graph draw --since main --out change.svg',
    ],
    load: () => import('./verbs/graph.ts').then(({ runDraw }) => ({ run: runDraw })),
  },
  {
    name: 'graph versions',
    summary: 'the published versions, newest first',
    options: [{ flags: '--limit <n>', about: 'how many', default: '20' }],
    examples: ['karma graph versions'],
    load: () => import('./verbs/graph.ts').then(({ runVersions }) => ({ run: runVersions })),
  },
  {
    name: 'graph forget',
    args: '<version>',
    summary: 'forget what was visible only before a version; the ledger keeps the deltas',
    options: [{ flags: '--yes', about: 'do not ask' }],
    examples: ['karma graph forget v40 --yes'],
    load: () => import('./verbs/graph.ts').then(({ runForget }) => ({ run: runForget })),
  },
  {
    name: 'graph build',
    summary: 'the same as `karma build`',
    hidden: true,
    options: [at],
    examples: [],
    load: () => import('./verbs/build.ts'),
  },
  {
    name: 'graph impact',
    args: '[target...]',
    summary: 'the same as `karma impact`',
    hidden: true,
    options: [
      at,
      depth,
      {
        flags: '--since <range>',
        about: '',
        notWith: ['arguments', '--at', '--forward', '--depth', '--filter'],
      },
      { flags: '--forward', about: '' },
      { flags: '--output <format>', about: '' },
      filter,
      exitCode,
    ],
    examples: [],
    load: () => import('./verbs/impact.ts'),
  },
  {
    name: 'config show',
    args: '<id>',
    summary: 'the effective config; --explain says where each key comes from',
    options: [at, { flags: '--explain', about: 'file, line and parent of each key' }],
    examples: ['karma config show prod/vpc/main --explain'],
    load: () => import('./verbs/config.ts').then(({ runShow }) => ({ run: runShow })),
  },
  {
    name: 'config validate',
    args: '[selection...]',
    summary: 'configs against their schemas, and karma.yaml itself',
    options: [at],
    examples: ['karma config validate', 'karma config validate env=prod'],
    load: () => import('./verbs/config.ts').then(({ runValidate }) => ({ run: runValidate })),
  },
  {
    name: 'config publish',
    args: '[selection...]',
    summary: 'effective configs from Git to the Parameter Store: only what changed, nothing that does not validate',
    options: [
      { flags: '--binding <name>', about: 'the account to publish to' },
      { flags: '--all', about: 'every component' },
      { flags: '--dry-run', about: 'say what would be written' },
    ],
    examples: ['karma config publish env=dev --all --dry-run', 'karma config publish dev/vpc/main'],
    load: () => import('./verbs/config.ts').then(({ runPublish }) => ({ run: runPublish })),
  },
  ...parameterCommands(),
  {
    name: 'env list',
    summary: 'the environments, and how much of each the others have',
    options: [at],
    examples: ['karma env list'],
    load: () => import('./verbs/env.ts').then(({ runList }) => ({ run: runList })),
  },
  {
    name: 'env diff',
    args: '<environments...>',
    summary: 'two environments object by object: the same, different in which keys, not known; a table for more',
    options: [
      at,
      filter,
      { flags: '--all', about: 'also what is the same, and the differences that are expected' },
      { flags: '--matrix', about: 'a table of objects and environments, as for more than two' },
      {
        flags: '--output <format>',
        about: 'markdown',
        notWith: ['--matrix'],
      },
      exitCode,
    ],
    examples: [
      'karma env diff dev prod',
      'karma env diff dev prod --filter kind=lambda --all',
      'karma env diff dev stage prod',
      'karma env diff dev prod --output markdown',
    ],
    load: () => import('./verbs/env.ts').then(({ runDiff }) => ({ run: runDiff })),
  },
  {
    name: 'type list',
    summary: 'component types: modules, variables, outputs, config keys read',
    options: [at],
    examples: ['karma type list'],
    load: () => import('./verbs/type.ts').then(({ runList }) => ({ run: runList })),
  },
  {
    name: 'type show',
    args: '<name>',
    summary: 'one component type: what its module reads and writes',
    options: [at],
    examples: ['karma type show vpc'],
    load: () => import('./verbs/type.ts').then(({ runShow }) => ({ run: runShow })),
  },
  {
    name: 'modules fetch',
    summary: 'bring modules with a remote source to this machine, at exactly their refs; no other command does',
    options: [
      { flags: '--at <revision>', about: 'the sources of a Git revision; default: the work tree' },
      { flags: '--update', about: 'fetch again what was fetched before, and say what became another one' },
    ],
    examples: ['karma modules fetch', 'karma modules fetch --update'],
    load: () => import('./verbs/modules.ts').then(({ runFetch }) => ({ run: runFetch })),
  },
  {
    name: 'modules list',
    summary: 'what was fetched: where from, and what its ref meant',
    examples: ['karma modules list'],
    load: () => import('./verbs/modules.ts').then(({ runList }) => ({ run: runList })),
  },
  {
    name: 'build',
    summary: 'publish a graph version from the followed ref (default: HEAD)',
    options: [followed],
    examples: ['karma build', 'karma build --at origin/main'],
    load: () => import('./verbs/build.ts'),
  },
  {
    name: 'serve',
    summary:
      'this estate in the browser and over HTTP, on this machine; publishes what the followed ref becomes, by itself',
    options: [
      { flags: '--port <n>', about: 'default 7575; 0: any that is free' },
      { flags: '--no-follow', about: 'publish nothing by itself' },
      { flags: '--open', about: 'open the browser' },
      { flags: '--verbose', about: 'a line a request' },
    ],
    examples: ['karma serve', 'karma serve --open', 'karma serve --port 0 --verbose'],
    stays: true,
    load: () => import('./verbs/serve.ts'),
  },
  {
    name: 'mcp',
    summary: 'the questions as tools for agents, over stdin and stdout (Model Context Protocol)',
    examples: ['karma mcp', 'karma mcp -C ~/infrastructure'],
    stays: true,
    json: 'none',
    load: () => import('./verbs/mcp.ts'),
  },
  {
    name: 'export',
    summary: 'the whole graph for other programs',
    options: [
      at,
      { flags: '--format <name>', about: 'jsonl, json, dot or mermaid', default: 'jsonl' },
      { flags: '--hints', about: 'plausible references too' },
    ],
    examples: ['karma export --format jsonl > graph.jsonl', 'karma export --at v12'],
    load: () => import('./verbs/export.ts'),
  },
  {
    name: 'query',
    summary: 'your own question to the graph store (Neptune), read-only: what could write is refused before it is sent',
    options: [
      { flags: '--gremlin <traversal>', about: 'a Gremlin traversal', notWith: ['--cypher'] },
      { flags: '--cypher <query>', about: 'an openCypher query' },
    ],
    examples: [
      'karma query --gremlin "g.V().hasLabel(\'Component\').count()"',
      'karma query --cypher "MATCH (c:Component) RETURN c.name LIMIT 10" --json',
    ],
    load: () => import('./verbs/query.ts'),
  },
  {
    name: 'store rebuild',
    summary: 'replay the ledger into the graph store; the hash must be the same',
    examples: ['karma store rebuild'],
    load: () => import('./verbs/store.ts').then(({ runRebuild }) => ({ run: runRebuild })),
  },
  {
    name: 'store verify',
    summary: 'does the store hold what the ledger says; with --reinfer, does inference still say the same',
    options: [{ flags: '--reinfer', about: 'infer again and report differences' }],
    examples: ['karma store verify', 'karma store verify --reinfer'],
    load: () => import('./verbs/store.ts').then(({ runVerify }) => ({ run: runVerify })),
  },
  {
    name: 'trust',
    summary: 'let what karma.yaml says of places outside of the estate count, on this machine',
    options: [
      { flags: '--show', about: 'only show it', notWith: ['--revoke'] },
      { flags: '--revoke', about: 'trust it no more' },
    ],
    examples: ['karma trust --show', 'karma trust'],
    load: () => import('./verbs/trust.ts'),
  },
  {
    name: 'doctor',
    summary: 'what was recognised, passed over and why; which setting comes from where; what is missing',
    options: [
      {
        flags: '--compare <tool>',
        about: 'terragrunt: run its own `find` and print each disagreement',
        notWith: ['--at'],
      },
      {
        flags: '--policy',
        about: 'print the least IAM policy with which the stores on AWS can be used; asks nobody',
        notWith: ['--compare', '--at'],
      },
      at,
    ],
    examples: ['karma doctor', 'karma doctor --compare terragrunt', 'karma doctor --policy > policy.json'],
    load: () => import('./verbs/doctor.ts'),
  },
  {
    name: 'explain',
    args: '<code>',
    summary: 'what a finding, rule or error code means, with an example and how to correct it',
    examples: ['karma explain dangling-reference', 'karma explain parameter-read'],
    standalone: true,
    load: () => import('./verbs/explain.ts'),
  },
  {
    name: 'demo',
    summary: 'the whole story on an example estate, in a minute',
    options: [
      { flags: '--layout <name>', about: 'adage, terragrunt or terraform', default: 'adage' },
      { flags: '--keep', about: 'keep the demo folder' },
    ],
    json: 'none',
    examples: ['karma demo', 'karma demo --layout terragrunt'],
    standalone: true,
    load: () => import('./verbs/demo.ts'),
  },
  {
    name: 'completion',
    args: '<shell>',
    summary: 'completion for bash, zsh or fish; completes ids from the last answer, offline',
    json: 'none',
    examples: ['karma completion bash >> ~/.bashrc'],
    standalone: true,
    load: () => import('./verbs/completion.ts'),
  },
  {
    name: 'complete-ids',
    args: '[prefix]',
    summary: 'ids for completion',
    hidden: true,
    examples: [],
    load: () => import('./verbs/complete-ids.ts'),
  },
  {
    name: 'help',
    args: '[topic...]',
    summary: '`karma help exit-codes`, or the help of a command',
    examples: ['karma help exit-codes', 'karma help graph draw'],
    standalone: true,
    load: () => import('./verbs/help.ts'),
  },
];

function leaseOptions(): OptionSpec[] {
  const about =
    'wait out the lease of a holder that is silent, since it stands still or is on another machine, and take it over';
  return [{ flags: '--take-over', about }];
}

function runOptions(): OptionSpec[] {
  return [
    { flags: '--parallelism <n>', about: 'how many at once (default: the number of cores)' },
    { flags: '--fail-fast', about: 'start nothing new after a failure' },
    { flags: '--binding <name>', about: 'one account of an environment, or one deployment of a root module' },
    { flags: '--verbose', about: 'each command as it is run, resources, and why each component runs' },
  ];
}

function parameterCommands(): CommandSpec[] {
  const binding: OptionSpec = { flags: '--binding <name>', about: 'the account (default: the only one)' };
  const reveal: OptionSpec = { flags: '--reveal', about: 'secrets too, which are hidden else' };
  const load = (name: 'runGet' | 'runPut' | 'runList' | 'runHistory' | 'runImport' | 'runExport') => () =>
    import('./verbs/parameter.ts').then((verbs) => ({ run: verbs[name] }));
  return [
    {
      name: 'parameter get',
      args: '<name>',
      summary: "a parameter's value",
      options: [binding, reveal],
      examples: ['karma parameter get /iac/vpc/main/runtime'],
      load: load('runGet'),
    },
    {
      name: 'parameter put',
      args: '<name> [value]',
      summary: 'write a new version; the value from the line or, with -, from stdin',
      options: [binding, { flags: '--type <type>', about: 'String, StringList or SecureString', default: 'String' }],
      examples: [
        'karma parameter put /iac/vpc/main/runtime \'{"vpc_id":"vpc-1"}\'',
        'karma parameter put /iac/db/password - --type SecureString < secret',
      ],
      load: load('runPut'),
    },
    {
      name: 'parameter list',
      args: '[path]',
      summary: 'parameters below a path',
      options: [binding, reveal],
      examples: ['karma parameter list /iac'],
      load: load('runList'),
    },
    {
      name: 'parameter history',
      args: '<name>',
      summary: 'every version, who and when',
      options: [binding, reveal],
      examples: ['karma parameter history /iac/vpc/main/runtime'],
      load: load('runHistory'),
    },
    {
      name: 'parameter import',
      args: '<file>',
      summary: 'what `aws ssm get-parameters-by-path` or `get-parameter-history` printed',
      options: [binding],
      examples: [
        'aws ssm get-parameters-by-path --path /iac --recursive > dump.json && karma parameter import dump.json --binding acme-prod',
      ],
      load: load('runImport'),
    },
    {
      name: 'parameter export',
      args: '[path]',
      summary: 'the same shape back',
      options: [binding, reveal],
      examples: ['karma parameter export /iac > dump.json'],
      load: load('runExport'),
    },
  ];
}
