import type { Ajv, ErrorObject, ValidateFunction } from 'ajv';
import type { Ajv2020 } from 'ajv/dist/2020.js';
import { byCodeUnit, canonicalJson } from '../model/digest.ts';
import { rounded } from '../model/exact-number.ts';
import { lateModule } from '../model/late-module.ts';
import { boundedPattern } from './bounded-pattern.ts';
import { pointerStep } from './json-scan.ts';
import { costKeyword, measured } from './measured-schema.ts';
import { isJsonObject } from './merge-patch.ts';
import { nearestWord } from './nearest.ts';
import type * as SchemaEngine from './schema-engine.ts';
import { StepBudget, TooManySteps } from './step-budget.ts';

const engine = lateModule<typeof SchemaEngine>('schema-engine', import.meta.url);

/** One place where a value does not fit its schema. Messages never quote the value. */
export interface SchemaIssue {
  readonly pointer: string;
  readonly message: string;
}

/** Checks values against one schema, compiled at the first use. */
export interface SchemaChecker {
  /** Why the schema itself cannot be used; undefined when it can. */
  readonly broken: string | undefined;
  check(value: unknown): readonly SchemaIssue[];
}

/** Steps of one check: a large config against a large schema takes a tenth of them. */
const work = new StepBudget(1_000_000);
const tooMuch = 'the schema asks for more work with this config than anybody means, so the config was not checked';

/** A checker for JSON Schema 2020-12, and for draft-07 where `$schema` says so. Nothing is fetched: remote `$ref`s break it. */
export function schemaChecker(schema: unknown): SchemaChecker {
  const compiled = compile(schema);
  if (typeof compiled === 'string') return { broken: compiled, check: () => [] };
  return {
    broken: undefined,
    check(value) {
      try {
        work.renew();
        if (compiled(value) || compiled(rounded(value))) return [];
      } catch (error) {
        // A schema that leads back to itself at the same value is deeper than the stack.
        if (error instanceof TooManySteps || error instanceof RangeError) return [{ pointer: '', message: tooMuch }];
        throw error;
      }
      const issues = (compiled.errors ?? []).filter(isTelling).map(issueOf);
      return issues.sort((a, b) => byCodeUnit(a.pointer, b.pointer) || byCodeUnit(a.message, b.message));
    },
  };
}

/** Older drafts differ in keywords that matter little here, but ajv refuses a `$schema` it does not know. */
function compile(schema: unknown): ValidateFunction | string {
  if (!isJsonObject(schema)) return 'the schema is not a JSON object';
  const draft = schema.$schema;
  const old = typeof draft === 'string' && /draft-0[4-7]/.test(draft);
  const { $schema: _draft, $id: _id, id: _oldId, ...body } = schema;
  try {
    work.renew();
    return compilerFor(old).compile({ ...measured(body), $id: ownName });
  } catch (error) {
    return error instanceof Error ? error.message : 'the schema cannot be compiled';
  }
}

/** Without a name of its own a schema cannot refer to itself; the one it gives itself would be known from then on. */
const ownName = 'karma:schema';

const compilers = new Map<boolean, Ajv | Ajv2020>();

/** Setting a compiler up costs more than compiling: one for each family of drafts. It keeps no schema. */
function compilerFor(old: boolean): Ajv | Ajv2020 {
  const known = compilers.get(old);
  if (known !== undefined) return known;
  const options = { allErrors: true, verbose: true, strict: false, logger: false, addUsedSchema: false } as const;
  const code = {
    regExp: Object.assign((source: string) => boundedPattern(source, work), { code: 'boundedPattern' }),
    optimize: false,
  };
  const { Ajv, Ajv2020, ajvFormats } = engine();
  const compiler = old ? new Ajv({ ...options, code }) : new Ajv2020({ ...options, code });
  countWork(compiler);
  ajvFormats.default(compiler);
  compiler.addFormat('cidr', { type: 'string', validate: isCidr });
  compilers.set(old, compiler);
  return compiler;
}

/** Takes off what each part costs, before it looks at a value, and compares the items of a list without comparing all with all. */
function countWork(compiler: Ajv | Ajv2020): void {
  const spend = (cost: number, value: unknown) =>
    work.spend(cost + (typeof value === 'string' ? value.length >> 6 : 0));
  const { _ } = engine();
  compiler.addKeyword({
    keyword: costKeyword,
    before: '$ref',
    code({ gen, schema, data }) {
      gen.code(_`${gen.scopeValue('func', { ref: spend })}(${Number(schema)}, ${data})`);
    },
  });
  compiler.removeKeyword('uniqueItems');
  compiler.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    error: { message: 'must NOT have duplicate items' },
    validate: (wanted: boolean, items: readonly unknown[]) => {
      work.spend(items.length);
      return !wanted || new Set(items.map(canonicalJson)).size === items.length;
    },
  });
}

/** `10.0.0.0/16`; common in infrastructure configs and no format of JSON Schema. */
function isCidr(text: string): boolean {
  const [address = '', bits, rest] = text.split('/');
  if (bits === undefined || rest !== undefined || !/^\d{1,3}$/.test(bits)) return false;
  if (address.includes(':')) return /^[0-9a-fA-F:.]+$/.test(address) && Number(bits) <= 128;
  const octets = address.split('.');
  return (
    octets.length === 4 && octets.every((one) => /^\d{1,3}$/.test(one) && Number(one) <= 255) && Number(bits) <= 32
  );
}

/** Combinators repeat what their parts already say. */
function isTelling(error: ErrorObject): boolean {
  return error.keyword !== 'if' && error.keyword !== 'propertyNames';
}

function issueOf(error: ErrorObject): SchemaIssue {
  const name =
    error.instancePath === '' ? 'the config' : JSON.stringify(error.instancePath.slice(1).replaceAll('/', '.'));
  const extra = error.params.additionalProperty ?? error.params.unevaluatedProperty;
  if (typeof extra === 'string') {
    const near = nearestWord(extra, knownProperties(error.parentSchema));
    const meant = near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
    return {
      pointer: error.instancePath + pointerStep(extra),
      message: `the key ${JSON.stringify(extra)} is not allowed${meant}`,
    };
  }
  if (error.keyword === 'enum') {
    const allowed: unknown = error.params.allowedValues;
    return { pointer: error.instancePath, message: `${name} must be one of ${JSON.stringify(allowed)}` };
  }
  return { pointer: error.instancePath, message: `${name} ${error.message ?? 'does not fit'}` };
}

function knownProperties(schema: unknown): string[] {
  return isJsonObject(schema) && isJsonObject(schema.properties) ? Object.keys(schema.properties) : [];
}
