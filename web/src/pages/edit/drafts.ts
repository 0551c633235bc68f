import type { Json } from '../../../../src/model/digest.ts';

/** What somebody was writing and left without proposing it: there again when they come back to the page, gone with the tab. */
const drafts = new Map<string, Json>();

export function draftOf(component: string): Json | undefined {
  return drafts.get(component);
}

export function keepDraft(component: string, draft: Json | undefined): void {
  if (draft === undefined) drafts.delete(component);
  else drafts.set(component, draft);
}
