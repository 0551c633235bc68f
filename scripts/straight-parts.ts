import { readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Metafile } from 'esbuild';

/**
 * Behind an `import()` stands a part of its own, also where all that it does is to hand on what another part holds. Who asks for
 * such a part asks for the other one instead: one file less to be found, read and linked.
 */
export function straightParts({ outputs }: Metafile): void {
  const files = Object.keys(outputs).filter((file) => file.endsWith('.js'));
  const codes = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]));
  const holders = new Map<string, string>();
  for (const [file, code] of codes) {
    const holder = handedOn(code);
    if (holder !== undefined) holders.set(basename(file), holder);
  }
  for (const [file, code] of codes) {
    const straight = code.replaceAll(/\bimport\("\.\/([\w.-]+)"\)/g, (whole, part: string) => {
      const holder = holders.get(part);
      return holder === undefined ? whole : `import("./${holder}")`;
    });
    if (straight !== code) writeFileSync(file, straight);
  }
}

/** The part whose exports these are, under the same names; the others that are imported stand beside it at the start anyway. */
function handedOn(code: string): string | undefined {
  const shape =
    /^((?:import "[^"]+";\n)*)import \{([^{}]*)\} from "\.\/([\w.-]+)";\n((?:import "[^"]+";\n)*)export \{([^{}]*)\};\n*$/;
  const [, , taken, holder, , given] = shape.exec(code) ?? [];
  return taken !== undefined && taken === given && !/\bas\b/.test(taken) ? holder : undefined;
}
