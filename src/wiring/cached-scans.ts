import type { EngineContext } from '../engine/context.ts';
import { sha256 } from '../model/digest.ts';
import type { Parameter } from '../stores/parameters/port.ts';
import { describePerSecond } from '../stores/parameters/ssm/client.ts';
import type { Account } from './accounts.ts';

/** What an account held, and when one began to look. */
export interface Scan {
  readonly at: string;
  readonly parameters: readonly Parameter[];
}

/** The last scan of an account, kept from one process to the next: only what moved since is read again. */
export interface CachedScans {
  last(): Scan | undefined;
  /** The last scan, where a question may be answered from it without looking again. */
  standing(): Scan | undefined;
  keep(scan: Scan): void;
  /** Something is about to be written there: nothing seen until now stands any more. */
  outdate(): void;
}

const kind = 'parameters';
/** The age of a scan is told to the minute; more would write to the cache at each question. In milliseconds. */
const worthTelling = 60_000;

export function cachedScans(
  { binding, place, roots, way }: Account,
  { cache, now, env }: Pick<EngineContext, 'cache' | 'now' | 'env'>,
): CachedScans {
  const ambient = ['AWS_PROFILE', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_SSM'];
  const parts = [binding, way, String(place.decrypt), ...roots, ...ambient.map((name) => env[name] ?? '')];
  const key = sha256(parts.join('\n'));
  const writtenKey = sha256(`${key} written`);
  let kept: Scan | undefined;
  const last = () => {
    kept ??= readScan(cache.get(kind, key));
    return kept;
  };
  const put = (name: string, text: string) => {
    cache.put(kind, name, new TextEncoder().encode(text));
    cache.flush();
  };
  let outdated = false;
  return {
    last,
    standing: () => {
      const scan = last();
      if (scan === undefined) return undefined;
      const written = cache.get(kind, writtenKey);
      if (written !== undefined && new TextDecoder().decode(written) >= scan.at) return undefined;
      const most = place.maxAge ?? maxAgeOf(scan.parameters.length, roots.length);
      return isYoung(scan.at, now(), most) ? scan : undefined;
    },
    keep: (scan) => {
      outdated = false;
      const before = last();
      const old = before === undefined || Date.parse(scan.at) - Date.parse(before.at) > worthTelling;
      if (!old && JSON.stringify(before.parameters) === JSON.stringify(scan.parameters)) return;
      kept = scan;
      put(key, JSON.stringify(scan));
    },
    outdate: () => {
      if (outdated) return;
      outdated = true;
      put(writtenKey, now());
    },
  };
}

/** Seconds that a question waits for a look at an account rather than take what was seen of it lately. */
const worthWaiting = 2;
/** Seconds for which what was seen stands where looking takes longer. */
const usualAge = 300;
/** Parameters that one call lists. */
const listed = 50;

/**
 * How old what was seen may be when nobody says, in seconds. Looking again lists every parameter, fifty a call and a few calls
 * a second: of a small account every question does, of one with ten thousand it would be half a minute each.
 */
export function maxAgeOf(parameters: number, roots: number): number {
  const calls = roots + Math.ceil(parameters / listed);
  return calls / describePerSecond <= worthWaiting ? 0 : usualAge;
}

/** A clock that was set back makes nothing young. */
function isYoung(at: string, now: string, most: number): boolean {
  const age = Date.parse(now) - Date.parse(at);
  return age >= 0 && age < most * 1000;
}

function readScan(bytes: Uint8Array | undefined): Scan | undefined {
  if (bytes === undefined) return undefined;
  return JSON.parse(new TextDecoder().decode(bytes)) as Scan;
}
