import { useState } from 'react';

/** A range of commits, or the work tree as it is being edited. */
export function RangeField({
  range,
  suggested,
  onChoose,
}: {
  readonly range: string | undefined;
  readonly suggested: string | undefined;
  readonly onChoose: (range: string) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const usual = [...new Set([...(suggested === undefined ? [] : [suggested]), 'HEAD', 'HEAD~1', 'main...HEAD'])];
  return (
    <>
      <form
        className="range-form"
        onSubmit={(event) => {
          event.preventDefault();
          const text = (typed ?? range ?? '').trim();
          if (text !== '') onChoose(text);
          setTyped(undefined);
        }}
      >
        <input
          className="field mono range-field"
          aria-label="A range of commits"
          placeholder="main...HEAD"
          spellCheck={false}
          value={typed ?? range ?? ''}
          onChange={({ target }) => setTyped(target.value)}
        />
      </form>
      <div className="chips">
        {usual.map((one) => (
          <button type="button" key={one} className="chip" aria-pressed={range === one} onClick={() => onChoose(one)}>
            {one === 'HEAD' ? 'work tree, live' : one}
          </button>
        ))}
      </div>
    </>
  );
}
