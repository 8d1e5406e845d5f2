import { createHash } from 'node:crypto';
import { ROLES, type Role } from './caller.js';

/** A key that a caller may bear, of which only the hash is known. */
export interface ApiKey {
  readonly name: string;
  readonly role: Role;
  /** SHA-256. */
  readonly digest: Buffer;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const DIGEST = /^[0-9a-f]{64}$/i;

/** What of a key is kept and compared. */
export function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

/**
 * Reads `name:sha256[:role]`, separated by commas; or says what is wrong with it, without repeating a thing, as it may be a
 * key that was taken for its hash. A name may have several keys, so that one can replace another.
 */
export function readApiKeys(text: string): readonly ApiKey[] | string {
  const keys: ApiKey[] = [];
  for (const [index, entry] of text.split(',').entries()) {
    const [name = '', digest = '', role = 'caller', ...rest] = entry.trim().split(':');
    if (!NAME.test(name) || !DIGEST.test(digest) || !isRole(role) || rest.length > 0)
      return `must be name:sha256[:role], separated by commas, with a SHA-256 hash in hex and the role ${ROLES.join(' or ')}; number ${index + 1} isn't`;
    const key = { name, role, digest: Buffer.from(digest, 'hex') };
    if (keys.some((other) => other.digest.equals(key.digest)))
      return `must not have a hash twice; number ${index + 1} is there already`;
    if (keys.some((other) => other.name === name && other.role !== role))
      return `must give a name one role; number ${index + 1} has another`;
    keys.push(key);
  }
  return keys;
}

function isRole(text: string): text is Role {
  return (ROLES as readonly string[]).includes(text);
}
