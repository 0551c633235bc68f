import { searchOf } from './api/transport.ts';

/** What a parameter of a page's URL holds. */
type Kind = 'text' | 'texts' | 'count' | 'flag';
type Held<K extends Kind> = K extends 'text'
  ? string
  : K extends 'texts'
    ? readonly string[]
    : K extends 'count'
      ? number
      : boolean;

export type SearchOf<Shape extends Readonly<Record<string, Kind>>> = {
  readonly [Name in keyof Shape]?: Held<Shape[Name]> | undefined;
};

/** Reads the parameters that a page has out of a URL, which anybody may have written: what does not fit is not there. */
export function reads<const Shape extends Readonly<Record<string, Kind>>>(shape: Shape) {
  return (raw: Readonly<Record<string, unknown>>): SearchOf<Shape> => {
    const found: Record<string, unknown> = {};
    for (const [name, kind] of Object.entries(shape)) {
      const value = held(kind, raw[name]);
      if (value !== undefined) found[name] = value;
    }
    return found as SearchOf<Shape>;
  };
}

function held(kind: Kind, value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  const texts = (Array.isArray(value) ? value : [value]).map(String).filter((text) => text !== '');
  const [first] = texts;
  if (first === undefined) return undefined;
  if (kind === 'texts') return texts;
  if (kind === 'text') return first;
  if (kind === 'flag') return first === 'true' ? true : undefined;
  return /^\d{1,6}$/.test(first) ? Number(first) : undefined;
}

/** A URL is read and written as people do: plain texts, a list said several times, slashes as slashes. */
export function parseSearch(search: string): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  const parameters = new URLSearchParams(search);
  for (const name of new Set(parameters.keys())) {
    const values = parameters.getAll(name);
    found[name] = values.length === 1 ? values[0] : values;
  }
  return found;
}

export function stringifySearch(search: Readonly<Record<string, unknown>>): string {
  return searchOf(search as Parameters<typeof searchOf>[0]);
}
