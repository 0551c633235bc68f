/**
 * Takes secrets out of text before it is logged, shown or stored. It is the last line: what is logged is already an
 * allow-list, and Terraform hides what it knows to be sensitive; this hides it where programs and provisioners print it.
 */
export interface Redactor {
  (text: string): string;
  /** Secrets that became known later: sensitive values of the plan. */
  add(values: Iterable<string>): void;
}

export const redactedText = '(sensitive)';

/** Shorter values are words that stand everywhere (`on`, `1`, `dev`): hiding them hides nothing and garbles the log. */
const shortest = 4;

export function makeRedactor(initial: Iterable<string> = []): Redactor {
  let needles: string[] = [];
  const known = new Set<string>();
  const redact = (text: string): string => {
    let out = text;
    for (const needle of needles) if (out.includes(needle)) out = out.replaceAll(needle, redactedText);
    return out;
  };
  const add = (values: Iterable<string>): void => {
    for (const value of values) for (const form of formsOf(value)) known.add(form);
    // Longest first, so that a secret that holds another one goes as a whole.
    needles = [...known].sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
  };
  add(initial);
  return Object.assign(redact, { add });
}

/** A secret as it may be printed: as it is, line by line, inside JSON, in a URL, as base64. */
function formsOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  const forms = [value, ...(lines.length > 1 ? lines.filter((line) => line.length >= 8) : [])];
  const written = forms.flatMap((form) => [
    form,
    JSON.stringify(form).slice(1, -1),
    JSON.stringify(JSON.stringify(form).slice(1, -1)).slice(1, -1),
    encodeURIComponent(wellFormed(form)),
    Buffer.from(form).toString('base64'),
  ]);
  return [...new Set(written)].filter((form) => form.length >= shortest);
}

function wellFormed(text: string): string {
  return text.toWellFormed();
}

/** Every string (and number, as text) inside a JSON value: a sensitive object hides each of its leaves. */
export function leavesOf(value: unknown, into: string[] = []): string[] {
  if (typeof value === 'string') into.push(value);
  else if (typeof value === 'number' && String(value).length >= shortest) into.push(String(value));
  else if (Array.isArray(value)) for (const item of value) leavesOf(item, into);
  else if (value !== null && typeof value === 'object') for (const item of Object.values(value)) leavesOf(item, into);
  return into;
}

/** The leaves of `value` where `marks` (Terraform's `after_sensitive`: `true`, or nested) says sensitive. */
export function markedLeaves(value: unknown, marks: unknown, into: string[] = []): string[] {
  if (marks === true) return leavesOf(value, into);
  if (marks === null || typeof marks !== 'object' || value === null || typeof value !== 'object') return into;
  for (const [name, mark] of Object.entries(marks)) {
    markedLeaves((value as Record<string, unknown>)[name], mark, into);
  }
  return into;
}
