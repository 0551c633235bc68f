import { isKarmaError, KarmaError } from '../../model/errors.ts';

const credentials =
  /^(AccessDenied|AccessDeniedException|UnrecognizedClientException|InvalidSignatureException|ExpiredToken|ExpiredTokenException|InvalidClientTokenId|IncompleteSignature|MissingAuthenticationToken.*|CredentialsProviderError|TokenProviderError|SignatureDoesNotMatch|OptInRequired)$/;

/** What an AWS SDK threw, as an error with a next step. `doing` is a phrase: `reading /iac in prod`. */
export function awsTrouble(error: unknown, doing: string): KarmaError {
  if (isKarmaError(error)) return error;
  const name = error instanceof Error ? error.name : 'Error';
  const message = error instanceof Error ? error.message : String(error);
  const details = { aws: name };
  if (credentials.test(name)) {
    return new KarmaError('KARMA_ACCESS', `${doing}: ${name}: ${message}`, {
      hint: 'see who you are with: aws sts get-caller-identity; the rights needed: karma doctor',
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
