import { byCodeUnit } from '../../../model/digest.ts';
import type { Finding } from '../../../model/finding.ts';
import { type FindingCode, findingKinds } from '../../../model/finding-codes.ts';
import { withoutCredentials } from '../../../model/without-credentials.ts';
import type { OpenEstate } from './open-estate.ts';
import { join } from './paths.ts';
import { type Stack, stackFile } from './stack.ts';

/** What is wrong with stack files, as findings about the file. */
export function stackFindings(estate: OpenEstate): Finding[] {
  const findings: Finding[] = [];
  const stacks = new Set<Stack>();
  for (const { stack, component, source } of estate.generated.folders.values()) {
    stacks.add(stack);
    const site = `${component.kind}.${component.name}.source`;
    const { line } = component.block.at;
    const from = component.source === undefined ? 'a source that is not known' : withoutCredentials(component.source);
    const message = `the ${component.kind} ${component.name} is made from ${from}`;
    if (source === undefined) findings.push(finding(estate, stack, 'module-not-read', { site, line, message }));
  }
  for (const stack of stacks)
    for (const { troubles } of [stack, ...stack.components])
      for (const trouble of troubles) findings.push(finding(estate, stack, trouble.code, trouble));
  // A template, or one that makes nothing because it is broken, is read and not generated from.
  for (const stack of new Set([...estate.generated.written(), ...stacks]))
    for (const { at, message } of stack.frame.source.errors)
      findings.push(finding(estate, stack, 'hcl-unreadable', { site: `line ${at.line}`, line: at.line, message }));
  for (const path of estate.generated.circles)
    findings.push({
      code: 'include-loop',
      severity: findingKinds['include-loop'].severity,
      subject: path,
      key: 'stack',
      message: 'a stack that is made from itself without end',
      evidence: [{ rule: 'stack', site: 'stack', file: path }],
    });
  return findings.sort((a, b) => byCodeUnit(`${a.subject}\n${a.code}\n${a.key}`, `${b.subject}\n${b.code}\n${b.key}`));
}

function finding(
  estate: OpenEstate,
  stack: Stack,
  code: FindingCode,
  { site, line, message }: { readonly site: string; readonly line: number; readonly message: string },
): Finding {
  const file = estate.paths.inView(join(stack.folder, stackFile));
  const evidence = [{ rule: 'stack', site, file, line }];
  return { code, severity: findingKinds[code].severity, subject: file, key: site, message, evidence };
}
