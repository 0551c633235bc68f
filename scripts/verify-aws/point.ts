/** One point of docs/neptune.md. `verify` says what was seen, or throws. */
export interface Point {
  readonly id: string;
  readonly title: string;
  verify(): Promise<string>;
}

export function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}
