import { problemOf } from '../api/problem.ts';
import { Sentence } from './sentence.tsx';
import { TokenForm } from './token-form.tsx';
import './problem-card.css';

/** What is wrong, its code, what to do, and the way to try again. */
export function ProblemCard({ error, retry }: { readonly error: unknown; readonly retry?: () => void }) {
  const { code, title, detail, hint, retryable } = problemOf(error);
  return (
    <div className="problem" role="alert">
      <p className="problem-title">{title}</p>
      <p className="problem-detail">
        <bdi>{detail}</bdi>
      </p>
      {hint !== undefined && (
        <p className="dim">
          <Sentence text={hint} />
        </p>
      )}
      {retry !== undefined && code === 'KARMA_UNKNOWN_CALLER' && <TokenForm onHeld={retry} />}
      <p className="problem-foot">
        <code>{code}</code>
        {retry !== undefined && (
          <button type="button" className="button" onClick={retry}>
            {retryable ? 'Try again' : 'Ask again'}
          </button>
        )}
      </p>
    </div>
  );
}
