/**
 * Words that stand for something that somebody is to fill in: in angle or curly brackets, in the words of samples, or in
 * capitals with underscores, which no bucket is called. Nobody keeps a state of such a name.
 */
const placeholders: readonly RegExp[] = [
  /<[^<>/]{1,60}>/g,
  /\{\{[^{}]{1,60}\}\}/g,
  /%[A-Za-z]\w{1,60}%/g,
  /__[A-Za-z]\w{1,60}__/g,
  /@@?[A-Z]\w{1,60}@@?/g,
  /\b_{0,2}(?:update|change|replace|fill|edit|set|put|insert|enter)[-_ ]?(?:me|this|here|it|in)(?:[-_][a-z0-9]+)*_{0,2}\b/gi,
  /\b(?:todo|tbd|fixme|x{4,}|placeholder)\b/gi,
  /(?<![A-Za-z0-9_-])your[-_ ](?:[a-z0-9]+[-_ ])*(?:bucket|state|container|storage[-_ ]?account|account|org|organi[sz]ation|key|name|project)(?:[-_ ](?:name|here|id))*(?![A-Za-z0-9_-])/gi,
  /(?<![A-Za-z0-9_-])[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?![A-Za-z0-9_-])/g,
];

/** A text with its placeholders as holes, `${UPDATE_ME}`; the text itself where there is none. */
export function withoutPlaceholders(text: string): string {
  let shown = text;
  for (const form of placeholders)
    shown = shown.replace(form, (found, at: number) =>
      shown.slice(0, at).endsWith('${') ? found : `\${${found.replace(/[${}<>]/g, '')}}`,
    );
  return shown;
}
