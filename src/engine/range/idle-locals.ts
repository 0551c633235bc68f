import { codeOf } from '../../hcl/code.ts';
import { encryptedBy, lineOfBadByte } from '../../hcl/encrypted.ts';
import { evaluate } from '../../hcl/evaluate.ts';
import { parseHcl } from '../../hcl/parse.ts';
import { EvaluationError } from '../../hcl/scope.ts';
import type { Body, Expression, HclFile } from '../../hcl/tree.ts';
import { isWhollyKnown } from '../../hcl/value.ts';
import { walkBody, walkExpression } from '../../infer/terraform/expression-walk.ts';
import type { FileView } from '../../model/file-view.ts';

/** A configuration as it is asked about. */
interface Said {
  /** What it says, but for its locals. */
  readonly code: string;
  readonly locals: ReadonlyMap<string, { readonly code: string; readonly value: Expression }>;
  /** How often each word stands in it. */
  readonly words: ReadonlyMap<string, number>;
  /** Locals are used as a whole, so that each is. */
  readonly usesAll: boolean;
}

/**
 * Whether a Terragrunt configuration differs in nothing but locals that nobody uses: then whoever reads it evaluates what it
 * always did, and what is not known of that is not known in the same way. Needs `await loadGrammar()` once before; each file is
 * looked through once an end.
 *
 * @returns asks of a file, and all files that were read with it
 */
export function idleLocals(before: FileView, after: FileView): (file: string, together: readonly string[]) => boolean {
  const known = new Map<string, Said | undefined>();
  const saidAt = (end: 'before' | 'after', file: string): Said | undefined => {
    const key = `${end} ${file}`;
    if (!known.has(key)) known.set(key, read(end === 'before' ? before : after, file));
    return known.get(key);
  };
  const differing = new Map<string, readonly string[] | undefined>();
  return (file, together) => {
    if (!differing.has(file)) differing.set(file, idleNames(saidAt('before', file), saidAt('after', file)));
    const names = differing.get(file);
    if (names === undefined) return false;
    if (names.length === 0) return true;
    const usesNone = (end: 'before' | 'after', other: string): boolean => {
      if (!/\.hcl(?:\.json)?$/.test(other) || !(end === 'before' ? before : after).isFile(other)) return true;
      const said = saidAt(end, other);
      if (said === undefined || said.usesAll) return false;
      const own = (name: string) => (other === file && said.locals.has(name) ? 1 : 0);
      return names.every((name) => (said.words.get(name) ?? 0) === own(name));
    };
    return together.every((other) => usesNone('before', other) && usesNone('after', other));
  };
}

function read(view: FileView, file: string): Said | undefined {
  const text = file.includes(':') || !file.endsWith('.hcl') ? undefined : view.read(file);
  if (text === undefined || encryptedBy(text) !== undefined || lineOfBadByte(text) !== undefined) return undefined;
  const parsed = parseHcl(text);
  const blocks = parsed.body.blocks.filter(({ type }) => type === 'locals');
  const rest = {
    ...parsed,
    body: { ...parsed.body, blocks: parsed.body.blocks.filter(({ type }) => type !== 'locals') },
  };
  const code = codeOf(rest)?.join('\n');
  const [own] = blocks;
  if (code === undefined || blocks.length > 1 || (own !== undefined && own.body.blocks.length > 0)) return undefined;
  const values = own === undefined ? [] : [...own.body.attributes.values()];
  const whole = codeOf({ ...parsed, body: { ...parsed.body, blocks } });
  if (whole === undefined || (own?.body.duplicates.length ?? 0) > 0) return undefined;
  return {
    code,
    locals: new Map(values.map(({ name, value }) => [name, { code: written(value), value }])),
    words: wordsOf(text),
    usesAll: handsOnLocals(parsed),
  };
}

/** Names of the locals that differ; undefined where something else differs too, or one of them may fail or do something. */
function idleNames(before: Said | undefined, after: Said | undefined): readonly string[] | undefined {
  if (before === undefined || after === undefined || before.code !== after.code) return undefined;
  const names = [...new Set([...before.locals.keys(), ...after.locals.keys()])];
  const differing = names.filter((name) => before.locals.get(name)?.code !== after.locals.get(name)?.code);
  const values = differing.flatMap((name) => [before, after].flatMap(({ locals }) => locals.get(name)?.value ?? []));
  return values.every(isConstant) ? differing : undefined;
}

/** A value that rests on nothing. */
export function isConstant(expr: Expression): boolean {
  try {
    return isWhollyKnown(evaluate(expr, { lookup: () => undefined }));
  } catch (error) {
    if (error instanceof EvaluationError) return false;
    throw error;
  }
}

function written(expr: Expression): string {
  return JSON.stringify(expr, (key, value: unknown) => (key === 'at' ? undefined : value));
}

function wordsOf(text: string): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  for (const [word] of text.matchAll(/[\p{L}_][\p{L}\p{N}_-]*/gu)) words.set(word, (words.get(word) ?? 0) + 1);
  return words;
}

/** Functions that answer a configuration, of which locals are a part. */
const reading = 'read_terragrunt_config';

/**
 * Whether locals go somewhere as a whole: `local` as such, an include or a configuration that was read without a name behind its
 * `locals`. Where that cannot be told apart they do.
 */
function handsOnLocals({ body }: HclFile): boolean {
  const configs = new Map<string, 'config' | 'locals'>();
  const inPlace = new Set<Expression>();
  for (const { name, value } of localsIn(body)) {
    const chain = chainOf(value);
    if (!isReading(chain.root)) continue;
    if (chain.names.length === 0) configs.set(name, 'config');
    else if (chain.names.length === 1 && chain.names[0] === 'locals') configs.set(name, 'locals');
    else continue;
    inPlace.add(value);
  }
  let found = false;
  const inner = new Set<Expression>();
  const look = (expr: Expression) =>
    walkExpression(expr, (one) => {
      if (one.kind === 'splat' && leadsToLocals(chainOf(one.on).root)) found = true;
      const { root, names } = chainOf(one);
      if (inner.has(one) || inPlace.has(one)) {
        if (one.kind === 'access') inner.add(one.on);
        return;
      }
      if (one.kind === 'access') inner.add(one.on);
      if (isReading(root)) found ||= !namesOne(names);
      if (root.kind !== 'variable') return;
      if (root.name === 'include') found ||= !namesOne(names.slice(1)) || names[0] === 'locals';
      if (root.name !== 'local') return;
      const kind = configs.get(names[0] ?? '');
      const behind = names.slice(1);
      found ||=
        names.length === 0 || (kind === 'config' && !namesOne(behind)) || (kind === 'locals' && behind.length === 0);
    });
  walkBody(body, look);
  return found;
}

function localsIn({ blocks }: Body): readonly { readonly name: string; readonly value: Expression }[] {
  return blocks.filter(({ type }) => type === 'locals').flatMap(({ body }) => [...body.attributes.values()]);
}

/** `.locals.x`, or another part of a configuration. */
function namesOne([part, name]: readonly string[]): boolean {
  return part !== undefined && (part !== 'locals' || name !== undefined);
}

function isReading(expr: Expression): boolean {
  return expr.kind === 'call' && expr.name === reading;
}

function leadsToLocals(root: Expression): boolean {
  return isReading(root) || (root.kind === 'variable' && (root.name === 'local' || root.name === 'include'));
}

/** What a chain of accesses starts at, and the names behind it up to the first that is computed. */
function chainOf(expr: Expression): { readonly root: Expression; readonly names: readonly string[] } {
  const names: string[] = [];
  let at = expr;
  for (; at.kind === 'access'; at = at.on) {
    if (at.step.kind === 'attr') names.unshift(at.step.name);
    else if (at.step.key.kind === 'literal') names.unshift(String(at.step.key.value));
    else names.length = 0;
  }
  return { root: at, names };
}
