import type { EngineContext } from '../../../engine/context.ts';
import { writeNamed } from '../../../engine/named-files.ts';
import { baselineOf, readBaseline } from '../../../engine/verbs/baseline.ts';
import { everyFinding, fingerprintOf } from '../../../engine/verbs/check.ts';
import { countBySeverity } from '../../../engine/view/shown-findings.ts';
import type { Finding, Severity } from '../../../model/finding.ts';
import { hideInText } from '../../../model/secrets/text.ts';
import { choiceOption, flagOption, listOption, textOption, type Verb } from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import { count } from '../render/evidence.ts';
import { causeLines } from '../render/findings.ts';

const thresholds = ['error', 'warning', 'info', 'never'] as const;
const formats = ['table', 'sarif', 'junit', 'json'] as const;
const rank: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

export const run: Verb = async (call) => {
  const { args, options, output, context, ask } = call;
  const failOn = choiceOption(options, 'failOn', thresholds) ?? 'error';
  const format = output.json ? 'json' : (choiceOption(options, 'output', formats) ?? 'table');
  const at = textOption(options, 'at');
  const file = textOption(options, 'baseline');
  if (flagOption(options, 'writeBaseline')) {
    const target = file ?? baselineOf(context);
    const findings = await everyFinding(context, at);
    writeBaseline(context, target, findings);
    if (output.json) output.document({ baseline: target, accepted: findings.length });
    else output.answer(`${count(findings.length, 'finding')} accepted in ${target}; put it into Git`);
    return 0;
  }
  const accepted = file === undefined ? {} : { baseline: false, accepted: [...readBaseline(context, file)] };
  const since = textOption(options, 'since');
  const select = [...args, ...listOption(options, 'filter')];
  const answer =
    since === undefined
      ? await ask('check', { select, ...accepted, ...(at === undefined ? {} : { at }) })
      : await ask('check-since', { since, select, ...accepted });
  const exit = exitFor(answer.findings, failOn);
  if (format === 'json') output.document(answer);
  else if (format === 'sarif' || format === 'junit') {
    const { sarifOf, junitOf } = await import('../../../engine/verbs/export.ts');
    output.raw(`${format === 'sarif' ? sarifOf(answer.findings, context.version) : junitOf(answer.findings)}\n`);
  } else {
    output.talk(output.talkStyle.dim(answer.view.label));
    const { error, warning, info } = countBySeverity(answer.causes);
    const told =
      answer.findings.length > answer.causes.length ? ` (${count(answer.findings.length, 'finding')} in all)` : '';
    const summary = `${count(error, 'error')}, ${count(warning, 'warning')}, ${info} info${told}${answer.accepted > 0 ? `, ${answer.accepted} accepted by the baseline` : ''}${answer.gone > 0 ? `, ${answer.gone} in the baseline are gone` : ''}`;
    const shown = output.quiet ? [] : causeLines(answer.causes, output.style);
    output.answer([...shown, ...(shown.length > 0 ? [''] : []), summary].join('\n'));
  }
  return exit;
};

function exitFor(findings: readonly Finding[], failOn: (typeof thresholds)[number]): ExitCode {
  return failOn !== 'never' && findings.some(({ severity }) => rank[severity] <= rank[failOn]) ? 2 : 0;
}

function writeBaseline(context: EngineContext, file: string, findings: readonly Finding[]): void {
  const accepted = findings
    .map((finding) => ({
      fingerprint: fingerprintOf(finding),
      code: finding.code,
      subject: finding.subject,
      key: finding.key,
    }))
    .sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
  writeNamed(context, file, hideInText(`${JSON.stringify({ schemaVersion: 1, accepted }, null, 2)}\n`));
}
