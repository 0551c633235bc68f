import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { EngineContext } from '../../../engine/context.ts';
import { writeNamed } from '../../../engine/named-files.ts';
import { typeMarkdown } from '../../../engine/verbs/type-docs.ts';
import type { InferredType } from '../../../engine/verbs/type-infer.ts';
import { KarmaError } from '../../../model/errors.ts';
import { atOption, flagOption, type Verb } from '../command.ts';
import { count } from '../render/evidence.ts';

export const runInfer: Verb = async ({ args, options, output, context, ask }) => {
  const answer = await ask('type-infer', { name: args[0] ?? '', ...atOption(options) });
  if (output.json) {
    output.document(answer);
    return 0;
  }
  for (const { input, because } of answer.widened)
    output.talk(`${input} takes what Terraform converts: ${because} gives it something else than its type says`);
  for (const { input, because } of answer.elsewhere)
    output.talk(`${input} is asked for, and no file gives it to ${because}: whoever runs that says it`);
  for (const { input, file, line } of answer.beyond)
    output.talk(`a validation of ${input} is beyond what a schema can say: ${file}:${line}`);
  if (flagOption(options, 'schema')) {
    output.raw(`${JSON.stringify(answer.declaration.inputs, null, 2)}\n`);
    return 0;
  }
  const text = await asYaml(answer);
  if (!flagOption(options, 'write')) output.raw(text);
  else output.answer(`written: ${write(context, answer, text)}`);
  return 0;
};

async function asYaml({ declaration, name, users }: InferredType): Promise<string> {
  const { stringify } = await import('yaml');
  const { $schema: _, ...inputs } = declaration.inputs;
  const head = `# What ${name} takes, as its module and ${count(users, 'component')} show it. What is wrong here, say better.\n`;
  return head + stringify({ ...declaration, inputs }, { lineWidth: 120 });
}

/** Beside the module; never over a declaration that is there. */
function write(context: EngineContext, { module }: InferredType, text: string): string {
  const folder = context.request.cwd;
  const file = join(folder, module, 'component.yaml');
  if (module.includes(':') || !existsSync(join(folder, module)))
    throw new KarmaError('KARMA_USAGE', `${module} is not in this repository`, {
      hint: 'print it, and put it beside the module yourself',
    });
  if (existsSync(file))
    throw new KarmaError('KARMA_USAGE', `${join(module, 'component.yaml')} is there already`, {
      hint: 'print it, and compare the two',
    });
  writeNamed(context, file, text);
  return join(module, 'component.yaml');
}

export const runDocs: Verb = async ({ args, options, output, ask }) => {
  const answer = await ask('type-docs', { name: args[0] ?? '', ...atOption(options) });
  if (output.json) output.document(answer);
  else output.raw(typeMarkdown(answer));
  return 0;
};
