import { ProblemError, problemIn } from './problem.ts';
import { credentials } from './token.ts';

/** Parameters of a question; those that are undefined are not asked, a list is said several times. */
export type Question = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

/** How a question reaches an answer: over HTTP, or out of a snapshot that lies beside the page. */
export type Transport = (path: string, question: Question, signal?: AbortSignal) => Promise<unknown>;

/** The query string of a question, with slashes and colons as people write them. */
export function searchOf(question: Question): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(question)) {
    if (value === undefined || value === '') continue;
    for (const one of Array.isArray(value) ? (value as readonly string[]) : [value])
      parts.push(`${encodeURIComponent(name)}=${readable(encodeURIComponent(String(one)))}`);
  }
  return parts.length === 0 ? '' : `?${parts.join('&')}`;
}

function readable(encoded: string): string {
  return encoded.replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%2C', ',');
}

/** A path whose steps in braces are said by the question, and the question without them. */
export function addressed(path: string, question: Question): { readonly path: string; readonly question: Question } {
  const rest = { ...question };
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(rest[name] ?? '');
    delete rest[name];
    // A step that is a dot would be taken for the folder that it names.
    return /^\.*$/.test(value) ? '_' : encodeURIComponent(value);
  });
  return { path: filled, question: rest };
}

/** `no-cache` lets the browser ask with the tag it has: what did not change costs a 304. */
export const overHttp: Transport = async (path, question, signal) => {
  const asked = addressed(path, question);
  const response = await fetch(`${asked.path}${searchOf(asked.question)}`, {
    cache: 'no-cache',
    headers: { accept: 'application/json', ...credentials() },
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) throw new ProblemError(await problemIn(response));
  return response.json();
};
