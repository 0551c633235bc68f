import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { ObjectFiles } from './object-files.ts';

/** A repository of one pack with deltas in it, damaged byte by byte: its sizes are claims, and what is read must hash to its id. */

const folder = mkdtempSync(join(tmpdir(), 'karma-pack-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const git = (...args: string[]): string =>
  execFileSync('git', ['-C', folder, '-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { encoding: 'utf8' });
git('init', '-q');
for (let turn = 0; turn < 4; turn++) {
  for (let file = 0; file < 5; file++)
    writeFileSync(
      join(folder, `f${file}.tf`),
      `# ${file}\n${'x = "some text that stays"\n'.repeat(60)}turn = ${turn}\n`,
    );
  git('add', '-A');
  git('commit', '-qm', `turn ${turn}`);
}
git('repack', '-qadf', '--depth=20');
const packs = join(folder, '.git', 'objects', 'pack');
const name = readdirSync(packs).find((one) => one.endsWith('.pack')) ?? '';
const files = [name, name.replace('.pack', '.idx')].map((one) => join(packs, one));
const whole = files.map((file) => readFileSync(file));
const objects = git('cat-file', '--batch-check', '--batch-all-objects')
  .trim()
  .split('\n')
  .map((line) => line.split(' '));
const place = { commonDir: join(folder, '.git'), hash: 'sha1' } as const;

it('reads each object of a pack as it is', () => {
  const reader = new ObjectFiles(place);
  for (const [oid = '', type, size] of objects) {
    const object = reader.read(oid);
    expect([object?.type, String(object?.body.length)]).toEqual([type, size]);
  }
});

it('reads of a damaged one what is still whole, and takes no more memory than what was written', () => {
  const before = process.memoryUsage().arrayBuffers;
  fc.assert(
    fc.property(fc.constantFrom(0, 1), fc.nat(), fc.nat(255), fc.boolean(), (which, where, byte, cut) => {
      const file = files[which] ?? '';
      const bytes = Buffer.from(whole[which] ?? Buffer.alloc(0));
      const at = where % bytes.length;
      bytes[at] = byte;
      // Git writes packs so that nobody may write to them.
      rmSync(file, { force: true });
      writeFileSync(file, cut ? bytes.subarray(0, at) : bytes);
      const reader = new ObjectFiles(place);
      for (const [oid = '', type, size] of objects) {
        const object = reader.read(oid);
        if (object !== undefined) expect([object.type, String(object.body.length)]).toEqual([type, size]);
      }
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(300 * 1024 * 1024);
    }),
    { numRuns: 300 },
  );
});
