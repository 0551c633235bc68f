import type { EngineContext } from '../../engine/context.ts';
import { newestPublished } from '../../engine/versions/newest.ts';
import { sha256 } from '../../model/digest.ts';
import { KarmaError } from '../../model/errors.ts';
import type { MadeAnswer } from './answering.ts';
import type { Requested } from './requested.ts';
import type { Told } from './told.ts';

/** Only while the newest version is the one that who asks has seen. @throws KARMA_CHANGED */
export async function mustMatch(request: Requested, context: EngineContext): Promise<void> {
  const newest = await newestPublished(context);
  const now = newest === undefined ? undefined : versionTag(newest, context.version);
  const named = (request.headers.get('if-match') ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  if (now !== undefined && (named.includes(now) || named.includes('*'))) return;
  throw new KarmaError('KARMA_CHANGED', 'the newest version is not the one that If-Match names', {
    hint: newest === undefined ? 'nothing is published yet' : `it is v${newest.version} now: look again`,
  });
}

/** Versions that differ in a line or a secret have one hash, and another Karma may say more of the same version. */
export function versionTag(
  { version, hash }: { readonly version: number; readonly hash: string },
  karma: string,
): string {
  return `"${version}-${hash.slice(0, 16)}-${karma}"`;
}

export function contentTag(body: string | MadeAnswer): string {
  const digest = typeof body === 'string' ? sha256(body) : (body.digest ?? sha256(body.bytes));
  return `"${digest.slice(0, 16)}"`;
}

export function unchanged(etag: string, headers: Readonly<Record<string, string>>): Told {
  const { 'content-type': _, ...rest } = headers as Record<string, string>;
  return { status: 304, headers: { ...rest, etag }, body: null };
}

/** A compressed answer carries the tag as a weak one, and several may be named. */
export function isAsItWas(request: Pick<Requested, 'headers'>, tag: string): boolean {
  const named = (request.headers.get('if-none-match') ?? '').split(',').map((one) => one.trim().replace(/^W\//, ''));
  return named.includes(tag);
}

/**
 * A question that says nothing of the time is answered at the newest version: the same for all who ask, and cheap. Where
 * nothing was published, or `at=worktree` is said, it is the work tree as it is. The version comes into the query.
 */
export async function asOf(
  context: EngineContext,
  query: Record<string, unknown>,
): Promise<{ readonly version: number; readonly hash: string } | undefined> {
  if (query['at'] === 'worktree') {
    delete query['at'];
    return undefined;
  }
  // A list goes on at the version that it began with.
  if (query['at'] !== undefined || query['cursor'] !== undefined) return undefined;
  const newest = await newestPublished(context);
  if (newest !== undefined) query['at'] = `v${newest.version}`;
  return newest;
}
