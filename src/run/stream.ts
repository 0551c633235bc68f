import { parseExactJson } from '../model/exact-number.ts';
import type { ChangeCounts } from '../model/run.ts';
import type { Diagnostic, RunProgress } from './port.ts';

/**
 * The lines that `terraform plan | apply -json` prints, one JSON object each (format `ui` 1.x), as far as Karma uses them.
 * Unknown types and lines that are no JSON at all are passed over: OpenTofu prints warnings of its configuration before
 * the JSON, and newer versions add types.
 */
export type StreamLine =
  | { readonly kind: 'progress'; readonly progress: RunProgress; readonly text: string }
  | { readonly kind: 'summary'; readonly changes: ChangeCounts; readonly text: string }
  /** Values of what is not sensitive; sensitive outputs stand there without value. */
  | { readonly kind: 'outputs'; readonly outputs: Readonly<Record<string, StreamOutput>> }
  | { readonly kind: 'text'; readonly text: string };

export interface StreamOutput {
  readonly sensitive: boolean;
  readonly known: boolean;
  readonly value: unknown;
}

type Json = Readonly<Record<string, unknown>>;

export function parseStreamLine(line: string): StreamLine {
  const json = line.startsWith('{') ? parse(line) : undefined;
  if (json === undefined) return { kind: 'text', text: line };
  const text = string(json['@message']) ?? '';
  const type = string(json['type']) ?? '';
  if (type === 'diagnostic') return ofDiagnostic(json, text);
  if (type === 'change_summary') return { kind: 'summary', changes: countsOf(object(json['changes'])), text };
  if (type === 'outputs') return { kind: 'outputs', outputs: outputsOf(object(json['outputs']) ?? {}) };
  const phase = phases[type];
  const resource = object(object(json['hook'] ?? json['change'])?.['resource']);
  const address = string(resource?.['addr']);
  if (phase === undefined || address === undefined) return { kind: 'text', text };
  const hook = object(json['hook'] ?? json['change']) ?? {};
  const seconds = hook['elapsed_seconds'];
  const progress: RunProgress = {
    kind: 'resource',
    address,
    action: string(hook['action']) ?? 'read',
    phase,
    ...(typeof seconds === 'number' ? { seconds } : {}),
  };
  return { kind: 'progress', progress, text };
}

const phases: Readonly<Record<string, Extract<RunProgress, { kind: 'resource' }>['phase']>> = {
  planned_change: 'planned',
  apply_start: 'started',
  apply_progress: 'going on',
  apply_complete: 'done',
  apply_errored: 'failed',
};

function ofDiagnostic(json: Json, text: string): StreamLine {
  const raw = object(json['diagnostic']) ?? {};
  const range = object(raw['range']);
  const line = object(range?.['start'])?.['line'];
  const diagnostic: Diagnostic = {
    severity: raw['severity'] === 'error' ? 'error' : 'warning',
    summary: string(raw['summary']) ?? text,
    detail: string(raw['detail']) ?? '',
    ...optional('address', string(raw['address'])),
    ...optional('file', string(range?.['filename'])),
    ...optional('line', typeof line === 'number' ? line : undefined),
  };
  return { kind: 'progress', progress: { kind: 'diagnostic', diagnostic }, text };
}

function countsOf(changes: Json | undefined): ChangeCounts {
  const count = (name: string) => (typeof changes?.[name] === 'number' ? (changes[name] as number) : 0);
  return { add: count('add') + count('import'), change: count('change'), destroy: count('remove') };
}

function outputsOf(raw: Json): Record<string, StreamOutput> {
  const outputs: Record<string, StreamOutput> = {};
  for (const name of Object.keys(raw).sort()) {
    const output = object(raw[name]) ?? {};
    outputs[name] = { sensitive: output['sensitive'] === true, known: 'value' in output, value: output['value'] };
  }
  return outputs;
}

function optional<K extends string, V>(name: K, value: V | undefined): { [key in K]?: V } {
  return value === undefined ? {} : ({ [name]: value } as { [key in K]?: V });
}

function parse(line: string): Json | undefined {
  try {
    return object(parseExactJson(line));
  } catch {
    return undefined;
  }
}

function object(value: unknown): Json | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Json) : undefined;
}

function string(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
