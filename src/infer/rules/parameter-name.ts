/** What a parameter's name says by Adage's convention. Nothing is invented: a name that says nothing is `other`. */
export type ParameterName =
  /** `<prefix>/<type>/<nickname>/runtime`, or one output below it; `output` is its name then. */
  | {
      readonly kind: 'runtime';
      readonly type: string;
      readonly nickname: string;
      readonly name: string;
      readonly output?: string;
    }
  | { readonly kind: 'config'; readonly type: string; readonly nickname: string; readonly name: string }
  /** `/external/<type>/<nickname>/runtime`: a system that this estate does not manage. */
  | {
      readonly kind: 'external';
      readonly type: string;
      readonly nickname: string;
      readonly name: string;
      readonly output?: string;
    }
  /** Given by AWS itself, such as `/aws/service/ami-amazon-linux-latest/…`, or the account's own `<prefix>/environment`. */
  | { readonly kind: 'given'; readonly name: string }
  | { readonly kind: 'other'; readonly name: string };

/**
 * Reads a parameter's name as modules write it: an ARN, a version or a label behind a colon do not matter.
 * @param prefix with a leading and without a trailing slash.
 */
export function parseParameterName(written: string, prefix: string): ParameterName {
  const known = parsed.get(prefix) ?? new Map<string, ParameterName>();
  if (known.size === 0) parsed.set(prefix, known);
  let name = known.get(written);
  if (name === undefined) {
    if (known.size >= mostParsed) known.clear();
    name = parse(written, prefix);
    known.set(written, name);
  }
  return name;
}

/** By prefix and name: a runtime's name is met once where it is written and once for each who reads it. */
const parsed = new Map<string, Map<string, ParameterName>>();
const mostParsed = 50_000;

function parse(written: string, prefix: string): ParameterName {
  const name = bareName(written);
  if (!name.startsWith('/')) return { kind: 'other', name };
  const steps = name.split('/').slice(1);
  if (name.startsWith('/aws/')) return { kind: 'given', name };
  if (name === `${prefix}/environment`) return { kind: 'given', name };
  if (steps[0] === 'external') return componentName('external', steps.slice(1), '/external') ?? { kind: 'other', name };
  if (!name.startsWith(`${prefix}/`)) return { kind: 'other', name };
  const below = name.slice(prefix.length + 1).split('/');
  return componentName('runtime', below, prefix) ?? { kind: 'other', name };
}

function componentName(
  kind: 'runtime' | 'external',
  steps: readonly string[],
  prefix: string,
): ParameterName | undefined {
  const [type = '', nickname = '', leaf, ...rest] = steps;
  if (type === '' || nickname === '' || steps.some((step) => step === '')) return undefined;
  const name = `${prefix}/${type}/${nickname}/${leaf ?? ''}`;
  if (leaf === 'config' && kind === 'runtime' && rest.length === 0) return { kind: 'config', type, nickname, name };
  if (leaf !== 'runtime') return undefined;
  return { kind, type, nickname, name, ...(rest.length === 0 ? {} : { output: rest.join('/') }) };
}

/**
 * Without ARN, version and label. `acme/x` and `/acme/x` are two parameters; what an ARN says of one with a single step may be
 * either, and mostly has no slash.
 */
export function bareName(written: string): string {
  const [, named] = /^arn:[^:]*:ssm:[^:]*:[^:]*:parameter(\/?.*)$/.exec(written) ?? [];
  const name = (named ?? written).replace(/:.*$/, '').replace(/\/+$/, '');
  return named === undefined ? name : name.replace(/^\/?([^/]+)$/, '$1');
}

/** The other name that an ARN of one step may mean. */
export function otherName(written: string): string | undefined {
  const name = bareName(written);
  return written.startsWith('arn:') && !name.includes('/') ? `/${name}` : undefined;
}

/** The conventional runtime parameter of a component. */
export function runtimeName(prefix: string, type: string, nickname: string): string {
  return `${prefix}/${type}/${nickname}/runtime`;
}

/** `/iac/`, `iac` and `/iac` mean the same; `/` means no prefix at all. */
export function normalisePrefix(written: string): string {
  const steps = written.split('/').filter(Boolean);
  return steps.length === 0 ? '' : `/${steps.join('/')}`;
}
