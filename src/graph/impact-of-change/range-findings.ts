import type { Evidence } from '../../model/evidence.ts';
import type { Finding, Severity } from '../../model/finding.ts';
import type { FindingCode } from '../../model/finding-codes.ts';
import type { Comparison } from './compare.ts';
import type { ContractChange } from './contract-changes.ts';

/**
 * What a range does that must be looked at before merging, as findings: the judge and the answer may not disagree. What the
 * later end shows by itself (two states with one address) is a finding of its graph already.
 */
export function rangeFindings({ contracts, variables, states }: Comparison): Finding[] {
  return [
    ...contracts.flatMap(contractFinding),
    ...variables.required
      .filter(({ given }) => !given)
      .map(({ component, variable }) =>
        finding('variable-required', 'error', {
          subject: component,
          key: variable,
          message: `does not give ${variable}, which its module requires now`,
        }),
      ),
    ...states.moved.map(({ component, from, to }) =>
      finding('state-moved', 'warning', {
        subject: component,
        key: `${from}|${to}`,
        message: `its state would move from ${from} to ${to}: without a copy Terraform begins with an empty one`,
      }),
    ),
  ];
}

/** By verdict: what a deploy refuses is an error. Readers of everything are to confirm, which is no judgement. */
const severities: Readonly<Record<ContractChange['verdict'], Severity | undefined>> = {
  refused: 'error',
  warned: 'warning',
  listed: undefined,
  unread: undefined,
};

function contractFinding(change: ContractChange): Finding[] {
  const severity = severities[change.verdict];
  if (severity === undefined) return [];
  const readers = [...change.broken, ...change.tolerating];
  const names = [...new Set(readers.map(({ component }) => component))];
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return [
    finding('contract-broken', severity, {
      subject: change.component,
      key: change.pointer,
      message: `output ${change.output} ${change.change}, and ${names.slice(0, 3).join(', ')}${more} ${names.length === 1 ? 'reads' : 'read'} it`,
      evidence: readers.flatMap(({ evidence }) => evidence.slice(0, 1)),
    }),
  ];
}

interface Parts {
  readonly subject: string;
  readonly key: string;
  readonly message: string;
  readonly evidence?: readonly Evidence[];
}

function finding(code: FindingCode, severity: Severity, { evidence = [], ...parts }: Parts): Finding {
  return { code, severity, ...parts, evidence };
}
