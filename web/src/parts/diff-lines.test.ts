import { expect, it } from 'vitest';
import { filesOfDiff } from './diff-lines.ts';

const diff = `diff --git a/iac/prod/vpc/main/config.json b/iac/prod/vpc/main/config.json
index 1..2 100644
--- a/iac/prod/vpc/main/config.json
+++ b/iac/prod/vpc/main/config.json
@@ -1,3 +1,3 @@
 {
-  "cidr": "10.20.0.0/16",
+  "cidr": "10.30.0.0/16",
--- what looks like a head, and is a line that goes
diff --git a/a b.txt b/a b.txt
new file mode 100644
index 0..1
--- /dev/null
+++ b/a b.txt
@@ -0,0 +1 @@
+x
diff --git a/old.tf b/new.tf
similarity index 100%
rename from old.tf
rename to new.tf
diff --git a/gone b/gone
deleted file mode 100644
index 1..0
`;

it('tells files, how each came by its lines, and what kind a line is', () => {
  const files = filesOfDiff(diff);
  expect(files.map(({ path, how }) => [path, how])).toEqual([
    ['iac/prod/vpc/main/config.json', 'changed'],
    ['a b.txt', 'new'],
    ['new.tf', 'moved'],
    ['gone', 'gone'],
  ]);
  expect(files[0]?.lines.map(({ kind }) => kind)).toEqual(['hunk', 'same', 'removed', 'added', 'removed']);
  expect(files[1]?.lines.at(-1)).toEqual({ kind: 'added', text: 'x' });
});

it('says of something else that it has no files', () => {
  expect(filesOfDiff('')).toEqual([]);
  expect(filesOfDiff('nothing')).toEqual([]);
});
