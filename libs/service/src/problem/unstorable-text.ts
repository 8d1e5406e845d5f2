/** Half a pair of surrogates: no character. */
const HALF_A_CHARACTER = /\p{Surrogate}/u;

/**
 * The paths of texts, and of names of fields, that no database text can hold: with U+0000 in them, or half a character.
 * `value` has no more than a few levels.
 */
export function unstorableTexts(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return isStorable(value) ? [] : [path];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, field]) =>
    isStorable(name) ? unstorableTexts(field, path ? `${path}.${name}` : name) : [path],
  );
}

function isStorable(text: string): boolean {
  return !text.includes('\0') && !HALF_A_CHARACTER.test(text);
}
