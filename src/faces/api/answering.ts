import type { EngineContext } from '../../engine/context.ts';
import { askToWrite, askUntyped, verbNamed } from '../../engine/verbs/table.ts';
import type { VerbCall } from '../../engine/verbs/verb.ts';
import { withoutDamage } from '../../engine/without-damage.ts';
import { documentOf } from '../document.ts';
import { routes } from './routes.ts';

/** What is asked, and in which form it is told. Plain data, so that another process can answer it. */
export interface Question {
  readonly verb: string;
  readonly query: unknown;
  readonly form: Form;
}

export type Form =
  /** The document that the command line prints too. */
  | { readonly kind: 'document' }
  /** The same, with where everything else is asked. */
  | { readonly kind: 'entrance' }
  /** Under its verb, with what the engine noted meanwhile. */
  | { readonly kind: 'named' }
  /** For a model: as long as it can take in. */
  | { readonly kind: 'tool'; readonly tool: string; readonly cursor?: string };

/** An answer as the bytes that are sent. */
export interface MadeAnswer {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** SHA-256 of them, where whoever made it had the time. */
  readonly digest?: string;
}

export interface AnsweringCall extends Pick<VerbCall, 'signal' | 'most' | 'mostWritten'> {
  /** The newest version, where it was looked for just now. */
  readonly newest?: { readonly version: number } | undefined;
}

/** Answers for a face: here, or wherever there is room for it. */
export type Answering = (context: EngineContext, question: Question, call: AnsweringCall) => Promise<MadeAnswer>;

export const answerHere: Answering = async (context, { verb, query, form }, call) => {
  const notes: string[] = [];
  const own: EngineContext = {
    ...context,
    report: (progress) => {
      if (form.kind === 'named' && progress.kind === 'note') notes.push(progress.text);
      context.report(progress);
    },
  };
  if (form.kind === 'document') {
    const { answer, lists } = await withoutDamage(own, () => askToWrite(own, verb, query, call));
    const { schemaVersion } = await verbNamed(verb);
    return { bytes: encoder.encode(documentOf(answer, { schemaVersion, lists })) };
  }
  const answer = await withoutDamage(own, () => askUntyped(own, verb, query, call));
  return { bytes: encoder.encode(await textOf(answer, { verb, form, notes })) };
};

async function textOf(
  answer: object,
  {
    verb,
    form,
    notes,
  }: {
    readonly verb: string;
    readonly form: Exclude<Form, { readonly kind: 'document' }>;
    readonly notes: readonly string[];
  },
): Promise<string> {
  if (form.kind === 'tool') {
    const { toolAnswer } = await import('../mcp/tool-answer.ts');
    return JSON.stringify(toolAnswer(form, answer));
  }
  if (form.kind === 'named') return documentOf({ verb, answer, notes });
  const { schemaVersion } = await verbNamed(verb);
  return documentOf({ ...answer, ...entrance }, { schemaVersion });
}

const encoder = new TextEncoder();

/** Whoever asks for more than this in a URL asks in a body. */
export const longestUrl = 16 * 1024;

const entrance = {
  limits: { url: longestUrl },
  links: [...new Set(routes.filter(({ alias }) => alias !== true).map(({ path }) => path))],
};
