import type { Finding } from '../finding.ts';
import { hideInTexts } from './text.ts';

const shown = new WeakSet<Finding>();

/** A finding whose texts are fit to be kept and shown. It is looked at once: where it is found, and where it is written as a row. */
export function shownFinding(finding: Finding): Finding {
  if (shown.has(finding)) return finding;
  const fit = hideInTexts(finding);
  shown.add(fit);
  return fit;
}
