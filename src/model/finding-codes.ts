import type { LayoutName } from './component.ts';
import type { Severity } from './finding.ts';

interface FindingKind {
  readonly severity: Severity;
  readonly title: string;
  /** What it means and why it matters, one or two sentences, for `karma explain`. */
  readonly means: string;
  /** How to correct or silence it, whatever the layout: it names no file that only one of them has. */
  readonly mend: string;
  /** The same in the words of one layout. */
  readonly mendIn?: Partial<Record<LayoutName, string>>;
}

/** Every finding code. `docs/findings.md` is generated from it. Add a code here before you use it. */
export const findingKinds = {
  'hcl-unreadable': {
    severity: 'error',
    title: 'HCL that does not parse',
    means:
      'A Terraform or Terragrunt file has a syntax error. What could still be read was used; what stands in the broken part may hide references.',
    mend: 'Open the file at the line named and mend the syntax.',
    mendIn: { terraform: 'Open the file at the line named and mend the syntax; `terraform fmt` shows the same error.' },
  },
  'json-unreadable': {
    severity: 'error',
    title: 'JSON that does not parse',
    means: 'A config, binding or schema is not valid JSON, so it was read as empty.',
    mend: 'Mend the file at the line named.',
  },
  'json-duplicate-key': {
    severity: 'warning',
    title: 'a key that stands twice',
    means: 'JSON keeps the last of two equal keys; whoever edits the first one changes nothing.',
    mend: 'Remove one of the two.',
  },
  'several-documents': {
    severity: 'warning',
    title: 'several YAML documents in one file',
    means: 'Only the first document of the file is read; what stands behind the line `---` counts nowhere.',
    mend: 'Write it into the first document, or into a file of its own.',
  },
  'file-too-large': {
    severity: 'warning',
    title: 'a file too large to read',
    means: 'Files beyond the input limit (HCL 2 MiB, JSON 5 MiB, YAML 1 MiB, 100 levels) are not evaluated.',
    mend: 'Split the file, or leave it out of the estate.',
  },
  'file-unreadable': {
    severity: 'error',
    title: 'a file that cannot be read',
    means: 'The system refused to open a file or folder of the estate; what stands in it is missing from the graph.',
    mend: 'Correct the rights of the file named, or run Karma as a user who may read it.',
  },
  'not-utf8': {
    severity: 'warning',
    title: 'a file that is not UTF-8',
    means: 'Bytes that are not UTF-8 were replaced; a name written with them will not match.',
    mend: 'Save the file as UTF-8.',
  },
  'dangling-reference': {
    severity: 'error',
    title: 'a reference to something that is not there',
    means: 'Evaluation leads to a parameter, unit or state that no component of the estate provides.',
    mend: 'Correct the name, add the component, or declare it in `karma.yaml`.',
  },
  'state-elsewhere': {
    severity: 'info',
    title: 'a state that no component of the estate keeps',
    means:
      'A `terraform_remote_state` or `tfe_outputs` block reads the state of something outside of the repositories given, or its address is off by a letter.',
    mend: 'Add the repository that holds it (`--repo PATH`), or correct the address.',
  },
  'ambiguous-reference': {
    severity: 'warning',
    title: 'a reference that fits several components',
    means:
      'Two or more components provide what is needed, or fit what is known of it. None is proven and each is possible; only of a name that several claim for themselves Karma keeps an edge to each.',
    mend: 'Give the providers different names, show account and region on both sides, or add the right one, or deny the wrong one, in `karma.yaml` with a reason.',
  },
  'unknown-path': {
    severity: 'warning',
    title: 'a path only a run could know',
    means:
      'The path of a dependency rests on something that is never executed while reading (a command, an account id, a secret). It may hide a reference.',
    mend: 'Write the path so that it can be read, or add the reference in `karma.yaml`.',
  },
  'file-in-part': {
    severity: 'info',
    title: 'a file of which only a part of the path is known',
    means:
      'A path of a file that is read holds something that only a run could know. Any of the files that fit may be read, so a change of one of them leaves the component undecided, and a deploy never skips it.',
    mend: 'Give the variable a value where Karma can read it (a default, a var-file), or write the path out.',
  },
  'file-unknown': {
    severity: 'warning',
    title: 'a file that only a run could know',
    means:
      'Nothing is known of the path of a file that is read, so it may be any file of the repository: each change leaves the component undecided, and a deploy never skips it.',
    mend: 'Write at least the folder of the path as a text, or give the variable a value where Karma can read it.',
  },
  'file-encrypted': {
    severity: 'info',
    title: 'a file that is encrypted in this checkout',
    means:
      'A file was read that git-crypt, SOPS, age or the like encrypts, or that Git LFS did not fetch. What it sets is unknown, and a change of it counts as a change.',
    mend: 'Nothing to do; or unlock the checkout where Karma runs.',
  },
  'variables-not-in-git': {
    severity: 'info',
    title: 'variables that are set by a file which Git ignores',
    means:
      'Terraform loads a file of variables by its name, and no commit holds that file: a run in this work tree has other values than one from a fresh clone. Defaults of what it sets prove nothing, and a change of the file counts as a change; what it holds is not read.',
    mend: 'Commit what is no secret; name what runs need under `terraform.ignoredInputs`; or remove the file.',
  },
  'file-outside': {
    severity: 'info',
    title: 'a file that is not in the repository',
    means:
      'Something is read that no commit holds: a file that Git ignores, that a build makes or that lies outside, or what a program answers that Terragrunt runs. No range of commits changes it, and a deploy never skips the component, since nobody can say that it is what it was.',
    mend: 'Check the file in, or let the run make it from files that are.',
  },
  cycle: {
    severity: 'error',
    title: 'components that depend on each other',
    means: 'No order exists in which these components can run.',
    mend: 'Cut one of the references named; the smallest cycle is given first.',
  },
  'cross-environment': {
    severity: 'warning',
    title: 'a reference into another environment',
    means: 'A component depends on one of another environment: a change there reaches here.',
    mend: 'Intended: nothing to do. Otherwise correct the path.',
  },
  'cross-account': {
    severity: 'info',
    title: 'a reference into another account',
    means: 'The provider lives in another account; reading it needs rights there.',
    mend: 'Intended: nothing to do.',
  },
  'schema-violation': {
    severity: 'error',
    title: 'a config its schema refuses',
    means: 'The effective config does not validate against the schema of its component type.',
    mend: 'Correct the key named, or the schema.',
  },
  'abstract-instance': {
    severity: 'error',
    title: 'a component of an abstract type',
    means:
      'Its component type says `abstract: true`: it is there for others to extend, and has no components of its own.',
    mend: 'Move the config to a type that extends it, or take `abstract` away.',
  },
  'abstract-without-child': {
    severity: 'info',
    title: 'an abstract type that nothing extends',
    means: 'A type says `abstract: true`, and no `component.yaml` extends it.',
    mend: 'Extend it, or take it away.',
  },
  'type-widens': {
    severity: 'warning',
    title: 'a type that promises less than the one it extends',
    means:
      'A type takes inputs that its parent refuses, asks for less, or leaves out or retypes an output of its parent: what works with the parent need not work with it.',
    mend: 'Narrow what the parent takes, and keep its outputs; else do not extend it.',
  },
  'type-contradicts': {
    severity: 'warning',
    title: 'a declaration that its module contradicts',
    means:
      'A `component.yaml` declares an input that nothing in the module takes, one of a type that its variable is not, or an output that the module has not. What the HCL shows is what happens; whoever goes by the declaration is misled.',
    mend: 'Correct the declaration, or the module. Of an output that something else writes say so: `also_written_by`.',
  },
  'config-without-module': {
    severity: 'warning',
    title: 'a config whose type has no module',
    means: 'No Terraform module of that component type was found, so its references cannot be read from HCL.',
    mend: 'Name the repository that holds it: `--repo PATH`, or `repositories:` in `karma.yaml`.',
  },
  'type-without-module': {
    severity: 'info',
    title: 'a type without Terraform files',
    means: 'The folder under `components/` holds no `.tf` file: a planned type.',
    mend: 'Nothing to do.',
  },
  'config-key-unread': {
    severity: 'info',
    title: 'a config key that nothing reads',
    means: 'The module reads its config key by key, and this key is not among them.',
    mend: 'Remove the key, or read it.',
  },
  'contract-mismatch': {
    severity: 'warning',
    title: 'an output is read that is never written',
    means: 'A consumer reads a pointer of a runtime that its writer, as far as HCL shows, never publishes.',
    mend: 'Correct the name, or publish it.',
    mendIn: { adage: 'Correct the name, publish it, or declare `also_written_by` in `component.yaml`.' },
  },
  'contract-broken': {
    severity: 'error',
    title: 'an output goes or changes under its readers',
    means:
      'A Git range drops an output, or changes its type, that others read by name: a deploy refuses it. A warning where all of them read it with a fallback, or where `karma.yaml` only warns. Only `karma check --since` tells it.',
    mend: 'Keep the output until nobody reads it, or change its readers in the same range.',
  },
  'variable-required': {
    severity: 'error',
    title: 'a newly required variable that nothing gives',
    means:
      'A Git range makes a variable of a module required, and this component gives it no value: its next plan fails. Only `karma check --since` tells it.',
    mend: 'Give the variable a value, or a default.',
  },
  'state-moved': {
    severity: 'warning',
    title: 'a state that moves',
    means:
      'A Git range gives a component another state address. Terraform would begin with an empty state there and create everything anew. Only `karma check --since` tells it.',
    mend: 'Copy the state before the next run; `karma impact --since` prints how where it is sure.',
  },
  'name-claimed-twice': {
    severity: 'error',
    title: 'one name claimed by two components',
    means: 'Two components write the same parameter or state: the last one wins.',
    mend: 'Give one of them another name.',
  },
  'state-shared': {
    severity: 'error',
    title: 'two components with one state address',
    means: 'Both would write the same Terraform state: each run undoes the other.',
    mend: 'Give each its own key (mostly: derive it from the path).',
  },
  'hcl-undeclared-reference': {
    severity: 'error',
    title: 'HCL refers to something undeclared',
    means:
      'A variable, local, data source, resource or module is used that the module does not declare; `terraform plan` would fail.',
    mend: 'Declare it or correct the name.',
  },
  'hcl-duplicate': {
    severity: 'error',
    title: 'a name declared twice in one module',
    means: 'Terraform refuses a module with two locals, variables or blocks of one name.',
    mend: 'Remove one of them.',
  },
  'module-source-floating': {
    severity: 'info',
    title: 'a module from a floating source',
    means:
      'The source names a branch or no ref at all: "the module did not change" cannot be proved, so such a run is never skipped.',
    mend: 'Pin it by tag or commit.',
  },
  'module-not-read': {
    severity: 'info',
    title: 'a module that was not read',
    means: 'The module lies outside the repositories given; what it reads is a blind spot.',
    mend: '`karma modules fetch` brings it, or name a checkout of it: `--repo PATH`, `repositories:` in `karma.yaml`. Where it reads nothing of this estate, `assume:` says so.',
  },
  'module-missing': {
    severity: 'error',
    title: 'a module path that leads nowhere',
    means: 'A local module source names a folder that is not there or holds no Terraform file.',
    mend: 'Correct the path.',
  },
  'layout-not-read': {
    severity: 'warning',
    title: 'a layout that is recognised and not read',
    means:
      'Files of HCP Terraform Stacks, Terramate, Atmos, Terraspace or CDK for Terraform stand in the estate. What they declare is in no answer, so no answer that it could change is complete.',
    mend: 'What it declares can be named by hand: `references:` in `karma.yaml` for what depends on what, `varFiles:` for var-files. Files that belong to no estate can be kept below `examples/`.',
  },
  'module-loop': {
    severity: 'error',
    title: 'modules that call each other',
    means:
      'A module calls itself, or one that called it. Terraform would never end; reading stops where the circle closes.',
    mend: 'Cut the circle.',
  },
  'include-missing': {
    severity: 'error',
    title: 'an include that leads nowhere',
    means: 'An include names a file that is not there, so the unit is read without it.',
    mend: 'Correct the path.',
  },
  'include-loop': {
    severity: 'error',
    title: 'includes that include each other',
    means: 'Reading stops where the loop closes.',
    mend: 'Cut the loop.',
  },
  'block-twice': {
    severity: 'error',
    title: 'a Terragrunt block that stands twice',
    means:
      'Of this block Terragrunt takes one, or one of each label: it refuses the file, or it takes one and leaves the other, as the message says.',
    mend: 'Make one of the two, or give them different labels.',
  },
  'dependency-unordered': {
    severity: 'info',
    title: 'outputs that are read and not waited for',
    means:
      'Terragrunt reads outputs of a unit while it evaluates this one, and does not know that it must run first: a `config_path` that names a file, or a dependency block of a configuration that is only read.',
    mend: 'Let `config_path` name the folder of the unit, or add a `dependency` or `dependencies` block that does.',
  },
  'terragrunt-too-old': {
    severity: 'error',
    title: 'units written for Terragrunt before 0.19',
    means:
      'A `terragrunt = { … }` block in `terraform.tfvars` was the way to write a unit until 2019. Karma reads `terragrunt.hcl`, so these units and what they depend on are not in the graph.',
    mend: 'Move each block to a `terragrunt.hcl` beside it, as the guide for migrating to Terragrunt 0.19 says; the variables become `inputs`.',
  },
  'evaluation-failed': {
    severity: 'warning',
    title: 'an expression that does not evaluate',
    means:
      'Terraform or Terragrunt would fail here too, or Karma does not know the function. What rests on it is unknown.',
    mend: 'Correct the expression at the place named.',
    mendIn: {
      terragrunt:
        'Correct the expression at the place named; where it reads an environment variable, set that where Karma runs, or give `get_env` a default.',
    },
  },
  'component-unread': {
    severity: 'error',
    title: 'a component that could not be read',
    means:
      'Something in its files is of a kind that Karma stumbles over, or nested deeper than anybody means. The component stands in the graph without what it depends on; all others are as they would be.',
    mend: 'Look at what changed last in its folder and its module. Where nothing is wrong there, report it: `KARMA_DEBUG=1` shows where Karma stumbled.',
  },
  'program-unread': {
    severity: 'info',
    title: 'a program that cannot be analysed',
    means: 'A `data "external"` program or script may read anything; Karma does not guess what.',
    mend: 'Declare what it reads: `references` in `karma.yaml`.',
    mendIn: { adage: 'Declare what it reads in `component.yaml` (`references`).' },
  },
  'foreign-read': {
    severity: 'info',
    title: 'a read from a system that Karma does not follow',
    means:
      'The module reads Vault, Consul, a secret or an output of another product; what it depends on there is not in the graph.',
    mend: 'Declare the reference in `karma.yaml` if it matters.',
  },
  'parameter-near-limit': {
    severity: 'warning',
    title: 'a value near the parameter size limit',
    means: 'A standard parameter holds 4 KB; beyond that the apply fails.',
    mend: 'Publish less, or use an advanced parameter.',
  },
  'secret-in-config': {
    severity: 'warning',
    title: 'a secret in plain config',
    means: 'A key or URI looks like it holds a password. Karma shows it redacted; Git does not.',
    mend: 'Move it to a SecureString or Secrets Manager and name it in the config.',
  },
  'ref-not-followed': {
    severity: 'info',
    title: 'a branch that was not followed',
    means: 'A binding names a branch that is not in the repository; Karma read the one named instead.',
    mend: 'Correct the binding, or fetch the branch.',
  },
  'denial-unmatched': {
    severity: 'warning',
    title: 'a denial that matches nothing',
    means: '`karma.yaml` denies a reference that inference no longer finds.',
    mend: 'Remove the denial.',
  },
  'entry-unmatched': {
    severity: 'warning',
    title: 'an entry of karma.yaml that no component fits',
    means:
      '`karma.yaml` adds a reference of a component, places one, names the environment of some or who reads one from outside, and nothing in the estate is called so; or it assumes something of what is not read or names an ignored input, and there is no such thing. The entry does nothing.',
    mend: 'Correct the name (ids are written in full: `karma list`), or remove the entry.',
  },
  'nothing-recognised': {
    severity: 'error',
    title: 'nothing was recognised',
    means:
      'There is no component here that Karma can read, so nothing was judged. An answer of nothing must not pass for one that found nothing wrong.',
    mend: '`karma doctor` says what was looked for and passed over; `-C` names another folder.',
  },
  'binding-invalid': {
    severity: 'error',
    title: 'a binding that cannot be used',
    means: 'A file under `account_environments/` lacks what it needs or does not parse.',
    mend: 'Correct the file.',
  },
  'two-accounts-one-environment': {
    severity: 'info',
    title: 'an environment over several accounts',
    means: 'Several bindings share one environment and nothing says which component lives in which.',
    mend: 'Place components in `karma.yaml`, or pass `--binding`.',
  },
  'schedule-too-often': {
    severity: 'warning',
    title: 'work that would be done more often than once a minute',
    means:
      '`karma.yaml` schedules work more often than once a minute. A service does what only reads once a minute, and leaves the rest, until the person who runs it trusts that.',
    mend: 'Write a longer interval, or `karma trust` where the service runs.',
  },
  'source-not-read': {
    severity: 'warning',
    title: 'a source that was not read',
    means: 'A repository or account was out of reach; its last observations stand, with their age.',
    mend: 'See the reason given.',
  },
  'component-type-invalid': {
    severity: 'warning',
    title: 'a component type declared wrongly',
    means:
      'A `component.yaml` holds a key that Karma does not know or a value of the wrong form; that part is passed over.',
    mend: 'Correct the key named.',
  },
  'schema-unusable': {
    severity: 'warning',
    title: 'a schema that cannot be used',
    means: 'A JSON Schema does not compile, so configs of its component type are not checked.',
    mend: 'Mend the schema; a `$ref` to another host is never fetched.',
  },
  'contract-version': {
    severity: 'warning',
    title: 'a contract version that the modules do not support',
    means:
      'The config repository states a contract version, and the module repository lists the versions it supports: this one is not among them.',
    mend: 'Review the modules and list the version, or publish configs of a supported one.',
  },
  'extends-broken': {
    severity: 'error',
    title: '`$extends` that leads nowhere',
    means:
      'The parent is missing, the chain of parents is a loop, or it is longer than 32; the config is used without it.',
    mend: 'Correct the parent named.',
  },
  'variable-matches-twice': {
    severity: 'warning',
    title: 'a variable that two sources fill',
    means:
      'A plain module declares a variable whose name is a reference and a config key; Karma hands it the first in the documented order.',
    mend: 'Rename one.',
  },
  'policy-breached': {
    severity: 'error',
    title: 'a reference that a policy forbids',
    means:
      'A policy in `karma.yaml` says that components of one selection must not depend on components of another, and one does. Beyond ten thousand breaches only their number is told, by policy.',
    mend: 'Remove the reference, or change the policy.',
  },
  'policy-unusable': {
    severity: 'error',
    title: 'a policy that cannot be read',
    means: 'The selection of a policy in `karma.yaml` does not parse, so the policy was not applied.',
    mend: 'Correct the selection; `karma list` takes the same language.',
  },
  'prefix-hard-coded': {
    severity: 'warning',
    title: 'a literal parameter prefix',
    means:
      'The module writes or reads a literal `/iac` beside `var.iac_prefix`: with another prefix it lands elsewhere.',
    mend: 'Use the variable.',
  },
  'plan-would-fail': {
    severity: 'error',
    title: 'a plan that would fail',
    means: 'With this config the module indexes something whose `count` is 0.',
    mend: 'Guard the use as the declaration is guarded.',
  },
  'symlink-outside': {
    severity: 'warning',
    title: 'a link that leaves the repository',
    means: 'Karma does not follow links out of the estate.',
    mend: 'Replace it by what it points to.',
  },
} as const satisfies Record<string, FindingKind>;

export type FindingCode = keyof typeof findingKinds;

/** How to mend what a code names, in the words of a layout where there are such; undefined for a code that is not known. */
export function mendOf(code: string, layout?: LayoutName): string | undefined {
  const kinds: Readonly<Record<string, FindingKind>> = findingKinds;
  if (!Object.hasOwn(kinds, code)) return undefined;
  return (layout === undefined ? undefined : kinds[code]?.mendIn?.[layout]) ?? kinds[code]?.mend;
}
