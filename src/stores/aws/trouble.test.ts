import { expect, it } from 'vitest';
import { awsTrouble } from './trouble.ts';

const named = (name: string, message: string) => Object.assign(new Error(message), { name });

it.each([
  ['CredentialsProviderError', 'Could not load credentials from any providers', 'KARMA_ACCESS', 'AWS_PROFILE'],
  [
    'CredentialsProviderError',
    'The SSO session associated with this profile has expired.',
    'KARMA_ACCESS',
    'sso login',
  ],
  ['ExpiredTokenException', 'The security token included in the request is expired', 'KARMA_ACCESS', 'sign in again'],
  ['AccessDeniedException', 'not authorized to perform: ssm:PutParameter', 'KARMA_ACCESS', 'doctor --policy'],
  ['Error', 'Region is missing', 'KARMA_NOT_CONFIGURED', 'AWS_REGION'],
  ['ThrottlingException', 'Rate exceeded', 'KARMA_UPSTREAM', 'try again'],
])('says after %s (%s) what to do next', (name, message, code, hint) => {
  expect(awsTrouble(named(name, message), 'reading /iac')).toMatchObject({
    code,
    hint: expect.stringContaining(hint),
    message: expect.stringContaining('reading /iac'),
  });
});
