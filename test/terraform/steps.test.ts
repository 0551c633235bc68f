import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runStep } from '../../src/run/steps.ts';
import { listening, temporaryFolder } from './real-terraform.fixture.ts';

function options(root: string) {
  const runFolder = join(root, 'run');
  mkdirSync(runFolder, { recursive: true });
  const grace = { interrupt: 500, terminate: 500 };
  return { environment: { PATH: process.env['PATH'] ?? '' }, runFolder, host: 'here', secrets: ['planted-one'], grace };
}

describe('a step around Terraform', () => {
  it('runs a list of words, no shell line, and logs it redacted', async () => {
    const root = temporaryFolder();
    const step = { name: 'pack', command: ['echo', 'planted-one', '$HOME', ';', 'ls'], folder: root };
    const control = listening();
    await runStep(step, options(root), control);
    const log = readFileSync(join(root, 'run', 'run.log'), 'utf8');
    expect(log).toContain('(sensitive) $HOME ; ls');
    expect(log).not.toContain('planted-one');
    // A program that is over before it is looked at has no mark to be found by.
    const heard = control.heard.map((one) => one.kind).filter((kind) => kind !== 'child');
    expect(heard).toEqual(['command']);
  });

  it('fails with its name', async () => {
    const root = temporaryFolder();
    const step = { name: 'pack', command: ['false'], folder: root };
    await expect(runStep(step, options(root), listening())).rejects.toMatchObject({
      code: 'KARMA_RUN_FAILED',
      message: 'the step pack ended with 1',
    });
  });

  it('goes from asking to ending, when a program does not listen', async () => {
    const root = temporaryFolder();
    const step = {
      name: 'deaf',
      command: ['sh', '-c', 'trap "" INT TERM; echo ready; while :; do sleep 1; done'],
      folder: root,
    };
    const control = listening((one) => {
      if (one.kind === 'child') setTimeout(() => control.abort(), 200);
    });
    await expect(runStep(step, options(root), control)).rejects.toMatchObject({ code: 'KARMA_INTERRUPTED' });
  });
});
