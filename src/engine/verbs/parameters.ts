import { choice, object, text } from '../../config/shape-parts.ts';
import { byCodeUnit } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import { type AwsDump, readAwsDump } from '../../stores/parameters/aws-dump.ts';
import type { ImportOutcome, Parameter, ParameterStore, ParameterVersion } from '../../stores/parameters/port.ts';
import type { EngineContext } from '../context.ts';
import { hideParameters, type ShownParameter } from '../hide-parameters.ts';
import { putUnder, type Write } from '../put-parameter.ts';
import { withWriteLeases } from '../write-leases.ts';
import { defineVerb } from './verb.ts';

const page = 500;

/** The store of one account. Without a name the only binding there is; several are never guessed between. */
export async function storeOf(context: EngineContext, binding: string | undefined): Promise<ParameterStore> {
  const named = context.stores.bindings();
  const all = [...new Set([...named, ...(await context.stores.knownBindings())])].sort(byCodeUnit);
  if (binding !== undefined) {
    if (named.length > 0 && !all.includes(binding))
      throw new KarmaError('KARMA_USAGE', `the estate has no account ${binding}`, {
        hint: `--binding is one of: ${all.join(', ')}`,
      });
    return context.stores.parameters(binding);
  }
  if (all.length > 1)
    throw new KarmaError('KARMA_USAGE', `the estate has ${all.length} accounts, and which one is meant is not said`, {
      hint: `add --binding with one of: ${all.join(', ')}`,
    });
  return context.stores.parameters(all[0] ?? 'default');
}

export async function getParameter(context: EngineContext, name: string, binding?: string): Promise<Parameter> {
  const store = await storeOf(context, binding);
  const found = await store.get(name);
  if (found === undefined)
    throw new KarmaError('KARMA_NOT_FOUND', `there is no parameter ${name} in ${store.binding}`, {
      hint: '`karma parameter list` shows what is there',
    });
  return found;
}

/** Writes a new version under the lease of the account's environment. */
export async function putParameter(
  context: EngineContext,
  write: Write,
  binding?: string,
): Promise<{ readonly binding: string; readonly version: number }> {
  const store = await storeOf(context, binding);
  const before = await store.get(write.name);
  const version = await withWriteLeases(context, (hold) => putUnder(context, hold, { store, write, before }));
  return { binding: store.binding, version };
}

export async function listParameters(
  context: EngineContext,
  path: string,
  binding?: string,
): Promise<readonly Parameter[]> {
  return everyParameter(await storeOf(context, binding), path);
}

/** All parameters below a path, page by page. */
export async function everyParameter(store: ParameterStore, path: string): Promise<Parameter[]> {
  const all: Parameter[] = [];
  for (let after: string | undefined; ; ) {
    const some = await store.list({ path, limit: page, ...(after === undefined ? {} : { after }) });
    all.push(...some);
    if (some.length < page) return all;
    after = some.at(-1)?.name;
  }
}

export async function parameterHistory(
  context: EngineContext,
  name: string,
  binding?: string,
): Promise<readonly ParameterVersion[]> {
  const store = await storeOf(context, binding);
  const versions = await store.history(name);
  if (versions.length === 0)
    throw new KarmaError('KARMA_NOT_FOUND', `there is no parameter ${name} in ${store.binding}`);
  return versions;
}

export interface Imported extends ImportOutcome {
  readonly binding: string;
  /** What of the dump could not be used, and why. */
  readonly skipped: AwsDump['skipped'];
}

/** Takes in what `aws ssm get-parameters-by-path` or `get-parameter-history` printed. */
export async function importParameters(context: EngineContext, text: string, binding?: string): Promise<Imported> {
  const dump = readAwsDump(text);
  const [first] = dump.skipped;
  if (dump.versions.length === 0 && first !== undefined)
    throw new KarmaError('KARMA_INPUT_INVALID', `nothing of the dump can be used: ${first.name} ${first.reason}`, {
      hint: 'make it with: aws ssm get-parameters-by-path --recursive --path /iac --output json',
    });
  const store = await storeOf(context, binding);
  if (store.importVersions === undefined)
    throw new KarmaError('KARMA_USAGE', `${store.binding} keeps its own history, so nothing can be imported into it`, {
      hint: 'import into the embedded store: `parameters: sqlite`',
    });
  return { binding: store.binding, ...(await store.importVersions(dump.versions)), skipped: dump.skipped };
}

/**
 * The shape that `aws ssm get-parameters-by-path` prints. A SecureString comes without its value: it is not kept. Neither does
 * what holds a secret, unless asked for: half a value must not be imported elsewhere.
 */
export async function exportParameters(
  context: EngineContext,
  path: string,
  how: { readonly reveal: boolean; readonly binding: string | undefined },
): Promise<{ readonly dump: { readonly Parameters: readonly object[] }; readonly without: number }> {
  const all = await hideParameters(context, await listParameters(context, path, how.binding), how.reveal);
  const Parameters = all.map(({ name, type, value, version, modifiedAt, modifiedBy, hidden }) => ({
    Name: name,
    Type: type,
    ...(value === undefined || hidden === true ? {} : { Value: value }),
    Version: version,
    LastModifiedDate: modifiedAt,
    LastModifiedUser: modifiedBy,
  }));
  return { dump: { Parameters }, without: all.filter(({ hidden }) => hidden === true).length };
}

const name = text('A parameter.');
const binding = text('The account; default: the only one.');

export const parameterVerb = defineVerb({
  about: "A parameter's value; what is secret in it is hidden.",
  query: object('Which.', { name, binding }, 'name'),
  writes: 'nothing',
  run: async (context, query, { here }) => {
    const found: ShownParameter = await getParameter(context, query.name, query.binding);
    const [parameter = found] = await hideParameters<ShownParameter>(context, [found], here?.reveal === true);
    return { parameter };
  },
});

export const parametersVerb = defineVerb({
  about: 'Parameters below a path; what is secret in them is hidden.',
  query: object('Which.', { path: text('A path; default: all.'), binding }),
  writes: 'nothing',
  run: async (context, { path = '/', binding: account }, { here }) => ({
    parameters: await hideParameters<ShownParameter>(
      context,
      await listParameters(context, path, account),
      here?.reveal === true,
    ),
  }),
});

export const parameterHistoryVerb = defineVerb({
  about: 'Every version of a parameter: who and when.',
  query: object('Which.', { name, binding }, 'name'),
  writes: 'nothing',
  run: async (context, query, { here }) => {
    const all = await parameterHistory(context, query.name, query.binding);
    return { versions: await hideParameters<ParameterVersion & ShownParameter>(context, all, here?.reveal === true) };
  },
});

export const parameterPutVerb = defineVerb({
  about: 'Writes a new version of a parameter.',
  query: object(
    'What.',
    { name, value: text('The value.'), type: choice('Its type.', 'String', 'StringList', 'SecureString'), binding },
    'name',
    'value',
    'type',
  ),
  writes: 'ledger',
  run: async (context, { binding: account, ...write }) => ({
    written: { name: write.name, ...(await putParameter(context, write, account)) },
  }),
});

export const parameterImportVerb = defineVerb({
  about: 'Takes in what `aws ssm get-parameters-by-path` or `get-parameter-history` printed.',
  query: object('What.', { dump: text('What was printed.'), binding }, 'dump'),
  writes: 'ledger',
  run: async (context, { dump, binding: account }) => ({ imported: await importParameters(context, dump, account) }),
});
