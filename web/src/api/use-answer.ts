import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import type { Answers, OtherAnswers, Path } from './answers.ts';
import { askService } from './client.ts';
import type { Question } from './transport.ts';

interface AskOptions {
  /** Not asked while there is nothing to ask. */
  readonly enabled?: boolean;
  /** What was shown stays until the new answer is there: for filters of one list, never for another subject. */
  readonly keep?: boolean;
  /** For what changes without an event, such as files that somebody edits. */
  readonly everyMilliseconds?: number;
}

/** Asks the service; the answer is kept by path and question, and asked again when the ledger says that it may have changed. */
export function useAnswer<P extends Path>(path: P, question: Question = {}, options?: AskOptions) {
  return useAsked<Answers[P]>(path, question, options);
}

/** The same for a path whose parameters make it another question. */
export function useOtherAnswer<P extends keyof OtherAnswers>(path: P, question: Question, options?: AskOptions) {
  return useAsked<OtherAnswers[P]>(path, question, options);
}

function useAsked<Answer>(
  path: string,
  question: Question,
  { enabled = true, keep = false, everyMilliseconds }: AskOptions = {},
): UseQueryResult<Answer> {
  return useQuery({
    queryKey: [path, question],
    queryFn: async ({ signal }) => (await askService(path, question, signal)) as Answer,
    enabled,
    ...(keep ? { placeholderData: keepPreviousData } : {}),
    ...(everyMilliseconds === undefined ? {} : { refetchInterval: everyMilliseconds }),
  });
}
