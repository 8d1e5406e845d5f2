const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text can be looked up as an id at all; the database refuses others. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
}
