/** A config file as read: its value, what is wrong with it, and where each key stands. Never an exception, whatever the text. */
export interface ConfigDocument {
  /** The value; `undefined` when nothing could be read. */
  readonly value: unknown;
  readonly problems: readonly DocumentProblem[];
  /** The line of the key (or item) a JSON pointer names, from 1; that of its nearest parent when it is not there. */
  lineOf(pointer: string): number;
}

export interface DocumentProblem {
  readonly code: 'json-unreadable' | 'json-duplicate-key' | 'several-documents' | 'file-too-large' | 'not-utf8';
  readonly line: number;
  /** Tells two problems of one code apart; stable while lines move. */
  readonly key: string;
  /** Never quotes the file: what stands there may be a secret. */
  readonly message: string;
}

/** Files beyond these are named and not evaluated: input limits of every door. */
export const documentLimits = { bytes: 5 * 1024 * 1024, depth: 100 } as const;
/** YAML takes twenty times what JSON does to be read: a second and some hundred megabytes for so much. */
export const mostYaml = 1024 * 1024;

/** What both readers check first; undefined when the text may be parsed. */
export function tooLarge(text: string, most: number = documentLimits.bytes): DocumentProblem | undefined {
  if (text.length <= most) return undefined;
  const message = `the file is larger than ${most / 1024 / 1024} MiB and was not read`;
  return { code: 'file-too-large', line: 1, key: 'size', message };
}

/** The view hands over U+FFFD for bytes that are not UTF-8. */
export function notUtf8(text: string): DocumentProblem | undefined {
  const at = text.indexOf('\uFFFD');
  if (at < 0) return undefined;
  return {
    code: 'not-utf8',
    line: lineAt(text, at),
    key: 'encoding',
    message: 'the file holds bytes that are not UTF-8',
  };
}

/** The line of an offset, from 1. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** A document that could not be read. */
export function unreadable(...problems: readonly DocumentProblem[]): ConfigDocument {
  return { value: undefined, problems, lineOf: () => problems[0]?.line ?? 1 };
}
