import { writeNamed } from '../../../engine/named-files.ts';
import { drawFormats, drawThemes } from '../../../engine/verbs/draw.ts';
import type { PictureQuery } from '../../../engine/verbs/picture.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import { versionsForgetVerb } from '../../../engine/verbs/versions.ts';
import { KarmaError } from '../../../model/errors.ts';
import { hideInText } from '../../../model/secrets/text.ts';
import { choiceOption, flagOption, listOption, numberOption, type Options, textOption, type Verb } from '../command.ts';
import { table } from '../render/table.ts';

export const runDraw: Verb = async ({ args, options, output, context, ask }) => {
  const format = choiceOption(options, 'format', drawFormats) ?? 'svg';
  const drawn = await ask('draw', {
    ...askedPicture(options),
    select: [...args, ...listOption(options, 'filter')],
    format,
    theme: choiceOption(options, 'theme', drawThemes) ?? 'auto',
  });
  const { picture, caption, hidden } = drawn;
  const file = textOption(options, 'out');
  if (file !== undefined) writeNamed(context, file, hideInText(picture));
  if (output.json)
    output.document({
      format,
      caption,
      ...(hidden === undefined ? {} : { hidden }),
      ...(file === undefined ? { picture } : { file }),
    });
  else if (file === undefined) output.raw(picture.endsWith('\n') ? picture : `${picture}\n`);
  else output.answer(`${file}: ${caption}`);
  if (hidden !== undefined) output.talk(output.talkStyle.dim(hidden));
  return 0;
};

/** What a picture is to be of, as the options say it. */
function askedPicture(options: Options): PictureQuery {
  const lists = ['root', 'hide', 'find', 'open', 'impactOf'] as const;
  const texts = ['at', 'groupBy', 'compare', 'since', 'from', 'to'] as const;
  const depth = numberOption(options, 'depth');
  const limit = numberOption(options, 'limit', 1);
  const direction = choiceOption(options, 'direction', ['both', 'dependencies', 'dependents']);
  return {
    ...Object.fromEntries(
      lists.map((name) => [name, listOption(options, name)] as const).filter(([, given]) => given.length > 0),
    ),
    ...Object.fromEntries(
      texts.map((name) => [name, textOption(options, name)] as const).filter(([, given]) => given !== undefined),
    ),
    ...(depth === undefined ? {} : { depth }),
    ...(limit === undefined ? {} : { limit }),
    ...(direction === undefined ? {} : { direction }),
    ...(flagOption(options, 'tidy') ? { tidy: true } : {}),
  };
}

export const runVersions: Verb = async ({ options, output, ask }) => {
  const answer = await ask('versions', { limit: numberOption(options, 'limit', 1) ?? 20 });
  const { versions } = answer;
  if (output.json) output.document(answer);
  else if (versions.length === 0) output.answer('nothing was published yet: `karma build` publishes the first version');
  else
    output.answer(
      table(
        versions,
        [
          { title: 'VERSION', value: ({ version }) => `v${version}` },
          { title: 'AT', value: ({ at }) => at },
          { title: 'COMPONENTS', value: ({ counts }) => String(counts.components), right: true },
          { title: 'REFERENCES', value: ({ counts }) => String(counts.references), right: true },
          { title: 'ROWS', value: ({ changed }) => `+${changed.put} -${changed.removed}`, right: true },
          {
            title: 'SOURCE',
            value: ({ manifest }) => manifest.find(({ source }) => source === '')?.position.slice(0, 10) ?? '',
          },
          { title: 'HASH', value: ({ hash }) => hash.slice(0, 12) },
          { title: 'BY', value: ({ actor }) => actor },
        ],
        output.style,
      ),
    );
  return 0;
};

export const runForget: Verb = async ({ args, options, output, context }) => {
  const version = /^v?(\d+)$/.exec(args[0] ?? '')?.[1];
  if (version === undefined)
    throw new KarmaError('KARMA_USAGE', `\`${args[0] ?? ''}\` is no version`, { hint: 'write it as v40' });
  if (!flagOption(options, 'yes'))
    throw new KarmaError(
      'KARMA_DECLINED',
      `forgetting what was visible only before v${version} cannot be undone in the store`,
      { hint: 'say --yes; the ledger keeps the deltas, `karma store rebuild` brings them back' },
    );
  const answer = await answerTo(context, versionsForgetVerb, { before: Number(version) });
  if (output.json) output.document(answer);
  else output.answer(`forgot what was visible only before v${version}`);
  return 0;
};
