import { changeSteps } from '../model/change-steps.ts';
import { findingKinds } from '../model/finding-codes.ts';
import { jsonSchemaOf, type ObjectShape } from './shape.ts';
import { any, choice, count, flag, list, map, object, oneOrMany, text, texts } from './shape-parts.ts';
import { storesShape } from './stores-shape.ts';

const repository = object('A further repository.', {
  path: text('A checkout or bare repository, relative to this file.'),
  url: {
    kind: 'string',
    about:
      'Where it is, without a password: git’s own helpers know those. Read from a mirror that `karma serve` keeps.',
    pattern: '^(?!-)(?:(?:https?|ssh|git)://(?![^/]*:[^/]*@)|file:///|[^/:@]+@[^/:]+:)',
  },
  kind: oneOrMany('What it holds: modules, openapi, lambdas, config; default: wherever they are found.'),
  ref: text('The ref to read; default: the work tree of a checkout, HEAD of a bare repository.'),
});

const reference = object(
  'A reference to add, or with `deny` to take away.',
  {
    from: text('The dependent: an id, in full.'),
    to: text('What it depends on: an id, in full.'),
    deny: flag('Take the reference away instead.'),
    consumes: texts('Outputs it reads, as JSON pointers; none: it only orders.'),
    reason: text('Why, for whoever reads this later.'),
  },
  'from',
  'to',
  'reason',
);

const environment = object(
  'Components whose path fits belong to this environment.',
  {
    pattern: text('A path pattern: `live/{environment}/**`.'),
    environment: text('The environment, when the pattern does not hold it.'),
    account: text('The account of these components.'),
    region: text('The region of these components.'),
    owner: text('Who answers for them.'),
  },
  'pattern',
);

const environmentPaths = list('Environments by path.', {
  kind: 'either',
  about: 'A pattern, or more.',
  of: [text('A path pattern: `live/{environment}/**`.'), environment],
});

const expectedDifference = object(
  'A difference between environments that nobody wonders at: `karma env diff` counts it and does not show it.',
  {
    key: text('The key, as a JSON pointer, `*` for a step and `**` for any: `/inputs/tags/**`.'),
    object: text('Of which objects, as a glob; default: of all.'),
    reason: text('Why, for whoever reads this later.'),
  },
  'key',
  'reason',
);

const environments = object('Environments, and how they may differ.', {
  paths: environmentPaths,
  expected: list('What is expected to differ.', expectedDifference),
});

const consumer = object(
  'Somebody outside the estate who reads outputs.',
  {
    who: text('A name people recognise.'),
    reads: text('The component read: an id or a pattern.'),
    consumes: texts('The outputs read, as JSON pointers.'),
  },
  'who',
  'reads',
);

const policyExample = object(
  'A change, and whether the condition holds of it.',
  {
    name: text('What it shows.'),
    input: any('Laid over the input of a change of nothing, by merge patch (RFC 7396).'),
    holds: flag('Whether the condition holds.'),
  },
  'name',
  'input',
  'holds',
);

const asking = {
  count: count('How many people; default 1.', 1, 100),
  group: text('Of which group of `groups`; default: anybody.'),
  proposer: flag('Who proposed it, or gave it another content, counts too; default false.'),
  applies: flag('Who agreed may apply it as well; default true.'),
};

const approval = object(
  'Who must agree before a change is applied. All rules that a change meets count; none: nobody is asked.',
  {
    select: oneOrMany('Of which components, as a selection: `env=prod`, `kind=vpc`; default: of all.'),
    only: choice('`writes`: what it changes itself; default: what it affects, too.', 'writes'),
    ...asking,
    reason: text('Why, for whoever is asked.'),
  },
);

const publish = object('Where the followed branch is pushed to when a change is applied.', {
  remote: text("A remote of Git's own settings here; default `origin`."),
  branch: text('Its branch; default: the one that is followed.'),
  via: choice(
    '`push`, or `pull-request`: Karma pushes a branch, and the merge is the approval. Default push.',
    'push',
    'pull-request',
  ),
});

const hook = object(
  'Somebody who is told of what happens to changes, once a person trusts that: a program, or an address.',
  {
    name: {
      kind: 'string',
      about: 'What the log calls it: letters, digits, `-`, `_` and `.`.',
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$',
    },
    on: list('Of which steps; default: of all that `karma change show` lists.', choice('A step.', ...changeSteps)),
    run: texts(
      'A program and its arguments: a name on PATH or an absolute path outside of the estate. It reads the message from stdin.',
    ),
    webhook: {
      kind: 'string',
      about: 'An address that the message is sent to: `https:`, or `http:` on this machine.',
      pattern: '^https?://[^@\\s]+$',
    },
    secret: {
      kind: 'string',
      about: 'Of a webhook: the environment variable that holds the secret it is signed with. Never the secret.',
      pattern: '^[A-Za-z_][A-Za-z0-9_]*$',
    },
  },
  'name',
);

const policy = object(
  'A rule over the graph: references that must not be, from components of one selection to components of another. Or, with `when`, a rule over changes.',
  {
    name: text('What findings call it.'),
    from: text('A selection of dependents: `env=dev`, `kind=lambda`; default: every component.'),
    to: text('A selection of what they must not depend on; default: every component.'),
    severity: choice('How bad a breach is; default error.', 'error', 'warning', 'info'),
    reason: text('Why, for whoever trips over it.'),
    when: text('Of a rule over changes: a condition in CEL over the change; see docs/changes.md.'),
    // biome-ignore lint/suspicious/noThenProperty: the word that people write; nobody awaits a shape.
    then: choice('What becomes of a change that it holds of; default refuse.', 'refuse', 'hold', 'ask', 'warn'),
    ask: object('With `then: ask`: whom.', asking),
    examples: list('Changes that show what is meant: `karma policy test` tries them.', policyExample),
  },
  'name',
);

const assumption = object(
  'What Karma could not look into and is taken to touch nothing of the estate: answers are then complete, assuming it.',
  {
    source: text('Modules that were not read, by source without ref, as a glob: `git::https://github.com/acme/**`.'),
    component: text('Components that hold it: an id or a glob; default: any.'),
    code: choice(
      'The blind spot; default: any of these.',
      'module-not-read',
      'program-unread',
      'foreign-read',
      'layout-not-read',
    ),
    reason: text('Why, and who says so.'),
  },
  'reason',
);

const findingRule = object(
  'How bad findings are here. What is given must fit; the first rule that fits counts. A baseline stays as it is.',
  {
    code: choice('The code of the findings; default: any.', ...Object.keys(findingKinds)),
    path: text('A glob: whom it is told of (`live/legacy/**`), or a file that shows it; default: anywhere.'),
    severity: choice('How bad they are.', 'error', 'warning', 'info'),
    reason: text('Why, for whoever reads this later.'),
  },
  'severity',
  'reason',
);

const schedule = object(
  'Work that `karma serve` does by itself.',
  {
    name: text('What the log calls it.'),
    every: {
      kind: 'string',
      about: 'An interval such as `15m` or `1d`; less than `1m` only once a person trusts that.',
      pattern: '^[1-9][0-9]{0,5}[smhd]$',
    },
    cron: { kind: 'string', about: 'Instead of it a cron line of five parts, in UTC.', pattern: '^\\S+( +\\S+){4}$' },
    do: choice(
      'What is done: a version published; findings counted; real resources compared with states by Terraform (`drift`, `refresh`: the same), once a person trusts that.',
      'build',
      'refresh',
      'check',
      'drift',
    ),
    select: text('A selection; default: everything.'),
  },
  'do',
);

/** What `karma.yaml` may hold: the one source of its validation and of `schemas/karma.schema.json`. */
export const karmaShape: ObjectShape = object(
  'What convention cannot know about an estate.',
  {
    estate: text('The name of the estate. A `karma.yaml` without it belongs to some other tool.'),
    prefix: { kind: 'string', about: 'Parameter prefix; default `/iac`.', pattern: '^/' },
    follow: text('The ref that `karma build` follows; default HEAD.'),
    repositories: map('Further repositories by name: a path, or more.', {
      kind: 'either',
      about: 'A repository.',
      of: [text('A path.'), repository],
    }),
    modules: map(
      'Where modules with a remote source can be read: source without ref → `repository` or `repository:folder`.',
      text('A place.'),
    ),
    layouts: list('Read these layouts only.', choice('A layout.', 'adage', 'terragrunt', 'terraform')),
    environments: {
      kind: 'either',
      about: 'Environments by path; or those with what is expected to differ between them.',
      of: [environmentPaths, environments],
    },
    placement: map('Which binding a component lives in: id or pattern → binding.', text('A binding.')),
    references: list('References to add or deny.', reference),
    consumers: list('Who outside the estate reads outputs.', consumer),
    sharedAccounts: flag('Environments share accounts: lookups by name are proven across the estate.'),
    schemas: text('Folder of input schemas in the config repository; default `schemas`.'),
    contracts: choice('What a broken contract does to a deploy.', 'refuse', 'warn', 'off'),
    terragrunt: object('Terragrunt.', {
      file: text('Name of unit files beside `terragrunt.hcl`.'),
      binary: text('The program; default `terragrunt`.'),
    }),
    terraform: object('Terraform and OpenTofu.', {
      binary: text('The program; default `terraform`, else `tofu`.'),
      roots: texts('Folders that are root modules though nothing shows it.'),
      varFiles: texts('Patterns of variable files, each a deployment.'),
      backend: any('Backend settings handed to `init`.'),
      ignoredInputs: texts('Files that Git ignores and modules need all the same, from this folder.'),
    }),
    stores: storesShape,
    policies: list('Rules over the graph.', policy),
    approvals: list('Who must agree to a change.', approval),
    groups: map(
      'People by group, each as the log names them: `ada`, or `api/ada` behind a token.',
      texts('Their names.'),
    ),
    publish: {
      kind: 'either',
      about: 'Where the followed branch is pushed to when a change is applied; default: nowhere.',
      of: [text("A remote of Git's own settings here: `origin`."), publish],
    },
    hooks: list('Who is told of what happens to changes.', hook),
    assume: list('What was not looked into and is taken to touch nothing.', assumption),
    findings: list('How bad findings are in this estate.', findingRule),
    schedules: list('Work that happens by itself.', schedule),
  },
  'estate',
);

/** The JSON Schema of `karma.yaml`, for editors. */
export function karmaJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://usekarma.dev/schemas/karma.schema.json',
    title: 'karma.yaml',
    ...jsonSchemaOf(karmaShape),
  };
}
