import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findTool } from './tool.ts';

describe('finding the program', () => {
  it('takes the first one that is on PATH, and a configured one before all', () => {
    const folder = mkdtempSync(join(tmpdir(), 'karma-tool-'));
    for (const name of ['tofu', 'mine']) {
      writeFileSync(join(folder, name), '#!/bin/sh\n');
      chmodSync(join(folder, name), 0o755);
    }
    mkdirSync(join(folder, 'terraform'));
    const path = `/nowhere:${folder}`;
    expect(findTool({ names: ['terraform', 'tofu'], path })).toEqual({ name: 'tofu', program: join(folder, 'tofu') });
    expect(findTool({ names: ['terraform'], configured: join(folder, 'mine'), path })).toEqual({
      name: 'terraform',
      program: join(folder, 'mine'),
    });
  });

  it('says how to get one that is missing', () => {
    expect(() => findTool({ names: ['terraform', 'tofu'], path: '/nowhere' })).toThrow(
      /terraform or tofu is not on PATH/,
    );
    try {
      findTool({ names: ['terraform'], path: undefined });
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: 'KARMA_TOOL_MISSING', hint: expect.stringContaining('install it from') });
    }
  });
});
