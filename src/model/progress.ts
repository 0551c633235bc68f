/** What the engine says while it works. It never prints: every face renders the same stream in its own way. */
export type Progress =
  | { readonly kind: 'phase'; readonly name: string }
  | { readonly kind: 'step'; readonly name: string; readonly done: number; readonly total: number }
  | { readonly kind: 'note'; readonly text: string };

export type Report = (progress: Progress) => void;
