import { describe, expect, it } from 'vitest';
import { readOidcSettings } from './oidc-settings.ts';

const good = { issuer: 'https://login.example.com', audience: 'karma', roles: [{ group: '*', role: 'viewer' }] };
const said = (more: object) => JSON.stringify({ ...good, ...more }, null, 1);

describe('whose tokens a service takes', () => {
  it('is said whole, and as text where there is no file', () => {
    expect(readOidcSettings(said({}))).toEqual(good);
  });

  it.each([
    [{ audience: undefined }, 'KARMA_OIDC:1: the file lacks the key "audience"'],
    [{ roles: [{ group: 'x', role: 'admin' }] }, '"roles.0.role" must be one of viewer, proposer, approver, operator'],
    [{ algorithms: ['none'] }, 'must be one of'],
    [{ algorithms: ['HS256'] }, 'must be one of'],
    [
      { issuer: 'http://login.example.com' },
      'KARMA_OIDC:2: issuer must be an address with https, or one of this machine',
    ],
    [{ jwks: 'file:///etc/passwd' }, 'jwks must be an address with https, or one of this machine'],
    [{ issuer: 'https://me:secret@login.example.com' }, 'issuer must be an address with https'],
    [{ audience: '' }, 'audience is empty'],
    [{ rolse: [] }, 'unknown key "rolse"; did you mean "roles"?'],
  ])('is refused with its place where it is wrong: %j', (more, message) => {
    expect(() => readOidcSettings(said(more))).toThrow(message);
    expect(() => readOidcSettings(said(more))).not.toThrow(/secret/);
  });

  it('is refused where the file is not there', () => {
    expect(() => readOidcSettings('/nowhere/oidc.yaml')).toThrow('/nowhere/oidc.yaml cannot be read: ENOENT');
  });
});
