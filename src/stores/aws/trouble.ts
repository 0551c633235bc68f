import { isKarmaError, KarmaError } from '../../model/errors.ts';

const credentials =
  /^(AccessDenied|AccessDeniedException|UnrecognizedClientException|InvalidSignatureException|ExpiredToken|ExpiredTokenException|InvalidClientTokenId|IncompleteSignature|MissingAuthenticationToken.*|CredentialsProviderError|TokenProviderError|SignatureDoesNotMatch|OptInRequired)$/;

const expired = /^ExpiredToken|expired|SSO session/i;
const nobody = /^CredentialsProviderError|^MissingAuthenticationToken/;

/** What to do where AWS does not take one for somebody. */
export function credentialsHint(name: string, message: string): string {
  if (expired.test(name) || expired.test(message)) return 'sign in again, as with: aws sso login';
  if (nobody.test(name))
    return 'say who you are: AWS_PROFILE, AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or `profile` beside the store in karma.yaml';
  return 'see who you are with: aws sts get-caller-identity; the rights needed: karma doctor --policy';
}

/** What an AWS SDK threw, as an error with a next step. `doing` is a phrase: `reading /iac in prod`. */
export function awsTrouble(error: unknown, doing: string): KarmaError {
  if (isKarmaError(error)) return error;
  const name = error instanceof Error ? error.name : 'Error';
  const message = error instanceof Error ? error.message : String(error);
  const details = { aws: name };
  if (credentials.test(name)) {
    return new KarmaError('KARMA_ACCESS', `${doing}: ${name}: ${message}`, {
      hint: credentialsHint(name, message),
      details,
      cause: error,
    });
  }
  if (message === 'Region is missing') {
    return new KarmaError('KARMA_NOT_CONFIGURED', `${doing}: which region is not said`, {
      hint: 'set AWS_REGION, take a profile that has one, or say `region` beside the store in karma.yaml',
      details,
      cause: error,
    });
  }
  return new KarmaError('KARMA_UPSTREAM', `${doing}: ${name}: ${message}`, {
    hint: 'try again; karma doctor checks what can be reached',
    details,
    cause: error,
  });
}

export function isNamed(error: unknown, ...names: readonly string[]): boolean {
  return error instanceof Error && names.includes(error.name);
}
