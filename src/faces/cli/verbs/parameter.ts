import type { ShownParameter } from '../../../engine/hide-parameters.ts';
import {
  exportParameters,
  parameterHistoryVerb,
  parameterImportVerb,
  parameterPutVerb,
  parametersVerb,
  parameterVerb,
} from '../../../engine/verbs/parameters.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import { KarmaError } from '../../../model/errors.ts';
import { printable } from '../../../model/printable.ts';
import { type Call, flagOption, textOption, type Verb } from '../command.ts';
import { givenText } from '../given-text.ts';
import type { Output } from '../output.ts';
import { table } from '../render/table.ts';

export const runGet: Verb = async ({ args, options, output, context }) => {
  const query = { name: args[0] ?? '', binding: textOption(options, 'binding') };
  const answer = await answerTo(context, parameterVerb, query, revealed(options));
  const { parameter } = answer;
  sayHidden([parameter], output);
  if (output.json) output.document(answer);
  else
    output.answer(
      parameter.value === undefined ? `(SecureString, digest ${parameter.digest})` : printable(parameter.value),
    );
  return 0;
};

function revealed(options: Call['options']) {
  return { here: { reveal: flagOption(options, 'reveal') } };
}

function sayHidden(parameters: readonly ShownParameter[], output: Output): void {
  const hidden = parameters.filter((one) => one.hidden === true).length;
  if (hidden > 0)
    output.talk(`${hidden === 1 ? 'a secret is' : `secrets in ${hidden} values are`} not shown: --reveal shows all`);
}

const types = ['String', 'StringList', 'SecureString'] as const;

export const runPut: Verb = async ({ args, options, output, context }) => {
  const [name = '', given] = args;
  const type = types.find((one) => one === textOption(options, 'type'));
  if (type === undefined)
    throw new KarmaError('KARMA_USAGE', `a parameter is not of type ${textOption(options, 'type') ?? ''}`, {
      hint: `one of ${types.join(', ')}`,
    });
  if (given === undefined)
    throw new KarmaError('KARMA_USAGE', `no value for ${name}`, {
      hint: 'give it as the second word, or `-` to read it from stdin',
    });
  const value = given === '-' ? (await givenText('-', 'the value is read from there')).replace(/\n$/, '') : given;
  const answer = await answerTo(context, parameterPutVerb, {
    ...{ name, value, type },
    binding: textOption(options, 'binding'),
  });
  const { written } = answer;
  if (output.json) output.document(answer);
  else output.answer(`${name} is now version ${written.version} in ${written.binding}`);
  return 0;
};

export const runList: Verb = async ({ args, options, output, context }) => {
  // Without values there is nothing to hide.
  const here = output.json ? revealed(options) : { here: { reveal: true } };
  const query = { path: args[0] ?? '/', binding: textOption(options, 'binding') };
  const answer = await answerTo(context, parametersVerb, query, here);
  const { parameters } = answer;
  if (output.json) {
    sayHidden(parameters, output);
    output.document(answer);
  } else if (output.quiet) output.answer(parameters.map(({ name }) => name).join('\n'));
  else if (parameters.length === 0) output.answer('no parameters');
  else
    output.answer(
      table(
        parameters,
        [
          { title: 'NAME', value: ({ name }) => name },
          { title: 'VERSION', value: ({ version }) => String(version), right: true },
          { title: 'TYPE', value: ({ type }) => type },
          { title: 'MODIFIED', value: ({ modifiedAt }) => modifiedAt },
          { title: 'BY', value: ({ modifiedBy }) => modifiedBy },
        ],
        output.style,
      ),
    );
  return 0;
};

export const runHistory: Verb = async ({ args, options, output, context }) => {
  const query = { name: args[0] ?? '', binding: textOption(options, 'binding') };
  const answer = await answerTo(context, parameterHistoryVerb, query, revealed(options));
  const { versions } = answer;
  sayHidden(versions, output);
  if (output.json) output.document(answer);
  else
    output.answer(
      table(
        [...versions].reverse(),
        [
          { title: 'VERSION', value: ({ version }) => String(version), right: true },
          { title: 'MODIFIED', value: ({ modifiedAt }) => modifiedAt },
          { title: 'BY', value: ({ modifiedBy }) => modifiedBy },
          { title: 'DIGEST', value: ({ digest }) => digest.slice(0, 20) },
        ],
        output.style,
      ),
    );
  return 0;
};

export const runImport: Verb = async ({ args, options, output, context }) => {
  const file = args[0] ?? '';
  const answer = await answerTo(context, parameterImportVerb, {
    dump: await givenText(file, 'name a file that `aws ssm get-parameters-by-path` wrote, or `-` for stdin'),
    binding: textOption(options, 'binding'),
  });
  const { imported } = answer;
  if (output.json) output.document(answer);
  else {
    output.answer(`${imported.added} versions taken into ${imported.binding}, ${imported.same} were there`);
    for (const { name, version } of imported.conflicts)
      output.talk(`kept what is here: ${name} version ${version} differs`);
    for (const { name, reason } of imported.skipped) output.talk(`passed over: ${name} ${reason}`);
  }
  return 0;
};

export const runExport: Verb = async ({ args, options, output, context }) => {
  const reveal = flagOption(options, 'reveal');
  const { dump, without } = await exportParameters(context, args[0] ?? '/', {
    reveal,
    binding: textOption(options, 'binding'),
  });
  if (without > 0) output.talk(`${without} values hold secrets and are left out: --reveal exports them too`);
  // As AWS prints it, so that AWS and `karma parameter import` take it, with or without --json.
  output.raw(`${JSON.stringify(dump, null, 2)}\n`);
  return 0;
};
