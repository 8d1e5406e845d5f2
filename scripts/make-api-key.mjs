/**
 * Makes an API key: node scripts/make-api-key.mjs <name> [caller|operator]
 *
 * Prints the key, for the caller, and what goes into CLEW_API_KEYS, which doesn't give the key away.
 */
import { createHash, randomBytes } from 'node:crypto';

const [name, role = 'caller'] = process.argv.slice(2);
if (!name || !/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name) || !['caller', 'operator'].includes(role)) {
  process.stderr.write('Usage: node scripts/make-api-key.mjs <name> [caller|operator]\n');
  process.exit(1);
}
// By its beginning it is known for a key wherever it turns up.
const key = `clewkey_${randomBytes(32).toString('base64url')}`;
const hash = createHash('sha256').update(key).digest('hex');
process.stdout.write(
  `key            ${key}\nCLEW_API_KEYS  ${name}:${hash}${role === 'caller' ? '' : `:${role}`}\n`,
);
