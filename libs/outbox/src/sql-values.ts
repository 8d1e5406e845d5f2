/**
 * Many values as one parameter that a statement casts to an array of their type, `$1::uuid[]` say, as PostgreSQL writes arrays.
 *
 * An array that is handed to Prisma as one is walked through, copied and quoted by each of the layers below, element by element;
 * a text goes through them as it is. In batches of a hundred that is most of what a statement costs its process.
 */
export function sqlArray(values: readonly (string | number | boolean | null)[]): string {
  return `{${values.map(element).join()}}`;
}

/**
 * Many JSON texts as one parameter, for `json_array_elements($1::json)`: other than in an array of texts nothing in them has to be
 * quoted. Beside other columns: `ROWS FROM (unnest($1::uuid[]), json_array_elements($2::json))`.
 */
export function jsonArray(texts: readonly string[]): string {
  return `[${texts.join()}]`;
}

function element(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return value === null ? 'NULL' : String(value);
  return NEEDS_NO_QUOTES.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** Ids, for example. A word like `null` is letters, too, and has to be quoted. */
const NEEDS_NO_QUOTES = /^[0-9a-f]{8}-[0-9a-f-]{27}$/;
