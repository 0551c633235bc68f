import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { InitNeeds } from './needs-init.ts';
import { fileNameOf, workplaceOf } from './workplace.ts';

const none: InitNeeds = { needed: false, reasons: [], backend: undefined, localPath: undefined, providers: false };

function place(over: Partial<Parameters<typeof workplaceOf>[0]>) {
  return workplaceOf({
    data: '/data',
    key: 'live/app',
    folder: '/data/checkout/live/app',
    original: '/estate/live/app',
    root: true,
    needs: none,
    ...over,
  });
}

describe('where a run happens', () => {
  it.each([
    [
      'a root without backend: beside the module, where it always was',
      {},
      { state: '/estate/live/app/terraform.tfstate' },
    ],
    [
      'another workspace of it',
      { workspace: 'blue' },
      { state: '/estate/live/app/terraform.tfstate.d/blue/terraform.tfstate' },
    ],
    [
      'a module that several components share',
      { root: false, key: 'prod/vpc/main' },
      { state: '/data/state/prod~vpc~main/terraform.tfstate' },
    ],
    ['a backend of its own', { needs: { ...none, backend: 's3', needed: true } }, { init: true }],
    ['a workspace of that', { needs: { ...none, backend: 's3' }, workspace: 'blue' }, { workspace: 'blue' }],
    [
      'a local backend with a relative path',
      { needs: { ...none, backend: 'local', localPath: '../s.tfstate' } },
      { backendConfig: { path: '/estate/live/s.tfstate', workspace_dir: '/estate/live/app/terraform.tfstate.d' } },
    ],
    [
      'a local backend without path',
      { needs: { ...none, backend: 'local' } },
      {
        backendConfig: {
          path: '/estate/live/app/terraform.tfstate',
          workspace_dir: '/estate/live/app/terraform.tfstate.d',
        },
      },
    ],
  ])('%s', (_name, over, expected) => {
    const answer = place(over);
    expect(answer).toMatchObject(expected);
    expect('state' in answer && 'backendConfig' in answer).toBe(false);
    expect(answer.folder).toBe('/data/checkout/live/app');
  });

  it('never gives two keys one folder, nor one outside', () => {
    expect(fileNameOf('prod/vpc/main')).toBe('prod~vpc~main');
    expect(fileNameOf('..')).not.toBe('..');
    const key = fc.string({
      unit: fc.constantFrom('a', '/', '~', '.', '_', 'ä', ' ', '@'),
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(key, key, (a, b) => {
        expect(fileNameOf(a)).not.toMatch(/^\.\.?$|\//);
        if (a !== b) expect(fileNameOf(a)).not.toBe(fileNameOf(b));
      }),
    );
  });
});
