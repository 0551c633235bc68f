import type { FileView } from '../../model/file-view.ts';

/** Attributes by which Git writes other bytes into a work tree than a commit holds. */
const ofCheckout = /\s[-!]?(?:text|eol|crlf|ident|filter|working-tree-encoding|binary)\b/;

/** Whether a file tells Git to write others in another way: what a run reads there is no longer what it was. */
export function changesCheckout(before: FileView, after: FileView, file: string): boolean {
  if (!/(?:^|\/)\.gitattributes$/.test(file)) return false;
  const [was, is] = [before, after].map((view) => {
    const lines = (view.read(file) ?? '').split('\n').filter((line) => !line.startsWith('#'));
    // Attributes that are put together of others come in any line.
    const isOpen = lines.some((line) => line.startsWith('[attr]'));
    return lines.filter((line) => isOpen || ofCheckout.test(line)).join('\n');
  });
  return was !== is;
}
