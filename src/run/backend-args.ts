import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunJob } from './port.ts';
import { leavesOf } from './redact.ts';

/**
 * How `init` is told the settings of a backend. Every user of a machine can read the arguments of a process: credentials go
 * into a file that only its owner may read, all else stays in the command line, where one sees it.
 */
const credential =
  /secret|token|password|access_key|sas|credential|private|conn_str|http_auth|(client|encryption|customer)_key/i;

type BackendJob = Pick<RunJob, 'backendConfig' | 'runFolder'>;

/** Writes the file when there is something to hide. */
export function backendArgs(job: BackendJob): readonly string[] {
  const settings = Object.entries(job.backendConfig ?? {});
  const hidden = settings.filter(isHidden);
  const shown = settings.filter((one) => !isHidden(one)).map(([name, value]) => `-backend-config=${name}=${value}`);
  if (hidden.length === 0) return shown;
  const lines = hidden.map(([name, value]) => `${name} = ${expressionOf(name, value)}\n`);
  writeFileSync(backendPath(job), lines.join(''), { mode: 0o600 });
  return [...shown, `-backend-config=${backendPath(job)}`];
}

export function backendPath({ runFolder }: Pick<RunJob, 'runFolder'>): string {
  return join(runFolder, 'backend.tfbackend');
}

/** What must be hidden wherever a program prints it. */
export function backendSecrets({ backendConfig = {} }: Pick<RunJob, 'backendConfig'>): readonly string[] {
  return Object.entries(backendConfig).flatMap(credentialsIn);
}

function isHidden(setting: readonly [string, string]): boolean {
  return credentialsIn(setting).length > 0;
}

/** A setting that is an object, such as the role to assume, may hold a credential below a harmless name. */
function credentialsIn([name, value]: readonly [string, string]): readonly string[] {
  if (credential.test(name)) return [value];
  const written = objectIn(value);
  return written === undefined ? [] : credentialsBelow(written);
}

function credentialsBelow(value: unknown): readonly string[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, part]) =>
    credential.test(name) ? leavesOf(part) : credentialsBelow(part),
  );
}

/** In a command line the backend says what its setting is; in a file it must be written as that. */
function expressionOf(name: string, value: string): string {
  // The only text of any backend that is JSON itself: the key of a service account.
  const isText = objectIn(value) === undefined || (name === 'credentials' && value.trimStart().startsWith('{'));
  return isText ? JSON.stringify(value).replaceAll(/[$%](?=\{)/g, (mark) => mark + mark) : value;
}

function objectIn(value: string): unknown {
  if (!/^\s*[{[]/.test(value)) return undefined;
  try {
    return JSON.parse(value) ?? undefined;
  } catch {
    return undefined;
  }
}
