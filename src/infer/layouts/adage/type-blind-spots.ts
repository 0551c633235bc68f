import type { Evidence } from '../../../model/evidence.ts';
import type { Finding } from '../../../model/finding.ts';
import type { FindingCode } from '../../../model/finding-codes.ts';
import { redact } from '../../../model/secrets/values.ts';
import type { ModuleAnalysis } from '../../terraform/analyse.ts';
import { findingAt, moduleFindings } from '../../terraform/findings.ts';
import { foreignSystem } from '../../terraform/foreign-systems.ts';
import { literalPrefixes } from '../../terraform/literal-prefix.ts';

/** A blind spot that every component of a type has. */
export interface TypeBlindSpot {
  readonly code: FindingCode;
  readonly evidence: Evidence;
}

/** What no evaluation of this module can see, whatever config it gets. */
export function blindSpotsOf({ closure }: ModuleAnalysis): TypeBlindSpot[] {
  const unreadable = closure.modules.flatMap(({ problems }) =>
    problems
      .filter(({ code }) => code === 'hcl-unreadable' || code === 'file-too-large')
      .slice(0, 1)
      .map(({ code, file, at }) => ({ code, evidence: { rule: code, site: file, file, line: at.line } })),
  );
  const remote = closure.remote.map(({ call }) => {
    const site = `module.${call.name}.source`;
    // A source may carry a token for the host it is fetched from.
    const expression = String(redact(call.source ?? ''));
    return {
      code: 'module-not-read' as const,
      evidence: { rule: 'module-not-read', site, file: call.file, line: call.at.line, expression },
    };
  });
  const programs = closure.modules.flatMap(({ resources }) =>
    [...resources.values()]
      .filter(({ mode, type }) => mode === 'data' && type === 'external')
      .map(({ address, file, at }) => ({
        code: 'program-unread' as const,
        evidence: { rule: 'program-unread', site: `${address}.program`, file, line: at.line },
      })),
  );
  const foreign = closure.modules.flatMap(({ resources }) =>
    [...resources.values()]
      .filter(({ mode, type }) => mode !== 'managed' && foreignSystem(type) !== undefined)
      .map(({ address, file, at }) => ({
        code: 'foreign-read' as const,
        evidence: { rule: 'foreign-read', site: address, file, line: at.line },
      })),
  );
  return [...unreadable, ...remote, ...programs, ...foreign];
}

/** What is wrong with a module and what cannot be seen of it, whatever config it gets. */
export function moduleFindingsOf(
  { analysis, blindSpots }: { readonly analysis: ModuleAnalysis; readonly blindSpots: readonly TypeBlindSpot[] },
  subject: string,
  prefix: string,
): Finding[] {
  // Unreadable files are among the module's own findings.
  const told: ReadonlySet<string> = new Set(['module-not-read', 'program-unread', 'foreign-read']);
  return [
    ...moduleFindings(analysis, subject),
    ...blindSpots
      .filter(({ code }) => told.has(code))
      .map(({ code, evidence }) =>
        findingAt(code, subject, evidence.site, blindSpotMessage(code, evidence.expression), {
          site: evidence.site,
          file: evidence.file ?? '',
          line: evidence.line ?? 1,
        }),
      ),
    ...hardCoded(analysis, subject, prefix),
  ];
}

function blindSpotMessage(code: string, expression: string | undefined): string {
  if (code === 'module-not-read') return `the module ${expression ?? ''} was not read: what it reads stays unseen`;
  if (code === 'program-unread') return 'what the program reads stays unseen';
  return 'what is read there is not in the graph';
}

/** The prefix in force, and the default one: a literal `/iac` is wrong above all where the prefix is another. */
function hardCoded({ closure }: ModuleAnalysis, subject: string, prefix: string): Finding[] {
  return [...new Set([prefix, '/iac'])].flatMap((literal) =>
    closure.modules.flatMap((module) =>
      literalPrefixes(module, literal, 'iac_prefix').map(({ file, at }) =>
        findingAt(
          'prefix-hard-coded',
          subject,
          `${file}:${literal}`,
          `a literal ${literal}/ stands beside var.iac_prefix`,
          {
            site: file,
            file,
            line: at.line,
          },
        ),
      ),
    ),
  );
}
