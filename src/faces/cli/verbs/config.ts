import { configPublishVerb, type ShownConfig, type ShownKey } from '../../../engine/verbs/config.ts';
import { answerTo } from '../../../engine/verbs/verb.ts';
import { printable } from '../../../model/printable.ts';
import { atOption, flagOption, textOption, type Verb } from '../command.ts';
import { count } from '../render/evidence.ts';
import { causeLines } from '../render/findings.ts';
import { table } from '../render/table.ts';

export const runShow: Verb = async ({ args, options, output, ask }) => {
  const commits = flagOption(options, 'explain');
  const shown = await ask('config', { id: args[0] ?? '', ...(commits ? { commits } : {}), ...atOption(options) });
  if (output.json) output.document(shown);
  else if (!flagOption(options, 'explain')) output.raw(`${JSON.stringify(shown.config, null, 2)}\n`);
  else
    output.answer(
      `${output.style.bold(shown.component)}  ${output.style.dim(shown.layers.join(' over '))}\n${table(
        shown.keys,
        [
          ...(shown.keys.some(({ deployment }) => deployment !== undefined)
            ? [{ title: 'DEPLOYMENT', value: ({ deployment = '' }: ShownKey) => deployment }]
            : []),
          { title: 'KEY', value: ({ pointer }) => pointer },
          { title: 'VALUE', value: ({ value }) => valueInWords(value) },
          { title: 'FROM', value: ({ file, line, preset }) => `${file}:${line}${preset === true ? ' (default)' : ''}` },
          ...(shown.keys.some(({ commit, uncommitted }) => commit !== undefined || uncommitted)
            ? [{ title: 'COMMIT', value: commitInWords }]
            : []),
          ...(shown.keys.some(({ over = [] }) => over.length > 0)
            ? [
                {
                  title: 'OVER',
                  value: ({ over = [] }: ShownKey) => over.map(({ file, line }) => `${file}:${line}`).join(', '),
                },
              ]
            : []),
        ],
        output.style,
      )}${askedInWords(shown.asked)}`,
    );
  return 0;
};

/** What stands in no file decided as well. */
function askedInWords(asked: ShownConfig['asked'] = []): string {
  if (asked.length === 0) return '';
  const named = asked.map(({ name, isSet }) => `${name} (${isSet ? 'set here' : 'not set'})`);
  return `\n\nit asks the environment for ${named.join(', ')}`;
}

function commitInWords({ commit, uncommitted }: ShownKey): string {
  if (commit === undefined) return uncommitted === true ? 'not committed' : '-';
  return `${commit.id.slice(0, 10)}  ${commit.at.slice(0, 10)}  ${printable(commit.author)}`;
}

/** What only a run knows is said in words. */
function valueInWords(value: unknown): string {
  if (value !== null && typeof value === 'object' && Object.hasOwn(value, '$unknown')) {
    const { $unknown: why, place } = value as { readonly $unknown: string; readonly place?: string };
    return place === undefined ? `not known: ${why}` : `\${${place}}`;
  }
  return JSON.stringify(value);
}

export const runValidate: Verb = async ({ args, options, output, ask }) => {
  const answer = await ask('config-validate', { select: args, ...atOption(options) });
  if (output.json) output.document(answer);
  else if (answer.findings.length === 0)
    output.answer(
      answer.judged === 0
        ? 'there was nothing to judge: no component has a schema, or a module that was read'
        : answer.judged === answer.components
          ? `${count(answer.components, 'component')}: every config validates`
          : `${count(answer.judged, 'component')}: every config validates; ${count(answer.components - answer.judged, 'component')} without a schema or a module that was read`,
    );
  else
    output.answer(
      [...causeLines(answer.causes, output.style), '', count(answer.findings.length, 'finding')].join('\n'),
    );
  return answer.findings.some(({ severity }) => severity === 'error') ? 2 : 0;
};

export const runPublish: Verb = async ({ args, options, output, context }) => {
  const answer = await answerTo(context, configPublishVerb, {
    select: args,
    all: flagOption(options, 'all'),
    dryRun: flagOption(options, 'dryRun'),
    binding: textOption(options, 'binding'),
  });
  const { published } = answer;
  const refused = published.filter(({ outcome }) => outcome === 'refused');
  if (output.json) output.document(answer);
  else {
    const told = published.filter(({ outcome }) => outcome !== 'unchanged');
    const unchanged = published.length - told.length;
    const rows = table(
      told,
      [
        { title: 'COMPONENT', value: ({ component }) => component },
        { title: 'BINDING', value: (row) => row.binding },
        { title: 'OUTCOME', value: ({ outcome }) => outcome },
        { title: 'VERSION', value: ({ version }) => (version === undefined ? '-' : String(version)), right: true },
        { title: 'REASON', value: ({ reason }) => reason ?? '' },
      ],
      output.style,
    );
    output.answer(
      [
        ...(rows === '' ? [] : [rows]),
        `${count(told.length - refused.length, 'config')} ${flagOption(options, 'dryRun') ? 'would be published' : 'published'}, ${unchanged} unchanged, ${refused.length} refused`,
      ].join('\n'),
    );
  }
  return refused.length > 0 ? 3 : 0;
};
