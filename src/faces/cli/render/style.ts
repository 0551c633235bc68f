import { printable, printablePatch } from '../../../model/printable.ts';

/** Colour only where a person looks: a terminal, unless NO_COLOR, TERM=dumb or --no-color; FORCE_COLOR wins. */
export interface Style {
  readonly colour: boolean;
  /** How many columns there are to write in; undefined where nobody looks: a file or a pipe has no width. */
  readonly width?: number;
  dim(text: string): string;
  bold(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  blue(text: string): string;
  /** The text with every control character shown as an escape, but for the colours that this style made. */
  harmless(text: string): string;
  /** The same of a patch, which keeps the carriage returns that end its lines. */
  harmlessPatch(text: string): string;
}

const colours = { bold: 1, dim: 2, red: 31, yellow: 33, green: 32, blue: 34 } as const;
const ownColour = new RegExp(`(\u001b\\[(?:0|${Object.values(colours).join('|')})m)`);

export function styleFor(
  stream: { isTTY?: boolean; columns?: number },
  env: Readonly<Record<string, string | undefined>>,
  wanted: boolean,
): Style {
  const forced = env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '' && env.FORCE_COLOR !== '0';
  const refused = !wanted || (env.NO_COLOR !== undefined && env.NO_COLOR !== '') || env.TERM === 'dumb';
  const colour = wanted && (forced || (!refused && stream.isTTY === true));
  const paint = (code: number) => (text: string) => (colour && text !== '' ? `\u001b[${code}m${text}\u001b[0m` : text);
  const width = stream.isTTY === true && (stream.columns ?? 0) > 0 ? stream.columns : undefined;
  return {
    colour,
    ...(width === undefined ? {} : { width }),
    dim: paint(colours.dim),
    bold: paint(colours.bold),
    red: paint(colours.red),
    yellow: paint(colours.yellow),
    green: paint(colours.green),
    blue: paint(colours.blue),
    harmless: (text) => (colour ? butForColours(text, printable) : printable(text)),
    harmlessPatch: (text) => (colour ? butForColours(text, printablePatch) : printablePatch(text)),
  };
}

function butForColours(text: string, shown: (part: string) => string): string {
  return text
    .split(ownColour)
    .map((part, index) => (index % 2 === 0 ? shown(part) : part))
    .join('');
}

/** The same where one line is to stay one: a name may hold a line end. */
export function printableLine(text: string): string {
  return printable(text).replaceAll('\n', '\\n');
}
