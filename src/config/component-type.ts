import type { DeclaredCheck } from '../model/check.ts';
import type { Finding } from '../model/finding.ts';
import { readChecks } from './check-declaration.ts';
import { componentTypeShape } from './component-type-shape.ts';
import { isJsonObject, type JsonObject, mergePatch } from './merge-patch.ts';
import { problemFindings } from './problem-findings.ts';
import { checkShape, type ShapeIssue } from './shape.ts';
import { widenings } from './type-widens.ts';
import { readYaml } from './yaml-document.ts';

/** What `components/<type>/component.yaml` declares, with what its parents declare under it. */
export interface ComponentTypeDeclaration {
  readonly name: string;
  /** Where it stands, for evidence. */
  readonly file: string;
  /** The type and its parents, nearest first. */
  readonly lineage: readonly string[];
  readonly abstract: boolean;
  /** JSON Schemas (2020-12) of config and runtime. */
  readonly inputs: JsonObject | undefined;
  readonly outputs: JsonObject | undefined;
  readonly references: Readonly<Record<string, DeclaredReference>>;
  /** Pointers into config and runtime whose values are secrets. */
  readonly sensitive: readonly string[];
  /** A parent's come first, and hold for the child. */
  readonly checks: readonly DeclaredCheck[];
  readonly steps: readonly Step[];
  readonly alsoWrittenBy: readonly OtherWriter[];
}

/** `vpc: { type: vpc, by: vpc_nickname, optional: false }` */
export interface DeclaredReference {
  readonly type: string;
  /** The config key (dotted or a pointer) that holds the nickname; without it the reference's name + `_nickname`. */
  readonly by?: string;
  readonly optional: boolean;
  readonly consumes?: readonly string[];
  readonly file: string;
  readonly line: number;
}

/** A program that a type needs around Terraform. */
export interface Step {
  readonly name: string;
  readonly when: 'before' | 'after';
  readonly run: readonly string[];
}

/** Somebody beside the module who writes the runtime; without outputs, any of them. */
export interface OtherWriter {
  readonly who: string;
  readonly outputs?: readonly string[];
}

export interface ReadComponentType {
  readonly declaration: ComponentTypeDeclaration | undefined;
  readonly findings: readonly Finding[];
  /** The line of a pointer in the type's own file; that of what is nearest above, where it is not there. */
  readonly lineOf: (pointer: string) => number;
}

const first = (): number => 1;

/** Types above each other: each is read anew for each that extends it. */
const deepest = 16;

/**
 * Reads a type's declaration and its parents'. A child's inputs and outputs are laid over its parent's by JSON Merge Patch,
 * references by name; lists add up. `abstract` is not inherited.
 * @param read the text of a type's `component.yaml`, with its place.
 */
export function readComponentType(
  name: string,
  read: (type: string) => { readonly file: string; readonly text: string } | undefined,
  children: readonly string[] = [],
): ReadComponentType {
  const source = read(name);
  if (source === undefined) return { declaration: undefined, findings: [], lineOf: first };
  const { file, text } = source;
  const document = parsed(text);
  const subject = `type ${name}`;
  const findings: Finding[] = [...problemFindings(document, file, subject)];
  const { lineOf } = document;
  if (document.value === undefined) return { declaration: undefined, findings, lineOf };
  for (const issue of checkShape(componentTypeShape, document.value)) {
    findings.push(invalid(subject, issue, file, document.lineOf(issue.pointer)));
  }
  const written = isJsonObject(document.value) ? document.value : {};
  const own = declarationOf(name, file, written, (pointer) => document.lineOf(pointer));
  for (const [index, check] of own.checks.entries())
    if (check.kind === 'broken') findings.push(unusable(subject, check, index));
  const parentName = typeof written.extends === 'string' ? written.extends : undefined;
  if (parentName === undefined) return { declaration: own, findings, lineOf };
  const loop = parentName === name || children.includes(parentName);
  const isFar = children.length >= deepest;
  const parent = loop || isFar ? undefined : readComponentType(parentName, read, [...children, name]).declaration;
  if (parent === undefined) {
    const message = loop
      ? `extends ${parentName} closes a loop`
      : isFar
        ? `extends ${parentName} is more than ${deepest} types away, and was not read`
        : `extends names ${parentName}, a type without component.yaml`;
    const evidence = { rule: 'extends', site: 'component.yaml#/extends', file, line: document.lineOf('/extends') };
    findings.push({
      code: 'extends-broken',
      severity: 'error',
      subject,
      key: parentName,
      message,
      evidence: [evidence],
    });
    return { declaration: own, findings, lineOf };
  }
  const laid = layOver(parent, own);
  for (const { pointer, message } of widenings(
    { parent: parent.inputs, child: laid.inputs },
    { parent: parent.outputs, child: laid.outputs },
  ))
    findings.push({
      code: 'type-widens',
      severity: 'warning',
      subject,
      key: pointer,
      message: `${name} extends ${parentName}, but ${message}`,
      evidence: [{ rule: 'extends', site: `component.yaml#${pointer}`, file, line: document.lineOf(pointer) }],
    });
  return { declaration: laid, findings, lineOf };
}

/** A parent is read again for each type that extends it, and all of them are parsed once. */
const known = new Map<string, ReturnType<typeof readYaml>>();
/** More types than this nobody has; a process that stays holds no more texts than that. */
const mostKnown = 4000;

function parsed(text: string): ReturnType<typeof readYaml> {
  const before = known.get(text);
  if (before !== undefined) return before;
  const document = readYaml(text);
  if (known.size >= mostKnown) known.clear();
  known.set(text, document);
  return document;
}

function layOver(parent: ComponentTypeDeclaration, own: ComponentTypeDeclaration): ComponentTypeDeclaration {
  const laid = (below: JsonObject | undefined, above: JsonObject | undefined) => {
    const merged = above === undefined ? below : mergePatch(below, above);
    return isJsonObject(merged) ? merged : undefined;
  };
  return {
    ...own,
    lineage: [own.name, ...parent.lineage],
    inputs: laid(parent.inputs, own.inputs),
    outputs: laid(parent.outputs, own.outputs),
    references: { ...parent.references, ...own.references },
    sensitive: [...new Set([...parent.sensitive, ...own.sensitive])],
    checks: [...parent.checks, ...own.checks],
    steps: [...parent.steps, ...own.steps],
    alsoWrittenBy: [...parent.alsoWrittenBy, ...own.alsoWrittenBy],
  };
}

function declarationOf(
  name: string,
  file: string,
  written: JsonObject,
  lineOf: (pointer: string) => number,
): ComponentTypeDeclaration {
  const references = isJsonObject(written.references) ? written.references : {};
  return {
    name,
    file,
    lineage: [name],
    abstract: written.abstract === true,
    inputs: schemaOf(written.inputs),
    outputs: schemaOf(written.outputs),
    references: Object.fromEntries(
      Object.entries(references).map(([key, value]) => [
        key,
        referenceOf(key, value, file, lineOf(`/references/${key}`)),
      ]),
    ),
    sensitive: strings(written.sensitive).map(asPointer),
    checks: readChecks(written.checks, file, (index) => lineOf(`/checks/${index}`), schemaOf),
    steps: stepsOf(written.steps),
    alsoWrittenBy: writersOf(written.also_written_by),
  };
}

/** A whole JSON Schema, or the short form: property names to their schemas. */
function schemaOf(value: unknown): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined;
  const whole = ['type', 'properties', '$schema', '$ref', 'allOf', 'anyOf', 'oneOf'].some(
    (key) => typeof value[key] === 'string' || (key !== 'type' && value[key] !== undefined),
  );
  return whole ? value : { type: 'object', properties: value };
}

function referenceOf(name: string, value: unknown, file: string, line: number): DeclaredReference {
  const written = isJsonObject(value) ? value : { type: value };
  const type = typeof written.type === 'string' ? written.type : name;
  return {
    type,
    ...(typeof written.by === 'string' ? { by: written.by } : {}),
    ...(Array.isArray(written.consumes) ? { consumes: strings(written.consumes).map(asPointer) } : {}),
    optional: written.optional === true,
    file,
    line,
  };
}

function stepsOf(value: unknown): Step[] {
  const list = Array.isArray(value) ? value : [];
  return list.filter(isJsonObject).map((step, index) => {
    const run = typeof step.run === 'string' ? [step.run] : strings(step.run);
    const name = typeof step.name === 'string' ? step.name : (run[0] ?? `step ${index + 1}`);
    return { name, when: step.when === 'before' ? 'before' : 'after', run };
  });
}

/** A name, a list of names, a map of names to outputs, or `{ who, outputs }`. */
function writersOf(value: unknown): OtherWriter[] {
  if (typeof value === 'string') return [{ who: value }];
  if (Array.isArray(value)) return value.flatMap(writersOf);
  if (!isJsonObject(value)) return [];
  if (typeof value.who === 'string') return [writer(value.who, value.outputs)];
  return Object.entries(value).map(([who, outputs]) => writer(who, outputs));
}

function writer(who: string, outputs: unknown): OtherWriter {
  const names = strings(outputs).map((one) => one.replace(/^\//, ''));
  return names.length === 0 ? { who } : { who, outputs: names };
}

function strings(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string');
}

/** `db.password` and `/db/password` mean the same. */
function asPointer(name: string): string {
  return name.startsWith('/') || name === '*' ? name : `/${name.replaceAll('.', '/')}`;
}

function unusable(
  subject: string,
  { why, file, line }: Extract<DeclaredCheck, { kind: 'broken' }>,
  index: number,
): Finding {
  const pointer = `/checks/${index}`;
  const hint = 'until it is mended it counts as one that could not be evaluated';
  return { ...invalid(subject, { pointer, message: `a check cannot be used: ${why}` }, file, line), hint };
}

function invalid(subject: string, issue: ShapeIssue, file: string, line: number): Finding {
  return {
    code: 'component-type-invalid',
    severity: 'warning',
    subject,
    key: issue.pointer,
    message: issue.message,
    ...(issue.hint === undefined ? {} : { hint: issue.hint }),
    evidence: [{ rule: 'component.yaml', site: `component.yaml#${issue.pointer}`, file, line }],
  };
}
