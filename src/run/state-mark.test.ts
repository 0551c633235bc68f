import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { noState } from '../model/record.ts';
import { localStateOf, markOfFile, markOfText } from './state-mark.ts';

const folder = mkdtempSync(join(tmpdir(), 'karma-mark-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const state = (more: string) => `{\n  "version": 4,\n  "serial": 12,\n  "lineage": "abc-1",\n  "outputs": ${more}\n}\n`;

describe('the mark of a state', () => {
  it('stands in its first lines, however large it is', () => {
    const file = join(folder, 'large.tfstate');
    writeFileSync(file, state(JSON.stringify({ serial: { value: 'x'.repeat(100_000) } })));
    expect(markOfFile(file)).toEqual({ serial: 12, lineage: 'abc-1' });
  });

  it.each([
    ['what is not there', '', noState],
    ['what is no state', '{"outputs":{}}', undefined],
    ['what a pull prints', state('{}'), { serial: 12, lineage: 'abc-1' }],
  ])('of %s', (_what, text, mark) => {
    expect(markOfText(text)).toEqual(mark);
  });

  it('of a file that is not there says that there is none', () => {
    expect(markOfFile(join(folder, 'nothing.tfstate'))).toEqual(noState);
  });

  it('is looked for where a local backend says, seen from the folder it runs in', () => {
    const config = { path: 'terraform.tfstate', workspace_dir: '/states' };
    expect(localStateOf({ folder: '/run', backendConfig: config })).toBe('/run/terraform.tfstate');
    expect(localStateOf({ folder: '/run', backendConfig: config, workspace: 'dev' })).toBe(
      '/states/dev/terraform.tfstate',
    );
    expect(localStateOf({ folder: '/run', backendConfig: { bucket: 'b' } })).toBeUndefined();
  });
});
