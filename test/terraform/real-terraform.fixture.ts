import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { canonicalJson, sha256 } from '../../src/model/digest.ts';
import { childEnvironment } from '../../src/run/environment.ts';
import type { RunControl, RunJob, RunProgress } from '../../src/run/port.ts';
import { findProgram } from '../../src/run/tool.ts';

/** For tests with the real program: whether it is there, small modules in folders of their own, and jobs for them. */
export const terraform = findProgram('terraform', process.env['PATH']);

/** Without the program these tests cannot run. In CI that is a failure and not a skip. */
export const withoutTerraform = terraform === undefined && process.env['CI'] !== 'true';

export const seal = (value: unknown) => `k1:${sha256(`key one\n${canonicalJson(value)}`)}`;

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'karma-run-'));
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

export function jobIn(root: string, over: Partial<RunJob> = {}): RunJob {
  const { environment } = childEnvironment(process.env, { variables: false, isReadable: () => false });
  return {
    id: 'r1',
    folder: join(root, 'module'),
    runFolder: join(root, 'run'),
    dataFolder: join(root, 'data'),
    state: join(root, 'state', 'terraform.tfstate'),
    init: false,
    environment,
    ...over,
  };
}

export interface Listening extends RunControl {
  readonly heard: RunProgress[];
  abort(): void;
}

export function listening(onProgress: (progress: RunProgress) => void = () => undefined): Listening {
  const heard: RunProgress[] = [];
  const controller = new AbortController();
  return {
    heard,
    signal: controller.signal,
    abort: () => controller.abort(),
    listen: (progress) => {
      heard.push(progress);
      onProgress(progress);
    },
  };
}
