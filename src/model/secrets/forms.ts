/**
 * Secrets that are known by their form alone, as those who issue them describe it. Shorter ones than an issuer makes count too:
 * the prefix says what it is meant to be. Sources: the issuers' own pages on the formats of their tokens.
 */
export interface SecretForm {
  readonly form: RegExp;
  /** In words, without the value. */
  readonly why: string;
}

const tail = '[A-Za-z0-9_-]';

/** A prefix that nothing else begins with, and at least so many characters behind it. */
function prefixed(prefix: string, least: number, why: string, characters = tail): SecretForm {
  return { form: new RegExp(`(?<![A-Za-z0-9])(?:${prefix})${characters}{${least},}`, 'g'), why };
}

export const secretForms: readonly SecretForm[] = [
  {
    form: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END)[\s\S])*(?:-----END [A-Z0-9 ]*-----)?/g,
    why: 'a private key',
  },
  { form: /\b(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b/g, why: 'an AWS access key id' },
  prefixed('gh[pousr]_', 16, 'a GitHub token'),
  prefixed('github_pat_', 16, 'a GitHub token'),
  prefixed('gl(?:pat|ptt|dt|rt|cbt|ft|soat|agent|imt|oas|ffct)-', 12, 'a GitLab token', '[A-Za-z0-9_.-]'),
  prefixed('GR1348941', 12, 'a GitLab token'),
  prefixed('xox[a-z](?:\\.xox[a-z])?-|xapp-', 10, 'a Slack token'),
  { form: /(?<=hooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]{8,}/g, why: 'a Slack webhook' },
  { form: /(?<=discord(?:app)?\.com\/api\/webhooks\/)[\w/-]{8,}/g, why: 'a Discord webhook' },
  {
    form: /(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(?:\.[A-Za-z0-9_-]*){0,3}/g,
    why: 'a JSON web token',
  },
  prefixed('AIza', 20, 'a Google API key'),
  prefixed('ya29\\.', 16, 'a Google access token'),
  prefixed('GOCSPX-', 16, 'a Google client secret'),
  prefixed('(?:sk|rk)_(?:live|test)_|whsec_', 12, 'a Stripe key'),
  prefixed('sk-(?:ant-|proj-|svcacct-|or-)?', 20, 'an API key'),
  prefixed('SG\\.', 16, 'a SendGrid key', '[A-Za-z0-9_.-]'),
  prefixed('npm_|pypi-|rubygems_|oy2', 32, 'a token of a package registry'),
  prefixed('dckr_(?:pat|oat)_', 12, 'a Docker token'),
  prefixed('do[opr]_v1_', 16, 'a DigitalOcean token'),
  prefixed('hv[sbr]\\.', 12, 'a Vault token', '[A-Za-z0-9_.-]'),
  { form: /(?<![A-Za-z0-9])[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{16,}/g, why: 'a HCP Terraform token' },
  prefixed('glc_|glsa_|eyJrIjoi', 20, 'a Grafana token', '[A-Za-z0-9_+/=-]'),
  prefixed('dapi', 28, 'a Databricks token', '[a-f0-9-]'),
  prefixed('shp(?:at|ca|pa|ss|ua)_', 16, 'a Shopify token'),
  prefixed('lin_api_|ntn_|secret_', 32, 'an API key'),
  prefixed('NRAK-|NRII-|NRJS-', 16, 'a New Relic key'),
  prefixed('PMAK-', 20, 'a Postman key'),
  prefixed('key-', 32, 'a Mailgun key', '[0-9a-f]'),
  prefixed('sl\\.', 60, 'a Dropbox token'),
  prefixed('hf_', 24, 'a Hugging Face token'),
  prefixed('ATATT3|ATCTT3|ATBB', 20, 'an Atlassian token', '[A-Za-z0-9_=-]'),
  prefixed('CCIPAT_|CCIPRJ_', 16, 'a CircleCI token'),
  prefixed(
    '(?:bkua|dop|figd|fio-u|tfp|ops|sbp|sbs|rnd|phc|phx|lsv2_pt|lsv2_sk|pul|dt0[cs]0[0-9]\\.|AGE-SECRET-KEY-1)_?',
    30,
    'an API key',
  ),
  {
    form: /(?<=AccountKey=|SharedAccessKey=|SharedAccessSignature=)[^;"'\s\\]{8,}/g,
    why: 'a key in a connection string',
  },
];

/** No form is met by fewer characters. */
export const shortestForm = 15;

/** Some text that every form holds: a look at it is cheap, and most texts hold none. */
export const mayHaveForm = new RegExp(
  [
    'PRIVATE KEY|A3T|AKIA|ASIA|ABIA|ACCA|gh[pousr]_|github_pat_|gl[a-z]{2,5}-|GR1348941|xox|xapp-|slack\\.com|discord',
    'eyJ|AIza|ya29|GOCSPX|[sr]k_|whsec_|sk-|SG\\.|npm_|pypi-|rubygems_|oy2|dckr_|do[opr]_v1|hv[sbr]\\.|atlasv1|glc_|glsa_',
    'dapi|shp|lin_api_|ntn_|secret_|NR|PMAK|key-|sl\\.|hf_|AT|CCI|bkua|dop|figd|fio-|tfp|ops|sb[ps]|rnd|ph[cx]|lsv2|pul|dt0|AGE-|Key=|Signature=',
  ].join('|'),
);
