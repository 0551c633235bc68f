import type { Comparison, SinceAnswer } from '../../api/answers.ts';
import { useLive } from '../../api/live.ts';
import { Counted } from '../../parts/facts.tsx';

/** The whole answer in two lines: the counts, and what to make of them. */
export function Verdict({ answer, live }: { readonly answer: SinceAnswer; readonly live: boolean }) {
  const { comparison, before, after, summary } = answer;
  const listening = useLive() === 'live';
  return (
    <div className="verdict-block" role="status">
      <Counts comparison={comparison} sentence={summary[1]} />
      <p className="small dim">
        <bdi>{before.label}</bdi> → <bdi>{after.label}</bdi> · {comparison.files.changed} file
        {comparison.files.changed === 1 ? '' : 's'}
        {live && listening && <span className="tone-ok"> · asked again while files are edited</span>}
      </p>
    </div>
  );
}

export function Counts({ comparison, sentence }: { readonly comparison: Comparison; readonly sentence: string }) {
  const { changed, undecided, affected, identical, possible, added, removed, complete } = comparison;
  return (
    <p className="verdict">
      <span>
        <Counted
          count={changed.length + undecided.length + added.length + removed.length}
          one="changed"
          many="changed"
        />
      </span>
      {undecided.length > 0 && (
        <span className="tone-warn">
          of these <Counted count={undecided.length} one="undecided" many="undecided" />
        </span>
      )}
      <span>
        <Counted count={affected.length} one="affected" many="affected" />
      </span>
      <span className={identical.length > 0 ? 'tone-ok' : ''}>
        <Counted count={identical.length} one="skipped with proof" many="skipped with proof" />
      </span>
      <span className={possible.length > 0 ? 'tone-warn' : ''}>
        <Counted count={possible.length} one="possible" many="possible" />
      </span>
      {/* What is complete may still be wrong: then the sentence begins with that. */}
      <span className={complete && sentence.startsWith('Complete') ? 'tone-ok' : 'tone-warn'}>{sentence}</span>
    </p>
  );
}
