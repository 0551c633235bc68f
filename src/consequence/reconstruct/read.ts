import { parseExactJson } from '../../model/exact-number.ts';

/** Narrow, tolerant access to JSON that somebody else wrote. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | undefined {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** Parses text that should be a JSON object; undefined when it is not one. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(parseExactJson(text));
  } catch {
    return undefined;
  }
}
