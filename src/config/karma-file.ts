import type { LayoutName } from '../model/component.ts';
import { KarmaError } from '../model/errors.ts';
import type { EstateSettings, ExpectedDifference } from '../model/estate.ts';
import type { FindingRule } from '../model/finding.ts';
import { nearest } from '../model/nearest.ts';
import { hideInText } from '../model/secrets/text.ts';
import type { DocumentProblem } from './document.ts';
import { karmaShape } from './karma-shape.ts';
import { isJsonObject, type JsonObject } from './merge-patch.ts';
import { checkShape, type ShapeIssue } from './shape.ts';
import { readYaml } from './yaml-document.ts';

/** `karma.yaml`, validated. Every part but the name is optional; nothing is filled in here. */
export interface KarmaFile {
  readonly estate: string;
  /** Where it was read, for evidence and `karma doctor`. */
  readonly file: string;
  /** The line of a pointer in the file. */
  lineOf(pointer: string): number;
  readonly prefix?: string;
  readonly follow?: string;
  readonly repositories: readonly RepositorySetting[];
  readonly consumers: readonly ConsumerSetting[];
  readonly contracts?: 'refuse' | 'warn' | 'off';
  readonly terragrunt: { readonly file?: string; readonly binary?: string };
  readonly terraform: {
    readonly binary?: string;
    readonly backend?: unknown;
    readonly ignoredInputs?: readonly string[];
  };
  readonly stores: {
    readonly ledger?: unknown;
    readonly graph?: unknown;
    readonly parameters?: unknown;
    readonly data?: string;
  };
  readonly findings: readonly FindingRule[];
  /** What is expected to differ between environments. */
  readonly expected: readonly ExpectedDifference[];
  readonly schedules: readonly ScheduleSetting[];
  /** Rules over changes. */
  readonly changePolicies: readonly ChangePolicySetting[];
  /** Who must agree to a change. */
  readonly approvals: readonly ApprovalSetting[];
  readonly groups: Readonly<Record<string, readonly string[]>>;
  /** Where the followed branch is pushed to. */
  readonly publish?: PublishSetting;
  /** Who is told of what happens to changes. */
  readonly hooks: readonly HookSetting[];
  /** The part that inference follows. */
  readonly settings: EstateSettings;
}

export interface ApprovalSetting extends AskSetting {
  /** None: every component. */
  readonly select: readonly string[];
  readonly only?: 'writes';
  readonly reason?: string;
}

export interface AskSetting {
  readonly count?: number;
  readonly group?: string;
  readonly proposer?: boolean;
  readonly applies?: boolean;
}

export interface PublishSetting {
  readonly remote: string;
  readonly branch?: string;
  readonly via: 'push' | 'pull-request';
}

export interface HookSetting {
  readonly name: string;
  /** Steps of changes, as `applied`; undefined: every one. */
  readonly on?: readonly string[];
  /** A program and its arguments. */
  readonly run?: readonly string[];
  /** Instead of it an address, and the variable that holds what messages to it are signed with. */
  readonly webhook?: string;
  readonly secret?: string;
}

export interface ChangePolicySetting {
  readonly name: string;
  readonly when: string;
  /** `then:` */
  readonly outcome: 'refuse' | 'hold' | 'ask' | 'warn';
  readonly reason?: string;
  readonly ask?: AskSetting;
  readonly examples?: readonly {
    readonly name: string;
    readonly input: Readonly<Record<string, unknown>>;
    readonly holds: boolean;
  }[];
  /** Which of the policies it is, for its line. */
  readonly place: number;
}

/** Work that happens by itself. */
export interface ScheduleSetting {
  readonly name: string;
  /** `do:` */
  readonly does: 'build' | 'refresh' | 'check' | 'drift';
  readonly every?: string;
  readonly cron?: string;
  readonly select?: string;
}

export interface RepositorySetting {
  readonly name: string;
  readonly path?: string;
  /** Where it is, for who may fetch. */
  readonly url?: string;
  readonly kinds: readonly string[];
  readonly ref?: string;
}

export interface ConsumerSetting {
  readonly who: string;
  readonly reads: string;
  readonly consumes: readonly string[];
}

/** The names looked for at the root of the config repository, in this order. */
export const karmaFileNames = ['karma.yaml', '.karma.yaml'] as const;

/** What somebody wrote and did not mean: half of it would count. */
const mended: { readonly [code in DocumentProblem['code']]?: string } = {
  'json-duplicate-key': 'remove one of the two',
  'several-documents': 'write all of it into one document',
};

/**
 * Reads a `karma.yaml`. Answers `undefined` for one without `estate:`, which is some other tool's.
 * @throws KarmaError KARMA_CONFIG_INVALID with file, line and the nearest right word.
 */
export function readKarmaFile(file: string, text: string): KarmaFile | undefined {
  const known = lately.find((one) => one.file === file && one.text === text);
  const read = known ?? { file, text, karmaFile: readAnew(file, text) };
  lately = [read, ...lately.filter((one) => one !== read)].slice(0, mostKept);
  return read.karmaFile;
}

/** What was read last: a change looks at an estate at several commits, and mostly one file says the same at all of them. */
let lately: readonly { readonly file: string; readonly text: string; readonly karmaFile: KarmaFile | undefined }[] = [];
const mostKept = 4;

/** So many are told at once. */
const mostIssues = 50;

function readAnew(file: string, text: string): KarmaFile | undefined {
  const document = readYaml(text);
  const broken = document.problems[0];
  if (document.value === undefined) {
    // A file that does not parse may still be ours: only then is it worth stopping for.
    if (!/^["']?estate["']?\s*:/m.test(text)) return undefined;
    const message = (broken?.message ?? 'it cannot be read').replace(/ and was (?:not read|read as empty)$/, '');
    throw new KarmaError('KARMA_CONFIG_INVALID', `${file}:${broken?.line ?? 1}: ${message}`, {
      hint: 'mend the file at the line named',
    });
  }
  const written = document.value;
  if (!isJsonObject(written) || written.estate === undefined) return undefined;
  for (const { code, line, message } of document.problems) {
    const hint = mended[code];
    if (hint !== undefined) throw new KarmaError('KARMA_CONFIG_INVALID', `${file}:${line}: ${message}`, { hint });
  }
  const issues = [...checkShape(karmaShape, written), ...scheduleIssues(written), ...hookIssues(written)];
  const first = issues[0];
  if (first !== undefined) {
    const lines = issues
      .slice(0, mostIssues)
      .map((issue) => `${file}:${document.lineOf(issue.pointer)}: ${issue.message}`);
    if (issues.length > mostIssues) lines.push(`and ${issues.length - mostIssues} more`);
    throw new KarmaError('KARMA_CONFIG_INVALID', lines.join('\n'), {
      hint: first.hint ?? 'editors check it as you type: `schemas/karma.schema.json` says what each key takes',
    });
  }
  const missing = groupsMissing(written);
  if (missing !== undefined)
    throw new KarmaError(
      'KARMA_CONFIG_INVALID',
      `${file}:${document.lineOf(missing.pointer)}: there is no group ${JSON.stringify(missing.group)}`,
      { hint: missing.hint },
    );
  return karmaFileOf(file, withShownReasons(written) as JsonObject, (pointer) => document.lineOf(pointer));
}

/** A rule that asks a group that nobody is in could never be met. */
function groupsMissing(written: JsonObject) {
  const groups = Object.keys(members(written.groups));
  const asked = [
    ...objects(written.approvals).map((one, at) => ({ group: one.group, pointer: `/approvals/${at}/group` })),
    ...objects(written.policies).map((one, at) => ({
      group: members(one['ask']).group,
      pointer: `/policies/${at}/ask/group`,
    })),
  ];
  for (const { group, pointer } of asked) {
    if (typeof group !== 'string' || groups.includes(group)) continue;
    const [near] = nearest(group, groups);
    const hint = near === undefined ? 'name who is in it: `groups:`' : `did you mean \`${near}\`?`;
    return { group, pointer, hint };
  }
  return undefined;
}

/** What people write as a reason is shown wherever it counts, and people paste addresses. */
function withShownReasons(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withShownReasons);
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === 'reason' && typeof member === 'string' ? hideInText(member) : withShownReasons(member),
    ]),
  );
}

/** Only after validation: every member has the type its shape gives it. */
function karmaFileOf(file: string, written: JsonObject, lineOf: (pointer: string) => number): KarmaFile {
  const terragrunt = members(written.terragrunt);
  const terraform = members(written.terraform);
  return {
    estate: String(written.estate),
    file,
    lineOf,
    ...pick(written, 'prefix', 'follow', 'contracts'),
    repositories: Object.entries(members(written.repositories)).map(([name, value]) => repositoryOf(name, value)),
    consumers: objects(written.consumers).map((one) => ({
      who: String(one.who),
      reads: String(one.reads),
      consumes: strings(one.consumes),
    })),
    terragrunt: pick(terragrunt, 'file', 'binary'),
    terraform: pick(terraform, 'binary', 'backend', 'ignoredInputs'),
    stores: members(written.stores),
    findings: objects(written.findings) as unknown as readonly FindingRule[],
    expected: objects(members(written.environments).expected) as unknown as readonly ExpectedDifference[],
    schedules: objects(written.schedules).map(scheduleOf),
    changePolicies: changePoliciesOf(written),
    approvals: objects(written.approvals).map((one) => ({
      select: strings(one.select),
      ...pick(one, 'only', 'count', 'group', 'proposer', 'applies', 'reason'),
    })),
    groups: Object.fromEntries(Object.entries(members(written.groups)).map(([name, list]) => [name, strings(list)])),
    ...publishOf(written.publish),
    hooks: objects(written.hooks) as unknown as readonly HookSetting[],
    settings: settingsOf(written, terragrunt, terraform),
  };
}

function scheduleOf(one: JsonObject): ScheduleSetting {
  const does = String(one.do) as ScheduleSetting['does'];
  const name =
    typeof one.name === 'string' && one.name !== '' ? one.name : [does, one.select].filter(Boolean).join(' ');
  return { name, does, ...pick(one, 'every', 'cron', 'select') };
}

/** Work has one time, and a name of its own: by that it is known when it was done last. */
function scheduleIssues(written: JsonObject): readonly ShapeIssue[] {
  const schedules = objects(written.schedules);
  const names = new Set<string>();
  return schedules.flatMap((one, at) => {
    const { name } = scheduleOf(one);
    const isKnown = names.has(name);
    names.add(name);
    const pointer = `/schedules/${at}`;
    const wrong =
      (one.every === undefined) === (one.cron === undefined)
        ? `"schedules.${at}" must say either every or cron`
        : isKnown
          ? `"schedules.${at}" is called like another one: ${JSON.stringify(name)}`
          : undefined;
    return wrong === undefined ? [] : [{ pointer, message: wrong }];
  });
}

/** A hook is one thing and has a name of its own: by that it is known how far it was told. */
function hookIssues(written: JsonObject): readonly ShapeIssue[] {
  const hooks = objects(written.hooks);
  return hooks.flatMap((one, at) => {
    const address = typeof one.webhook === 'string' ? URL.parse(one.webhook) : undefined;
    const isHere = address != null && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(address.hostname);
    const wrong =
      (one.run === undefined) === (one.webhook === undefined)
        ? 'must say either run or webhook'
        : strings(one.run).length === 0 && one.run !== undefined
          ? 'names no program'
          : (one.webhook === undefined) !== (one.secret === undefined)
            ? 'must name the variable that holds its secret, and only a webhook has one'
            : address === null || (address?.protocol === 'http:' && !isHere)
              ? 'is sent to no address that is safe: `https://…`'
              : hooks.findIndex(({ name }) => name === one.name) < at
                ? `is called like another one: ${JSON.stringify(one.name)}`
                : undefined;
    return wrong === undefined ? [] : [{ pointer: `/hooks/${at}`, message: `"hooks.${at}" ${wrong}` }];
  });
}

function changePoliciesOf(written: JsonObject): readonly ChangePolicySetting[] {
  return objects(written.policies).flatMap((one, place) =>
    typeof one.when === 'string'
      ? [
          {
            name: String(one.name),
            when: one.when,
            outcome: (one['then'] ?? 'refuse') as ChangePolicySetting['outcome'],
            ...pick(one, 'reason', 'ask', 'examples'),
            place,
          },
        ]
      : [],
  );
}

function publishOf(value: unknown): Pick<KarmaFile, 'publish'> {
  if (value === undefined) return {};
  if (typeof value === 'string') return { publish: { remote: value, via: 'push' } };
  const written = members(value);
  return { publish: { remote: 'origin', via: 'push', ...pick(written, 'remote', 'branch', 'via') } };
}

function settingsOf(written: JsonObject, terragrunt: JsonObject, terraform: JsonObject): EstateSettings {
  const repositories = Object.entries(members(written.repositories)).map(([name, value]) => repositoryOf(name, value));
  const placement = repositories.flatMap(({ name, kinds }) => kinds.map((kind) => [kind, name] as const));
  const layouts = strings(written.layouts) as readonly LayoutName[];
  const roots = strings(terraform.roots);
  const varFiles = strings(terraform.varFiles);
  const paths = isJsonObject(written.environments) ? written.environments.paths : written.environments;
  const environments = listOf(paths).map((one) =>
    typeof one === 'string' ? { pattern: one } : (one as { readonly pattern: string; readonly environment?: string }),
  );
  const references = objects(written.references) as unknown as NonNullable<EstateSettings['references']>;
  const policies = objects(written.policies).filter(({ when }) => when === undefined) as unknown as NonNullable<
    EstateSettings['policies']
  >;
  const assume = objects(written.assume) as unknown as NonNullable<EstateSettings['assume']>;
  const readOutside = [...new Set(objects(written.consumers).map(({ reads }) => String(reads)))];
  return {
    ...(layouts.length > 0 ? { layouts } : {}),
    ...pick(written, 'prefix', 'sharedAccounts', 'schemas'),
    ...(environments.length > 0 ? { environments } : {}),
    ...(references.length > 0 ? { references } : {}),
    ...(typeof terragrunt.file === 'string' ? { terragruntFile: terragrunt.file } : {}),
    ...(roots.length > 0 ? { roots } : {}),
    ...(varFiles.length > 0 ? { varFiles } : {}),
    ...(placement.length > 0 ? { placement: Object.fromEntries(placement) } : {}),
    ...(written.placement === undefined ? {} : { bindings: texts(written.placement) }),
    ...(policies.length > 0 ? { policies } : {}),
    ...(assume.length > 0 ? { assume } : {}),
    ...(readOutside.length > 0 ? { readOutside } : {}),
    ...(written.modules === undefined ? {} : { modules: texts(written.modules) }),
  };
}

function repositoryOf(name: string, value: unknown): RepositorySetting {
  if (typeof value === 'string') return { name, path: value, kinds: [] };
  const written = members(value);
  return { name, ...pick(written, 'path', 'url', 'ref'), kinds: strings(written.kind) };
}

function members(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}

function objects(value: unknown): readonly JsonObject[] {
  return listOf(value).filter(isJsonObject);
}

function strings(value: unknown): readonly string[] {
  return listOf(value).filter((one) => typeof one === 'string');
}

function texts(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(members(value)).map(([key, member]) => [key, String(member)]));
}

/** The named members that are there; their types were checked by the shape. */
function pick(from: JsonObject, ...keys: readonly string[]): Readonly<Record<string, never>> {
  return Object.fromEntries(
    keys.filter((key) => from[key] !== undefined && from[key] !== null).map((key) => [key, from[key] as never]),
  );
}
