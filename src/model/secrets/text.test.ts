import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hideInText, hideInTexts } from './text.ts';

const planted = 'Pl4nted.s3cret';
const longer = 'Pl4ntedS3cretPl4ntedS3cretPl4ntedS3cret0';
const b64 = (text: string) => Buffer.from(text).toString('base64');

describe('a secret in a text is hidden', () => {
  it.each([
    `password = "${planted}"`,
    `  password="${planted}" # why`,
    `master_passwords = ["${planted}", "${planted}2"]`,
    `api_keys: [ '${planted}' ]`,
    `tokens = { ci = "${planted}", cd = var.x }`,
    `jsonencode({password = "${planted}"})`,
    `jsonencode({ "dbPassword" : "${planted}" })`,
    `{\\"password\\": \\"${planted}\\"}`,
    `password: ${planted}\nuser: me`,
    `export PGPASSWORD=${planted}; psql`,
    `TF_VAR_db_password=${planted}`,
    `-var password=${planted}`,
    `-var=db_password=${planted}`,
    `-backend-config="password=${planted}"`,
    `--token=${planted}`,
    `--token ${planted} --verbose`,
    `--api-key '${planted}'`,
    `["curl", "--token", "${planted}"]`,
    `curl -u bob:${planted} https://example.com`,
    `["curl", "-u", "bob:${planted}"]`,
    `curl --user bob:${planted}`,
    `mysql -h db -p${planted} -e x`,
    `sshpass -p ${planted} ssh me@host`,
    `//registry.example.com/:_authToken=${planted}`,
    `machine example.com login me password ${planted}`,
    `docker login -u me -p ${planted}`,
    `Authorization: Bearer ${planted}`,
    `"Authorization" = "Bearer ${planted}"`,
    `curl -H 'Authorization: token ${planted}'`,
    `Authorization: Basic ${b64(`bob:${planted}`)}`,
    `{"auths":{"registry.example.com":{"auth":"${b64(`bob:${planted}`)}"}}}`,
    `//registry.example.com/:_auth=${b64(`bob:${planted}`)}`,
    `X-Api-Key: ${planted}`,
    `postgres://admin:${planted}@db.example.com/x`,
    `postgres://admin:p@ss/${planted}@db.example.com/x`,
    `git::https://user:${planted}@example.com/modules.git//vpc?ref=v1`,
    `https://${longer}@example.com/x.git`,
    `redis://:${planted}@cache:6379/0`,
    `bob:${planted}@tcp(db:3306)/x`,
    `scott/${planted}@//db:1521/x`,
    `bob:${planted}@db.example.com:5432/x`,
    `Server=db;User Id=sa;Password=${planted};Encrypt=true`,
    `DefaultEndpointsProtocol=https;AccountName=x;AccountKey=${longer}==;EndpointSuffix=core.windows.net`,
    `https://example.com/hook?token=${planted}&x=1`,
    `https://x.blob.core.windows.net/a?sv=2020&sig=${planted}%3D`,
    `git::ssh://git@example.com/x.git?sshkey=${longer}`,
    `https://bucket.s3.amazonaws.com/k?X-Amz-Signature=${planted}`,
    `https://hooks.slack.com/services/T000/B000/${longer}`,
    `ghp_${longer}`,
    `see github_pat_${longer}, please`,
    `glpat-${longer}`,
    `xoxb-1234-${longer}`,
    `sk_live_${longer}`,
    `sk-proj-${longer}`,
    `AIza${longer}`,
    `npm_${longer}`,
    `hvs.${longer}`,
    `eyJhbGciOiJIUzI1NiJ9.${longer}.${longer}`,
    `-----BEGIN RSA PRIVATE KEY-----\n${longer}\n-----END RSA PRIVATE KEY-----`,
    `"-----BEGIN PRIVATE KEY-----\\n${longer}\\n-----END PRIVATE KEY-----"`,
    `secret_access_key = "${longer}"`,
    `password = var.prod ? "${planted}" : "x${planted}"`,
    `password = coalesce(var.password, "${planted}")`,
    `password = sensitive("${planted}")`,
    `password = try(local.x["y"], "${planted}")`,
    `password = get_env("DB_PASSWORD", "${planted}")`,
    `password = "${planted}-\${var.suffix}"`,
    `password = <<EOT\n${planted}\nEOT\n`,
    `password == "${planted}"`,
    b64(`{"user":"me","password":"${planted}"}`),
    `user_data = "${b64(`export DB_PASSWORD=${planted}`)}"`,
  ])('%s', (text) => {
    const hidden = hideInText(text);
    for (const form of [planted, longer, b64(planted).slice(0, 12), b64(`bob:${planted}`)])
      expect(hidden).not.toContain(form);
    expect(hidden).toContain('(redacted)');
  });
});

describe('what only names a secret, or stands for one, stays readable', () => {
  it.each([
    'password = var.db_password',
    'password = random_password.db.result',
    'password = data.aws_secretsmanager_secret_version.x.secret_string',
    'password = module.db["main"].password',
    'password = "${var.prefix}"',
    'password = ""',
    'password = null',
    'password = "changeme"',
    'password = "CHANGE_ME"',
    'password = "<your password>"',
    'password = file("secret.txt")',
    'token = get_env("GITHUB_TOKEN")',
    'secret_arn = "arn:aws:secretsmanager:eu-west-1:1:secret:x"',
    'secret = "arn:aws:secretsmanager:eu-west-1:1:secret:x"',
    'db_password: /app/db/password',
    'variable "password" { type = string }',
    'object({ password = string, token = optional(string) })',
    'password_policy = "strong"',
    'max_tokens = 4096',
    'git::https://example.com/modules.git//vpc?ref=v1',
    'git::ssh://git@github.com/org/repo.git?ref=v1',
    'git@github.com:org/repo.git',
    'https://example.com:8443/a@b',
    'nginx:1.25@sha256:0a1b2c3d',
    'mailto:me@example.com',
    'docker run -u 1000:1000 -p 8080:80 nginx',
    'auth = "iam"',
    'auth: oauth2authcode',
    'Bearer tokens are checked here',
    'which token: see the wiki? no, an authentication scheme: Basic authentication',
    'postgres://admin:${var.password}@db.example.com/x',
    'postgres://admin:(redacted)@db.example.com/x',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    '4e1243bd22c66e76c2ba9eddc1f91394e57f9f83',
    'data.aws_ssm_parameter.vpc.name',
    '"${var.iac_prefix}/vpc/${local.config.vpc_nickname}/runtime"',
  ])('%s', (text) => {
    const prose = text.startsWith('which token');
    if (prose) expect(hideInText(text)).not.toContain('(redacted) wiki');
    else expect(hideInText(text)).toBe(text);
  });
});

describe('any text', () => {
  it('property: hiding twice is hiding once, and what needs nothing is the same object', () => {
    const words = fc.constantFrom(
      'password',
      '=',
      '"',
      "'",
      '\\',
      ' ',
      ':',
      '@',
      '://',
      'token',
      'x1',
      '(',
      '[',
      '{',
      ',',
      '\n',
      '<<E',
      '-u',
      '--',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 40 }), (parts) => {
        const text = parts.join('');
        const once = hideInText(text);
        expect(hideInText(once)).toBe(once);
      }),
    );
    const plain = { a: ['x', { b: 'y' }], c: 1 };
    expect(hideInTexts(plain)).toBe(plain);
  });

  it.each([
    'password=',
    'password = [',
    "password='",
    'a:b',
    'x://u:',
    '--token ',
    'login -',
    'eyJ',
    'A',
    '"password" : "\\',
  ])('is looked through in a time that grows with its length: %s', (part) => {
    expect(hideInText(part.repeat(200_000 / part.length)).length).toBeGreaterThan(0);
  });
});
