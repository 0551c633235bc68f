import { createRequire } from 'node:module';

/**
 * A module of this program that takes long to load and that most questions do without: brought when it is first asked for. It
 * stands beside the file that asks, in a checkout as in the bundle (`scripts/build.ts` names it as a part of its own).
 *
 * @param name of its file, without the ending
 * @param from where the one who asks stands, `import.meta.url`
 */
export function lateModule<Exports>(name: string, from: string): () => Exports {
  let brought: Exports | undefined;
  return () => {
    brought ??= createRequire(from)(`./${name}${from.endsWith('.ts') ? '.ts' : '.js'}`) as Exports;
    return brought;
  };
}
