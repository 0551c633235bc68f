import { useEffect, useRef, useState } from 'react';
import { cutEvents } from '../../api/server-sent.ts';
import { credentials } from '../../api/token.ts';
import { searchOf } from '../../api/transport.ts';

/** More of a log than this nobody reads here; its end is what tells. */
const longest = 200_000;

/** A log as it is written: the page stays at its end until somebody scrolls up. */
export function RunLog({ id }: { readonly id: string }) {
  const [text, setText] = useState('');
  const [over, setOver] = useState(false);
  const box = useRef<HTMLPreElement>(null);
  const follows = useRef(true);
  useEffect(() => {
    const stop = new AbortController();
    setText('');
    void read(id, stop.signal, (part) => setText((before) => (before + part).slice(-longest))).then(
      () => setOver(true),
      () => setOver(true),
    );
    return () => stop.abort();
  }, [id]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was added is what moves the end
  useEffect(() => {
    if (follows.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [text]);
  return (
    <>
      <h3>Log {over ? '' : <span className="tone-info">· being written</span>}</h3>
      <pre
        ref={box}
        className="run-log mono"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard
        tabIndex={0}
        role="log"
        aria-label={`Log of run ${id}`}
        onScroll={({ currentTarget }) => {
          follows.current = currentTarget.scrollHeight - currentTarget.scrollTop - currentTarget.clientHeight < 24;
        }}
      >
        {text === '' && over ? 'The log is empty.' : text}
      </pre>
    </>
  );
}

async function read(id: string, signal: AbortSignal, tell: (part: string) => void): Promise<void> {
  const response = await fetch(`/v1/run/log${searchOf({ id })}`, {
    headers: { accept: 'text/event-stream', ...credentials() },
    signal,
  });
  if (!response.ok || response.body === null) return;
  const decoder = new TextDecoder();
  const reader = response.body.getReader();
  let rest = '';
  for (let piece = await reader.read(); !piece.done; piece = await reader.read())
    rest = cutEvents(rest + decoder.decode(piece.value, { stream: true }), ({ event, data }) => {
      if (event === 'log') tell(data);
    });
}
