import { printable } from '../../model/printable.ts';
import { hideInText, hideInTexts } from '../../model/secrets/text.ts';
import { capped } from './capped.ts';
import { tools } from './tools.ts';

/** What a tool says: a sentence for whoever reads along, and as much of the answer as a model can take in. */
export type ToolAnswer = {
  content: { type: 'text'; text: string }[];
  structuredContent: Record<string, unknown>;
};

/** @param cursor names a list and the place in it from which it goes on */
export function toolAnswer(
  { tool: name, cursor }: { readonly tool: string; readonly cursor?: string },
  answer: object,
): ToolAnswer {
  const whole = hideInTexts(answer) as Readonly<Record<string, unknown>>;
  const page = capped(whole, cursor);
  const cut = Object.entries(page.hidden)
    .map(([pointer, { total, shown }]) => `${pointer}: ${shown} of ${total}`)
    .join(', ');
  const sentence = tools.find((tool) => tool.name === name)?.sentence(whole) ?? '';
  const told = [sentence, ...(cut === '' ? [] : [`Cut: ${cut}.`])].join(' ');
  return {
    content: [{ type: 'text', text: printable(hideInText(told)) }],
    structuredContent: {
      ...page.answer,
      ...(cut === '' ? {} : { hidden: page.hidden }),
      ...(page.next === undefined ? {} : { next: page.next }),
    },
  };
}
