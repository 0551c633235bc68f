import { resolve } from 'node:path';
import { mostYaml } from '../config/document.ts';
import { type OidcSettings, oidcShape } from '../config/oidc-shape.ts';
import { checkShape } from '../config/shape.ts';
import { readYaml } from '../config/yaml-document.ts';
import { KarmaError } from '../model/errors.ts';
import { readAtMost } from '../observe/bounded-read.ts';

/**
 * Reads whose tokens a service takes: a file, or for a function what such a file holds as JSON.
 * @throws KARMA_UNREADABLE, KARMA_CONFIG_INVALID with file and line
 */
export function readOidcSettings(said: string): OidcSettings {
  const isText = said.trimStart().startsWith('{');
  const file = isText ? 'KARMA_OIDC' : said;
  const document = readYaml(isText ? said : textOf(said));
  const invalid = (line: number, message: string, hint?: string) =>
    new KarmaError('KARMA_CONFIG_INVALID', `${file}:${line}: ${message}`, {
      hint: hint ?? 'docs/api.md, "Tokens of an issuer", shows such a file',
    });
  const [problem] = document.problems;
  if (problem !== undefined) throw invalid(problem.line, problem.message);
  const [issue] = checkShape(oidcShape, document.value);
  if (issue !== undefined) throw invalid(document.lineOf(issue.pointer), issue.message, issue.hint);
  const settings = document.value as OidcSettings;
  for (const key of ['issuer', 'jwks'] as const) {
    const address = settings[key];
    if (address !== undefined && !isSafe(address))
      throw invalid(document.lineOf(`/${key}`), `${key} must be an address with https, or one of this machine`);
  }
  if (settings.audience === '') throw invalid(document.lineOf('/audience'), 'audience is empty');
  return settings;
}

/** Keys that came over an open line are anybody's. */
export function isSafe(address: string): boolean {
  const url = URL.parse(address);
  if (url === null || url.username !== '' || url.password !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine(url.hostname));
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(host);
}

function textOf(file: string): string {
  try {
    return String(readAtMost(resolve(file), mostYaml) ?? '');
  } catch (error) {
    throw new KarmaError(
      'KARMA_UNREADABLE',
      `${file} cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'it is no text'}`,
      {
        hint: '`--oidc` or KARMA_OIDC names a file that says whose tokens are taken',
      },
    );
  }
}
