import { expect, it } from 'vitest';
import { traceOf } from './trace.ts';

const id = '4bf92f3577b34da6a3ce929d0e0e4736';
const of = (traceparent?: string) =>
  traceOf(
    new Request('http://x/', { headers: traceparent === undefined ? {} : { traceparent } }),
    () => '01234567-89ab-cdef-0123-456789abcdef',
  );

it.each([
  ['as the rules have it', `00-${id}-00f067aa0ba902b7-01`, `00-${id}-0123456789abcdef-01`],
  ['of a later version that says more', `01-${id}-00f067aa0ba902b7-00-more`, `00-${id}-0123456789abcdef-00`],
])('goes on with a trace %s', (_, given, header) => expect(of(given)).toEqual({ id, header }));

it.each([
  ['none', undefined],
  ['no trace', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`],
  ['no span', `00-${id}-${'0'.repeat(16)}-01`],
  ['capitals', `00-${id.toUpperCase()}-00f067aa0ba902b7-01`],
  ['more than the version has', `00-${id}-00f067aa0ba902b7-01-x`],
  ['a version that is none', `ff-${id}-00f067aa0ba902b7-01`],
  ['something else', 'x'.repeat(10_000)],
])('passes over %s', (_, given) => expect(of(given)).toBeUndefined());
