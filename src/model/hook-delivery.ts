/** How somebody is told: each answers what was wrong in words, and nothing where it was taken. Never what a secret is. */
export interface HookDelivery {
  /** @param headers signed, with the id by which a message that comes twice is known */
  send(url: string, body: string, headers: Readonly<Record<string, string>>): Promise<string | undefined>;
  /** Starts a program without a shell, with few variables, and hands it the message. */
  start(
    program: readonly string[],
    body: string,
    how: {
      readonly environment: Readonly<Record<string, string>>;
      /** Nothing of the estate runs: what lies in one of these is no program. */
      readonly outside: readonly string[];
      readonly path: string | undefined;
    },
  ): Promise<string | undefined>;
}
