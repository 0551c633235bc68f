import { byCodeUnit, sha256 } from '../../model/digest.ts';
import type { EstateView, ParameterObservation } from '../../model/estate.ts';
import type { Finding } from '../../model/finding.ts';
import { findingKinds } from '../../model/finding-codes.ts';
import type { Parameter } from '../../stores/parameters/port.ts';
import type { ObservedWhen, ReadingTrouble } from '../../stores/parameters/seen.ts';
import type { EngineContext } from '../context.ts';
import type { SourcePosition } from '../versions/project.ts';

/** What the Parameter Stores of an estate hold, as of now or as last seen. */
export interface AccountSources {
  readonly byBinding: EstateView['parameters'];
  /** Equal while nothing that was read changed. */
  readonly identity: string;
  readonly findings: readonly Finding[];
  /** Accounts that could not be read just now. */
  readonly unread: readonly string[];
  /** Those of them that were never read as far as is known here: nothing may be removed for their silence. */
  readonly unseen: readonly string[];
  /** When the oldest of what was not looked at just now was seen. */
  readonly seenAt: string | undefined;
  positions(at: string): readonly SourcePosition[];
}

interface Read {
  readonly binding: string;
  readonly parameters: readonly Parameter[];
  readonly trouble: ReadingTrouble | undefined;
  readonly seenAt?: string;
}

/** Reads every account that holds something. One out of reach is a finding, and what was last seen of it stands. */
export async function readAccounts(context: EngineContext, when: ObservedWhen): Promise<AccountSources> {
  const bindings = [...(await context.stores.knownBindings())].sort(byCodeUnit);
  const all = await Promise.all(
    bindings.map(async (binding): Promise<Read> => {
      const { parameters, trouble, seenAt } = await context.stores.observe(binding, when);
      return { binding, parameters, trouble, ...(seenAt === undefined ? {} : { seenAt }) };
    }),
  );
  // An account that holds nothing says as little as one that was never written to.
  const reads = all.filter(({ parameters, trouble }) => parameters.length > 0 || trouble !== undefined);
  return {
    byBinding: new Map(
      reads
        .filter(({ parameters }) => parameters.length > 0)
        .map(({ binding, parameters }) => [binding, observed(parameters).byName]),
    ),
    identity: reads.map(identityOf).join('\n'),
    findings: reads.flatMap(({ binding, trouble }) => (trouble === undefined ? [] : [unreadFinding(binding, trouble)])),
    unread: reads.flatMap(({ binding, trouble }) => (trouble === undefined ? [] : [binding])),
    unseen: reads.flatMap(({ binding, trouble }) =>
      trouble !== undefined && trouble.seenAt === undefined ? [binding] : [],
    ),
    seenAt: reads.flatMap(({ seenAt }) => seenAt ?? []).sort(byCodeUnit)[0],
    positions: (at) => reads.map((read) => positionOf(read, at)),
  };
}

function observationOf({ name, version, value, type }: Parameter): ParameterObservation {
  return { name, version, value, secure: type === 'SecureString' };
}

function identityOf({ binding, parameters, trouble }: Read): string {
  const state = trouble === undefined ? '' : ` unread ${trouble.seenAt ?? ''}`;
  return `${binding}${state} ${observed(parameters).digest}`;
}

interface Observed {
  readonly byName: ReadonlyMap<string, ParameterObservation>;
  /** Of all names, versions and values. */
  readonly digest: string;
}

/** By the list itself: a store answers with the same one as long as nothing is written to it. */
const seen = new WeakMap<readonly Parameter[], Observed>();

function observed(parameters: readonly Parameter[]): Observed {
  const known = seen.get(parameters);
  if (known !== undefined) return known;
  const lines = parameters.map(({ name, version, digest }) => `${name} ${version} ${digest}`);
  const made = {
    byName: new Map(parameters.map((one) => [one.name, observationOf(one)])),
    digest: sha256(lines.join('\n')),
  };
  seen.set(parameters, made);
  return made;
}

function positionOf({ binding, parameters, trouble }: Read, at: string): SourcePosition {
  const position = parameters.length === 0 ? '' : sha256(identityOf({ binding, parameters, trouble: undefined }));
  const source = `account:${binding}`;
  if (trouble === undefined) return { source, position, read: true, at };
  return { source, position, read: false, reason: trouble.reason, at: trouble.seenAt ?? at };
}

function unreadFinding(binding: string, { reason, hint, seenAt }: ReadingTrouble): Finding {
  const stands = seenAt === undefined ? 'nothing is known of it here' : `what was seen of it at ${seenAt} stands`;
  return {
    code: 'source-not-read',
    severity: findingKinds['source-not-read'].severity,
    subject: `account ${binding}`,
    key: 'parameters',
    message: `the Parameter Store of ${binding} was not read: ${reason}; ${stands}`,
    ...(hint === undefined ? {} : { hint }),
    evidence: [{ rule: 'observe', site: `parameters of ${binding}` }],
  };
}
