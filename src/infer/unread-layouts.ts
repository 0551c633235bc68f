import { byCodeUnit } from '../model/digest.ts';
import { type FileView, filePlace } from '../model/file-view.ts';
import type { Finding } from '../model/finding.ts';
import { findingKinds } from '../model/finding-codes.ts';
import type { UnreadLayout } from '../model/unread-layouts.ts';
import { unreadLayoutOf, unreadLayouts } from '../model/unread-layouts.ts';

interface Found {
  readonly layout: UnreadLayout;
  readonly files: readonly string[];
}

/** Layouts that are recognised in the names of an estate's files and not read: one finding a layout. O(files). */
export function unreadLayoutsIn(views: readonly FileView[]): Finding[] {
  const found = new Map<string, { readonly layout: UnreadLayout; readonly files: string[] }>();
  for (const view of views) {
    for (const path of view.files()) {
      const layout = unreadLayoutOf(path);
      if (layout === undefined || isAside(path)) continue;
      const place = filePlace(view.repo, path);
      const known = found.get(layout.name);
      if (known === undefined) found.set(layout.name, { layout, files: [place] });
      else known.files.push(place);
    }
  }
  const isThere = (form: RegExp) => views.some((view) => view.files().some((path) => form.test(path)));
  return unreadLayouts.flatMap(({ name, beside }) => {
    const one = found.get(name);
    return one === undefined || (beside !== undefined && !isThere(beside)) ? [] : [findingOf(one)];
  });
}

/** Downloaded, or an example: what stands there is not the estate's own. */
function isAside(path: string): boolean {
  return /(?:^|\/)(?:\.terraform|\.terragrunt-cache|\.git|node_modules|vendor|examples?|testdata|fixtures?|test-fixtures)\//i.test(
    path,
  );
}

function findingOf({ layout, files }: Found): Finding {
  const [first = '', ...others] = [...files].sort(byCodeUnit);
  const more = others.length === 0 ? '' : ` and ${others.length} more`;
  return {
    code: 'layout-not-read',
    severity: findingKinds['layout-not-read'].severity,
    subject: `layout ${layout.name}`,
    key: layout.name,
    message: `${layout.title} is recognised by ${first}${more}, and not read: ${layout.hides}`,
    evidence: [{ rule: 'layout-not-read', site: layout.wide ? '' : folderOver(files), file: first }],
  };
}

/** The innermost folder that holds all of some files; `''` where that is the whole estate. */
function folderOver(files: readonly string[]): string {
  const [first = [], ...others] = files.map((file) => file.split('/').slice(0, -1));
  let depth = first.length;
  for (const steps of others)
    while (depth > 0 && steps.slice(0, depth).join('/') !== first.slice(0, depth).join('/')) depth--;
  return first.slice(0, depth).join('/');
}
