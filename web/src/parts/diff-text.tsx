import { useState } from 'react';
import { type DiffFile, filesOfDiff } from './diff-lines.ts';
import { Place } from './place.tsx';
import './diff-text.css';

/** More lines of one file are shown when somebody asks. */
const most = 120;

const words: Readonly<Record<DiffFile['how'], string>> = { new: 'new', gone: 'goes', moved: 'moves', changed: '' };

/** A unified diff, file by file. What is added and removed is said by a sign, too: not every eye tells the colours apart. */
export function DiffText({ diff, none }: { readonly diff: string; readonly none: string }) {
  const files = filesOfDiff(diff);
  if (files.length === 0) return <p className="none">{diff.trim() === '' ? none : diff}</p>;
  return (
    <div className="diff">
      {files.map((file) => (
        <FileDiff key={file.path} file={file} />
      ))}
    </div>
  );
}

function FileDiff({ file: { path, how, lines } }: { readonly file: DiffFile }) {
  const [all, setAll] = useState(false);
  const shown = all ? lines : lines.slice(0, most);
  return (
    <section className="diff-file" aria-label={path}>
      <p className="diff-head">
        <Place file={path} copy />
        {words[how] !== '' && <span className="tag">{words[how]}</span>}
      </p>
      {lines.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        <pre className="diff-lines mono" tabIndex={0} role="region" aria-label={`What changes in ${path}`}>
          {shown.map(({ kind, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: lines of one text have no other name
            <span key={index} className={`diff-line diff-${kind}`}>
              <bdi>{text}</bdi>
              {'\n'}
            </span>
          ))}
        </pre>
      )}
      {lines.length > shown.length && (
        <button type="button" className="more" onClick={() => setAll(true)}>
          {lines.length - shown.length} more lines
        </button>
      )}
    </section>
  );
}
