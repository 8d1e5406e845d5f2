import { createHash } from 'node:crypto';

/**
 * Names for prepared statements: the same text, the same name, so that the server plans it once a connection.
 * Texts beyond the first `limit` stay unnamed, so that statements of varying length can't fill the server's memory.
 */
export function statementNames(limit = 500): (query: { readonly sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= limit) return '';
    const name = `clew_${createHash('sha256').update(sql).digest('base64url').slice(0, 32)}`;
    names.set(sql, name);
    return name;
  };
}
