/** Does something with each of many things, so many at a time; the answers are in their order. The first that fails ends it. */
export async function atATime<T, R>(most: number, things: readonly T[], work: (thing: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  const left = things.entries();
  const lane = async (): Promise<void> => {
    for (const [at, thing] of left) answers[at] = await work(thing);
  };
  await Promise.all(Array.from({ length: Math.min(most, things.length) }, lane));
  return answers;
}
