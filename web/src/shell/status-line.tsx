import { type Live, useLive } from '../api/live.ts';
import { Command } from '../parts/command.tsx';
import { useShownFoot } from './foot.ts';

const lives: Readonly<Record<Live, readonly [tone: string, word: string, about: string]>> = {
  connecting: ['none', 'connecting', 'asking the service to tell what happens'],
  live: ['ok', 'live', 'what happens shows by itself'],
  lost: ['bad', 'not connected', 'the service does not answer; what is shown was true when it last did'],
  off: ['none', 'snapshot', 'files as they were exported; nothing changes'],
};

/** What the page rests on, whether it is proved to be all, and the command that says the same. */
export function StatusLine() {
  const { view, complete, command } = useShownFoot();
  const live = useLive();
  const [tone, word, about] = lives[live];
  return (
    <footer className="foot">
      <span className={`foot-live tone-${tone}`} title={about} role="status">
        <span className="foot-dot" />
        {word}
      </span>
      {view !== undefined && (
        <span className="foot-view" title={`${view.label}, hash ${view.hash}`}>
          <bdi>{view.label}</bdi>
        </span>
      )}
      {complete !== undefined && (
        <span
          className={complete ? 'tone-ok' : 'tone-warn'}
          title={
            complete
              ? 'nothing that could not be read could change this answer'
              : 'something could not be read, so there may be more'
          }
        >
          {complete ? 'complete' : 'not proved to be all'}
        </span>
      )}
      {command !== undefined && (
        <span className="foot-command">
          <Command text={command} />
        </span>
      )}
    </footer>
  );
}
