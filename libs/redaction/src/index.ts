/**
 * What may be printed of a text: passwords, keys and e-mail addresses are taken out of it. Pure, and imports nothing.
 *
 * Guarantees: of a URL with a password the password is gone, wherever it stands, and user and host remain; so are the keys of
 * `Authorization` headers, keys that `scripts/make-api-key.mjs` made, and what is assigned to a name like `password`; of an
 * e-mail address the first letter and the domain remain. Takes time in proportion to the text, whatever is in it.
 *
 * Doesn't know a secret that stands alone and looks like any other word: nobody should print it.
 */
export { redacted } from './redacted.js';
