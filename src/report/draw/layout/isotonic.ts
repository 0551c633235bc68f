/** The non-decreasing sequence nearest to the given one in the weighted square. Ayer et al. 1955; O(n). */
export function isotonic(values: readonly number[], weights: readonly number[]): number[] {
  const means: number[] = [];
  const masses: number[] = [];
  const sizes: number[] = [];
  for (let place = 0; place < values.length; place++) {
    let mean = values[place] ?? 0;
    let mass = weights[place] ?? 1;
    let size = 1;
    for (let last = means.at(-1); last !== undefined && last > mean; last = means.at(-1)) {
      means.pop();
      const before = masses.pop() ?? 0;
      mean = (last * before + mean * mass) / (before + mass);
      mass += before;
      size += sizes.pop() ?? 0;
    }
    means.push(mean);
    masses.push(mass);
    sizes.push(size);
  }
  return means.flatMap((mean, block) => new Array<number>(sizes[block] ?? 0).fill(mean));
}
