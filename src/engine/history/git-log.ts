import type { OpenSource } from '../../observe/estate/source.ts';
import { type Commit, commitsOf } from '../../observe/git/history.ts';
import type { DocumentWrite } from '../../stores/ledger/port.ts';
import type { EngineContext } from '../context.ts';

/** Commits read on first contact; older ones stay in Git, where `karma why` finds them. */
const mostCommits = 5_000;
export const historyKind = 'history';
const documentId = 'known';

/** How far history is in the ledger: a commit a repository, a version a parameter. */
export interface Known {
  readonly commits: Readonly<Record<string, string>>;
  /** By `binding name`. */
  readonly parameters: Readonly<Record<string, number>>;
}

/** What Git tells beyond what the ledger holds. */
export interface GitLog {
  readonly known: Known;
  /** The revision of the document that says so; 0 where there is none. */
  readonly revision: number;
  readonly sources: readonly { readonly source: OpenSource; readonly commits: readonly Commit[] }[];
  /** The commit that history goes up to, a repository. */
  readonly heads: Known['commits'];
}

/** Reads the logs of an estate's repositories: needs no graph, so that git can run beside the making of one. */
export async function readLog(context: EngineContext, opened: readonly OpenSource[]): Promise<GitLog> {
  const ledger = await context.stores.ledger();
  const kept = await ledger.getDocument(historyKind, documentId);
  const known = (kept?.body ?? { commits: {}, parameters: {} }) as Known;
  const heads: Record<string, string> = { ...known.commits };
  const sources: { readonly source: OpenSource; readonly commits: readonly Commit[] }[] = [];
  for (const source of opened) {
    if (source.repository === undefined || source.commit === undefined) continue;
    const before = known.commits[source.name];
    if (before === source.commit) continue;
    const query = { start: source.commit, limit: mostCommits, ...(before === undefined ? {} : { known: before }) };
    sources.push({ source, commits: await commitsOf(source.repository, query) });
    heads[source.name] = source.commit;
  }
  return { known, revision: kept?.revision ?? 0, sources, heads };
}

/** The document that says how far history is told from now on. */
export function knownWrite({ revision }: GitLog, now: Known): DocumentWrite {
  return { kind: historyKind, id: documentId, body: now, revision };
}
