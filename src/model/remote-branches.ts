/** What became of a push. */
export type Pushed =
  | { readonly is: 'pushed' }
  /** Somebody else was first: what is there now is to be fetched, and built on. */
  | { readonly is: 'moved' }
  /** The remote does not take it, and would not take it again. */
  | { readonly is: 'denied'; readonly said: string };

/** The other repositories that a branch is shared with, by the names of Git's own settings here. The network. */
export interface RemoteBranches {
  /**
   * The commit of a branch there, brought here; undefined where there is no such branch yet.
   * @throws KARMA_NOT_CONFIGURED for a remote that Git does not know, KARMA_UPSTREAM
   */
  fetch(gitDir: string, remote: string, branch: string): Promise<string | undefined>;
  /** @param how `anew`: a branch of Karma's own, which is what it is now whatever it was */
  push(
    gitDir: string,
    remote: string,
    commit: string,
    branch: string,
    how?: { readonly anew: boolean },
  ): Promise<Pushed>;
}
