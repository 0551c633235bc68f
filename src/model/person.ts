/** Somebody as Git names them: behind a commit, or who wrote it down. Where no address is known there is none: nobody's is made up. */
export interface Person {
  readonly name: string;
  readonly address?: string;
}
