import { QueryClient } from '@tanstack/react-query';
import { ProblemError } from './problem.ts';
import { overHttp, type Transport } from './transport.ts';

/** Answers stay until an event of the ledger says that they may be another: nothing is asked again by the clock. */
export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: Number.POSITIVE_INFINITY,
      refetchOnWindowFocus: false,
      retry: (failed, error) => failed < 2 && !(error instanceof ProblemError && !error.problem.retryable),
    },
  },
});

let transport: Transport = overHttp;

/** A static site answers from its snapshot. */
export function answerBy(other: Transport): void {
  transport = other;
}

export const askService: Transport = (path, question, signal) => transport(path, question, signal);
