import type { Finding } from '../model/finding.ts';
import { readJson } from './json-document.ts';
import { isJsonObject, type JsonObject } from './merge-patch.ts';
import { problemFindings } from './problem-findings.ts';

/** One account of an environment, with its own Parameter Store: `account_environments/<name>.json`. */
export interface Binding {
  readonly name: string;
  readonly environment: string;
  readonly configRepo?: string;
  readonly configBranch?: string;
  readonly iacRepo?: string;
  readonly iacBranch?: string;
  readonly iacStrict: boolean;
  readonly lambdaRepo?: string;
  readonly lambdaBranch?: string;
  readonly lambdaStrict: boolean;
  readonly allowDrift: boolean;
  /** Only when the binding has a prefix of its own. */
  readonly prefix?: string;
  readonly account?: string;
  readonly region?: string;
  /** Where it stands, for evidence. */
  readonly file: string;
  readonly lines: Readonly<Record<string, number>>;
}

export interface ReadBinding {
  readonly binding: Binding | undefined;
  readonly findings: readonly Finding[];
}

const texts = {
  configRepo: 'config_repo',
  configBranch: 'config_branch',
  iacRepo: 'iac_repo',
  iacBranch: 'iac_branch',
  lambdaRepo: 'lambda_repo',
  lambdaBranch: 'lambda_branch',
  prefix: 'iac_prefix',
  account: 'account_id',
  region: 'region',
} as const;

const flags = { iacStrict: 'iac_strict', lambdaStrict: 'lambda_strict', allowDrift: 'allow_drift' } as const;

/** The folder of bindings in the config repository. */
export const bindingFolder = 'account_environments';

/**
 * Reads a binding as tolerantly as the scripts that publish it: booleans may be strings, older files lack `environment` (then
 * `name` is it), files without `name` go by their file name. What cannot be used is a finding.
 */
export function readBinding(file: string, text: string): ReadBinding {
  const document = readJson(text);
  const stem = file.slice(file.lastIndexOf('/') + 1).replace(/\.json$/, '');
  const subject = `binding ${stem}`;
  const findings: Finding[] = [...problemFindings(document, file, subject)];
  const line = (key: string) => document.lineOf(`/${key}`);
  const wrong = (key: string, message: string) => findings.push(invalid(subject, key, file, line(key), message));
  if (!isJsonObject(document.value)) {
    if (findings.length === 0) wrong('', 'a binding must be a JSON object');
    return { binding: undefined, findings };
  }
  const written = document.value;
  const text_ = (key: string): string | undefined => {
    const value = written[key];
    if (value === undefined || value === null || value === '') return undefined;
    if (typeof value === 'string') return value;
    wrong(key, `${key} must be a string`);
    return undefined;
  };
  const name = text_('name') ?? stem;
  const environment = text_('environment') ?? text_('name');
  if (environment === undefined) wrong('environment', 'the binding names no environment');
  if (environment === undefined) return { binding: undefined, findings };
  const optional = Object.entries(texts).flatMap(([field, key]) => {
    const value = text_(key);
    return value === undefined ? [] : [[field, value] as const];
  });
  const switches = Object.entries(flags).map(([field, key]) => [field, readFlag(written, key, wrong)] as const);
  return {
    binding: {
      iacStrict: false,
      lambdaStrict: false,
      allowDrift: false,
      ...Object.fromEntries(switches),
      ...Object.fromEntries(optional),
      name,
      environment,
      file,
      lines: Object.fromEntries(Object.keys(written).map((key) => [key, line(key)])),
    },
    findings,
  };
}

function readFlag(written: JsonObject, key: string, wrong: (key: string, message: string) => void): boolean {
  const value = written[key];
  if (value === undefined || value === null || value === false) return false;
  if (value === true) return true;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (word === 'true') return true;
  if (word !== 'false' && word !== '') wrong(key, `${key} must be true or false`);
  return false;
}

function invalid(subject: string, key: string, file: string, line: number, message: string): Finding {
  const evidence = { rule: 'binding', site: key === '' ? 'binding' : `binding#/${key}`, file, line };
  return { code: 'binding-invalid', severity: 'error', subject, key, message, evidence: [evidence] };
}
