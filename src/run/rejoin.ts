import { existsSync } from 'node:fs';
import type { ChildProcessMark } from '../model/run.ts';
import { type Grace, leftoverPatience, patientGrace, readLines } from './child.ts';
import { openReader, pipesIn } from './pipes.ts';
import type { RunControl } from './port.ts';
import { endGroup } from './process-group.ts';
import { isStillAlive } from './process-mark.ts';
import { parseStreamLine } from './stream.ts';

/**
 * Meets a program again that a killed Karma left behind: reads on from its pipes, so that it does not stop at a full one, and
 * waits until it is gone. Nobody knows its secrets any more, so only which resources it works on is passed on.
 */
export async function rejoin(
  mark: ChildProcessMark,
  how: 'wait' | 'interrupt',
  control: RunControl,
  options: { readonly host: string; readonly grace?: Grace },
): Promise<'was gone' | 'ended'> {
  if (!isStillAlive(mark, options.host)) return 'was gone';
  const streams = openPipes(mark, control);
  const steps = stepsFor(mark, options.grace ?? patientGrace);
  let asked = how === 'interrupt' ? performance.now() : undefined;
  let step = 0;
  while (isStillAlive(mark, options.host)) {
    if (control.signal.aborted) asked ??= performance.now();
    const next = steps[step];
    if (asked !== undefined && next !== undefined && performance.now() - asked >= next.after) {
      next.act();
      step += 1;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  if (asked !== undefined) await endGroup(mark.pid, leftoverPatience);
  for (const stream of streams) stream.destroy();
  return 'ended';
}

function stepsFor(mark: ChildProcessMark, grace: Grace) {
  const kill = (pid: number, signal: NodeJS.Signals) => () => {
    try {
      process.kill(pid, signal);
    } catch {
      // It went in between, which is what was wanted.
    }
  };
  return [
    { after: 0, act: kill(mark.pid, 'SIGINT') },
    { after: grace.interrupt, act: kill(mark.pid, 'SIGTERM') },
    { after: grace.interrupt + grace.terminate, act: kill(-mark.pid, 'SIGKILL') },
  ];
}

function openPipes(mark: ChildProcessMark, control: RunControl) {
  const pipes = pipesIn(mark.folder);
  return [pipes.out, pipes.err].filter(existsSync).map((pipe) => {
    const stream = openReader(pipe);
    const onLine = (line: string) => {
      const said = parseStreamLine(line);
      if (said.kind === 'progress' && said.progress.kind === 'resource') control.listen(said.progress);
    };
    void readLines(stream, 'out', { onLine });
    return stream;
  });
}
