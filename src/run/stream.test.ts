import { describe, expect, it } from 'vitest';
import { firstJson } from './outputs.ts';
import { parseStreamLine } from './stream.ts';

describe('the JSON stream', () => {
  it.each([
    ['Warning: Unable to open CLI configuration file', 'text'],
    ['{ not json', 'text'],
    ['{"type":"something_new","@message":"m"}', 'text'],
    ['{"type":"change_summary","changes":{"add":1,"change":2,"remove":3,"import":1}}', 'summary'],
    ['{"type":"outputs","outputs":{"a":{"sensitive":true}}}', 'outputs'],
    ['{"type":"apply_start","hook":{"resource":{"addr":"x.y"},"action":"create"}}', 'progress'],
    ['{"type":"diagnostic","diagnostic":{"severity":"error","summary":"s"}}', 'progress'],
  ])('%s is %s', (line, kind) => {
    expect(parseStreamLine(line).kind).toBe(kind);
  });

  it('counts imports as added', () => {
    const said = parseStreamLine('{"type":"change_summary","changes":{"add":1,"change":2,"remove":3,"import":1}}');
    expect(said).toMatchObject({ changes: { add: 2, change: 2, destroy: 3 } });
  });

  it('takes the JSON behind a warning that OpenTofu prints first', () => {
    expect(firstJson('\nWarning: Unable to open\n\n{"a":{"value":1}}')).toEqual({ a: { value: 1 } });
  });
});
