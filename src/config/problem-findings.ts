import type { Finding } from '../model/finding.ts';
import { findingKinds } from '../model/finding-codes.ts';
import type { ConfigDocument } from './document.ts';

/** What is wrong with a document, as findings about a subject. */
export function problemFindings(document: Pick<ConfigDocument, 'problems'>, file: string, subject: string): Finding[] {
  return document.problems.map((problem) => ({
    code: problem.code,
    severity: findingKinds[problem.code].severity,
    subject,
    key: `${file}:${problem.key}`,
    message: problem.message,
    evidence: [{ rule: 'read', site: file, file, line: problem.line }],
  }));
}
