/** What the API answers when it cannot: RFC 9457, with the code that `karma explain` knows. */
export interface Problem {
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly hint?: string;
  readonly status: number;
  readonly retryable: boolean;
  /** Facts for programs: which component, which key. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export class ProblemError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.detail);
    this.name = 'ProblemError';
    this.problem = problem;
  }
}

/** A service that does not answer, or that answers something else than documents, is a problem like any other. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  const said = error instanceof Error ? error.message : String(error);
  return {
    code: 'KARMA_UNREACHABLE',
    title: 'the service does not answer',
    detail: said,
    hint: 'is `karma serve` still running? This page goes on by itself as soon as it is.',
    status: 0,
    retryable: true,
  };
}

/** The document of a response that failed, whatever stands in it. */
export async function problemIn(response: Response): Promise<Problem> {
  const found: unknown = await response.json().catch(() => undefined);
  const { code, title, detail, hint, retryable, details } = (
    typeof found === 'object' && found !== null ? found : {}
  ) as Partial<Problem>;
  return {
    code: code ?? `HTTP_${response.status}`,
    title: title ?? 'the service could not answer',
    detail: detail ?? `it answered ${response.status} ${response.statusText}`.trim(),
    ...(hint === undefined ? {} : { hint }),
    status: response.status,
    retryable: retryable ?? response.status >= 500,
    ...(details === undefined ? {} : { details }),
  };
}
