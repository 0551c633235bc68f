import { KarmaError } from '../../model/errors.ts';

/** More than this no question and no event is. */
export const largestBody = 1024 * 1024;

/** The JSON object that a request carries. @throws KARMA_USAGE for another type, KARMA_INPUT_INVALID for no JSON or too much */
export async function readJson(request: Request): Promise<object> {
  const value = await readValue(request);
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  throw new KarmaError('KARMA_INPUT_INVALID', 'the body must be one JSON object', {});
}

/** The same of any JSON. */
export async function readValue(request: Request): Promise<unknown> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type !== 'application/json' && !type.endsWith('+json'))
    throw new KarmaError('KARMA_USAGE', 'the body must be application/json', { hint: 'say so in Content-Type' });
  return parsed(await readText(request));
}

/** The same of bytes that were read already. */
export function parsedJson(request: Request, text: string): unknown {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'application/json') return parsed(text);
  throw new KarmaError('KARMA_USAGE', 'the body must be application/json', { hint: 'say so where the hook is set up' });
}

function parsed(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new KarmaError('KARMA_INPUT_INVALID', 'the body is no JSON', {});
  }
  mustBeShallow(value);
  return value;
}

/** No question, config or event is deeper; whoever walks one later must not fall. */
const deepest = 100;

function mustBeShallow(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest)
      throw new KarmaError('KARMA_INPUT_INVALID', `the body is nested deeper than ${deepest} times`, {});
    level = level.flatMap((one) => (one !== null && typeof one === 'object' ? Object.values(one) : []));
  }
}

async function readText(request: Request): Promise<string> {
  return new TextDecoder().decode(await readBytes(request, largestBody));
}

/** Read no further than may be: a body that says nothing of its length could have no end. */
export async function readBytes(request: Request, most: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let read = 0;
  for await (const part of request.body ?? []) {
    read += part.byteLength;
    if (read > most)
      throw new KarmaError('KARMA_INPUT_INVALID', `the body is longer than ${most} bytes`, {
        hint: 'send less at a time',
      });
    parts.push(part);
  }
  return Buffer.concat(parts);
}
