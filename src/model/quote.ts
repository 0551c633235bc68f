/**
 * Names come from whoever wrote the estate. In whatever is made for another program they are data: one function for each
 * language that is written. Markdown's are in `report/markdown-parts.ts`.
 */

/**
 * A text as a POSIX shell, zsh included, takes it back as one word. Control characters are written as escapes, so that a
 * copied line stays one line.
 */
export function shellWord(text: string): string {
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(text)) return text;
  if (!/[\u0000-\u001f\u007f]/.test(text)) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "\\'")
    .replace(/[\u0000-\u001f\u007f]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
  return `$'${escaped}'`;
}

/** A text as a YAML string: a JSON string is one, in every version of YAML. */
export function yamlString(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** The value of a variable in a GitLab pipeline, where `$` would begin another variable. */
export function gitlabVariable(text: string): string {
  return yamlString(text.replaceAll('$', '$$$$'));
}
