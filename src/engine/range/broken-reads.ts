import type { Comparison } from '../../graph/impact-of-change/compare.ts';
import type { Finding } from '../../model/finding.ts';

interface BrokenReads {
  /** Who reads what a finding says is broken. */
  readers(finding: Finding): ReadonlySet<string>;
  /** That a reader misses an output is what the broken contract of its writer says already. */
  told(finding: Finding): boolean;
}

export function readsBroken({ contracts }: Comparison): BrokenReads {
  const readers = new Map<string, ReadonlySet<string>>();
  const reads = new Set<string>();
  for (const { component, pointer, broken, tolerating } of contracts) {
    readers.set(`${component}#${pointer}`, new Set([...broken, ...tolerating].map((one) => one.component)));
    for (const one of [...broken, ...tolerating]) reads.add(`${one.component} ${component}#${one.pointer}`);
  }
  return {
    readers: ({ code, subject, key }) =>
      (code === 'contract-broken' ? readers.get(`${subject}#${key}`) : undefined) ?? nobody,
    told: ({ code, subject, key }) => code === 'contract-mismatch' && reads.has(`${subject} ${key}`),
  };
}

const nobody: ReadonlySet<string> = new Set();
