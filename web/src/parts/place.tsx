import { Copy } from './copy.tsx';
import './component-name.css';

/** A file and its line: where there is little room its folders go first. */
export function Place({
  file,
  line,
  copy = false,
}: {
  readonly file: string;
  readonly line?: number | undefined;
  readonly copy?: boolean;
}) {
  const whole = line === undefined ? file : `${file}:${line}`;
  const cut = whole.lastIndexOf('/') + 1;
  return (
    <span className="place">
      <bdi className="name mono" title={whole}>
        {cut > 0 && <span className="name-before place-part">{whole.slice(0, cut)}</span>}
        <span className="name-last place-part">{whole.slice(cut)}</span>
      </bdi>
      {copy && <Copy text={whole} what="the place" />}
    </span>
  );
}
