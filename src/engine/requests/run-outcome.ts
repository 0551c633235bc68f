import { hideInTexts } from '../../model/secrets/text.ts';
import type { Ledger } from '../../stores/ledger/port.ts';

/**
 * What whoever runs something beside the estate is asked and told, for who asked a worker to: the question before it, what happened,
 * and the answer, as they were. A face that tells a run of its own tells one of elsewhere by it.
 */
export interface RunOutcome {
  /** `deploy`, `destroy`, `change-apply`, `change-resume` or `change-plan`: whose answer it is. */
  readonly verb: string;
  /** What runs, as it stood before anything did. */
  readonly question?: Readonly<Record<string, unknown>>;
  /** Of a change: what is about to be done, as it stood before. */
  readonly ofChange?: Readonly<Record<string, unknown>>;
  /** In the order in which they came. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
  readonly answer: Readonly<Record<string, unknown>>;
}

/** Beyond so many events the resources that Terraform works on are left out: what became of each component is not. */
const manyEvents = 2_000;

/** Takes down a run for who asked for it. */
export class OutcomeTaker {
  readonly #events: object[] = [];
  #question: object | undefined;
  #ofChange: object | undefined;

  asked(question: object): void {
    this.#question = question;
  }

  askedOfChange(question: object): void {
    this.#ofChange = question;
  }

  heard(event: { readonly kind: string; readonly progress?: { readonly kind: string } }): void {
    if (event.progress?.kind === 'resource' && this.#events.length >= manyEvents) return;
    this.#events.push(event);
  }

  /** @returns the digest by which it is read again */
  async keep(ledger: Ledger, verb: string, answer: object): Promise<string> {
    const outcome = {
      verb,
      ...(this.#question === undefined ? {} : { question: this.#question }),
      ...(this.#ofChange === undefined ? {} : { ofChange: this.#ofChange }),
      events: this.#events,
      answer,
    };
    const text = JSON.stringify(hideInTexts(JSON.parse(JSON.stringify(outcome)) as object));
    return ledger.putObject(new TextEncoder().encode(text));
  }
}

/** Undefined where nothing was taken down, or it is no more. */
export async function readOutcome(ledger: Ledger, digest: string | undefined): Promise<RunOutcome | undefined> {
  const bytes = digest === undefined ? undefined : await ledger.getObject(digest);
  return bytes === undefined ? undefined : (JSON.parse(Buffer.from(bytes).toString('utf8')) as RunOutcome);
}
