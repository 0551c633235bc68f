import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { adageFiles, estateMaker } from '../support/estates.ts';
import { karmaOk } from '../support/karma.ts';

const { repository } = estateMaker();

it('a kept view whose damage shows only when it is read further is made anew', async () => {
  // Large enough that most of the view is not read when it is opened.
  const many = Array.from({ length: 600 }, (_, at) => [
    `iac/dev/extra/e${at}/config.json`,
    `{"vpc_nickname": "main", "text": "${'x'.repeat(200)}"}`,
  ]);
  const estate = repository({ ...adageFiles, ...Object.fromEntries(many) });
  const sound = await karmaOk(['export', '-C', estate]);
  const views = join(estate, '.git/karma/views');
  const [name = ''] = readdirSync(views);
  const bytes = readFileSync(join(views, name));
  expect(bytes.length).toBeGreaterThan(300_000);
  bytes[150_000] = (bytes[150_000] ?? 0) ^ 0x55;
  writeFileSync(join(views, name), bytes);
  expect((await karmaOk(['export', '-C', estate])).stdout).toBe(sound.stdout);
  expect((await karmaOk(['export', '-C', estate])).stdout).toBe(sound.stdout);
});
