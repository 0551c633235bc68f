import { byCodeUnit } from '../../model/digest.ts';
import type { Finding } from '../../model/finding.ts';
import type { FindingCode } from '../../model/finding-codes.ts';
import { findingKinds } from '../../model/finding-codes.ts';
import type { ModuleAnalysis } from './analyse.ts';

/** A finding at a place in HCL. */
export function findingAt(
  code: FindingCode,
  subject: string,
  key: string,
  message: string,
  place: { readonly site?: string; readonly file: string; readonly line: number },
): Finding {
  const { severity } = findingKinds[code];
  const { site = key, file, line } = place;
  return { code, severity, subject, key, message, evidence: [{ rule: code, site, file, line }] };
}

/** What is wrong with a module and the modules it calls, whatever config it gets. Sorted. */
export function moduleFindings(analysis: ModuleAnalysis, subject = `type ${analysis.row.key}`): readonly Finding[] {
  const { closure, undeclared, floating } = analysis;
  const findings = [
    ...closure.modules.flatMap((module) =>
      module.problems.map(({ code, key, message, file, at }) =>
        findingAt(code, subject, code === 'hcl-unreadable' ? `${file} ${message}` : `${module.key} ${key}`, message, {
          file,
          line: at.line,
        }),
      ),
    ),
    ...undeclared.map(({ name, module, file, at }) =>
      findingAt('hcl-undeclared-reference', subject, `${module} ${name}`, `${name} is used and not declared`, {
        site: name,
        file,
        line: at.line,
      }),
    ),
    ...floating.map(({ name, source, file, line }) =>
      findingAt('module-source-floating', subject, name, `the source ${source} may change under its name`, {
        file,
        line,
      }),
    ),
    ...closure.circles.map(({ module, call, path }) =>
      findingAt('module-loop', subject, `${module.key} ${call.name}`, `${path} is called from within itself`, {
        site: `module.${call.name}.source`,
        file: call.file,
        line: call.at.line,
      }),
    ),
    ...closure.missing.map(({ module, call, path }) =>
      findingAt('module-missing', subject, `${module.key} ${call.name}`, `there is no module in ${path}`, {
        site: `module.${call.name}.source`,
        file: call.file,
        line: call.at.line,
      }),
    ),
  ];
  return findings.sort((a, b) => byCodeUnit(a.code, b.code) || byCodeUnit(a.key, b.key));
}
