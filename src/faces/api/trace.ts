import type { Requested } from './requested.ts';

/** Where a request stands in a trace that somebody else began (W3C Trace Context). */
export interface Trace {
  /** 32 hex digits, the same for all of it. */
  readonly id: string;
  /** What the answer says: the same trace, and the span that answered. */
  readonly header: string;
}

/** Undefined where none is given, or one that is not as the rules have it: then it counts for nothing. */
export function traceOf(request: Pick<Requested, 'headers'>, newId: () => string): Trace | undefined {
  const given = request.headers.get('traceparent');
  if (given === null) return undefined;
  const [, version = '', id = '', parent = '', flags = '', rest = ''] =
    /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/.exec(given) ?? [];
  // A later version may have more to say behind; the first one has not.
  if (version === '' || version === 'ff' || (version === '00' && rest !== '')) return undefined;
  if (/^0+$/.test(id) || /^0+$/.test(parent)) return undefined;
  const span = newId().replaceAll('-', '').slice(0, 16);
  return { id, header: `00-${id}-${span}-${flags}` };
}
