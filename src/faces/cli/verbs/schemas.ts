import { dirname, join, relative, resolve, sep } from 'node:path';
import { makeNamed, writeNamed } from '../../../engine/named-files.ts';
import type { SchemasAnswer } from '../../../engine/verbs/schemas.ts';
import { atOption, textOption, type Verb } from '../command.ts';
import { count } from '../render/evidence.ts';

export const runType: Verb = async ({ args, options, output, ask }) => {
  const answer = await ask('type-schema', { name: args[0] ?? '', ...atOption(options) });
  if (output.json) output.document(answer);
  else output.raw(`${JSON.stringify(answer.schema, null, 2)}\n`);
  return 0;
};

export const runAll: Verb = async ({ options, output, ask, context }) => {
  const answer = await ask('schemas', { ...atOption(options) });
  const out = textOption(options, 'out');
  const folder = out === undefined ? undefined : resolve(context.request.cwd, out);
  if (folder !== undefined)
    for (const { path, schema } of answer.files) {
      makeNamed(context, dirname(join(folder, path)));
      writeNamed(context, join(folder, path), `${JSON.stringify(schema, null, 2)}\n`);
    }
  if (output.json) {
    output.document(answer);
    return 0;
  }
  const where = folder === undefined ? '.karma/schemas' : relative(context.request.cwd, folder).split(sep).join('/');
  if (folder === undefined) output.talk('nothing is written: `karma schemas --out .karma/schemas` writes them');
  else output.talk(`written: ${count(answer.files.length, 'schema')} in ${where}`);
  output.talk('for VS Code, in .vscode/settings.json:');
  output.raw(`${JSON.stringify(settings(answer, where === '' ? '.' : where), null, 2)}\n`);
  output.talk('for others that use the YAML language server, as the first line of karma.yaml:');
  output.talk(`  # yaml-language-server: $schema=${where}/karma.schema.json`);
  return 0;
};

/** What binds schemas to files in VS Code: `json.schemas` is its own, `yaml.schemas` that of its YAML extension. */
function settings({ files }: SchemasAnswer, where: string): object {
  const bound = files.filter(({ fits }) => fits.length > 0).map((one) => ({ ...one, url: `./${where}/${one.path}` }));
  const isYaml = ({ fits }: (typeof bound)[number]) => fits.some((glob) => /\.ya?ml$/.test(glob));
  return {
    'json.schemas': bound
      .filter((one) => !isYaml(one))
      .map(({ fits, url }) => ({ fileMatch: fits.map((glob) => `/${glob}`), url })),
    'yaml.schemas': Object.fromEntries(bound.filter(isYaml).map(({ fits, url }) => [url, fits])),
  };
}
