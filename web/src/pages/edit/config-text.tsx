import { useState } from 'react';
import type { Json } from '../../../../src/model/digest.ts';
import type { Finding } from '../../api/answers.ts';
import { parsed } from './config-form.tsx';
import { isRecord } from './edits-between.ts';

/** The same config as text. What is no JSON yet changes nothing. */
export function ConfigText({
  config,
  findings,
  onChange,
}: {
  readonly config: Json;
  readonly findings: ReadonlyMap<string, Finding>;
  readonly onChange: (config: Json) => void;
}) {
  const [typed, setTyped] = useState<string>();
  const text = typed ?? JSON.stringify(config, null, 2);
  const broken = typed !== undefined && !isRecord(parsed(typed));
  return (
    <>
      <textarea
        className="field mono config-text"
        aria-label="The configuration as JSON"
        aria-invalid={broken || findings.size > 0}
        aria-describedby="config-text-said"
        rows={Math.min(32, Math.max(12, text.split('\n').length + 1))}
        spellCheck={false}
        value={text}
        onChange={({ target }) => {
          setTyped(target.value);
          const next = parsed(target.value);
          if (isRecord(next)) onChange(next);
        }}
        onBlur={() => {
          if (!broken) setTyped(undefined);
        }}
      />
      <div id="config-text-said" className="small" role="status">
        {broken && <p className="tone-bad">This is no JSON object yet; the last that was stands.</p>}
        {[...findings.values()].map(({ key, message, severity }) => (
          <p key={`${key} ${message}`} className={`tone-${severity === 'error' ? 'bad' : 'warn'}`}>
            <bdi className="mono">{key}</bdi> <bdi>{message}</bdi>
          </p>
        ))}
      </div>
    </>
  );
}
