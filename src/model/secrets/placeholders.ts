const addresses = [
  // Where a secret is kept.
  '(?:/[\\w.-]{1,40}){2,}/?|/[a-z-]+',
  '(?:\\.{1,2}/|~/)[\\w./-]+',
  '(?:arn|ssm|vault|secretsmanager|secretmanager|env|file|awssm|gcpsm|akv|sops|keyvault|aws-ssm|op|ref\\+\\w+):.*',
  'projects/.*|https?://[^@?]*',
];
const stands = [
  // What something is put in place of.
  '\\$\\{[^}]*\\}|\\$\\$?\\([^)]*\\)|\\{\\{.*\\}\\}|\\$\\{\\{.*\\}\\}|\\$[A-Z_][A-Z0-9_]*|%\\{?[A-Z_]+\\}?%|@[A-Z_]+@',
  '<[^>]*>|\\[[^\\]]*\\]|__\\w+__|[*.xX•_-]+',
  '\\((?:redacted|sensitive|secret|known after apply|unknown)[^)]*\\)',
  // A digest under the estate's key, whole or shortened.
  '(?:sealed-)?[0-9a-f]{8}:(?:[0-9a-f]{64}|[0-9a-f]{8,}…[0-9a-f]*)',
];
const words = [
  // Words that stand for a value, or say that there is none.
  'null|none|nil|true|false|yes|no|on|off|string|number|bool|any|optional|required|unset|unknown|undefined',
  'redacted|hidden|sensitive|masked|encrypted|placeholder|dummy|todo|fixme|tbd|n/a',
  '(?:change|replace|fill|update|set|insert|enter|edit)[-_ ]?(?:me|this|it|in|here)',
  '(?:your|my)[-_ ](?:[a-z]+[-_ ])*(?:password|secret|token|key|here)',
  '(?:insert|put|enter|add)[-_ ][a-z _-]*here',
];
const exact = new RegExp(`^(?:${[...addresses, ...stands].join('|')})$`, 's');
const spoken = new RegExp(`^(?:${words.join('|')})$`, 'i');

/** Whether a text only names a secret that is kept elsewhere, or stands for one: nothing is given away by showing it. */
export function isPlaceholder(text: string): boolean {
  if (text === '') return true;
  if (text.length > 300) return false;
  const bare = text.trim();
  return exact.test(bare) || spoken.test(bare);
}
