/** A reason for people, short enough for a message header. Of a validation error it names the fields. */
export function describeFault(error: unknown): string {
  return textOf(error).replace(/\s+/g, ' ').trim().slice(0, 1_000);
}

function textOf(error: unknown): string {
  if (!(error instanceof Error))
    return typeof error === 'string' ? error : (JSON.stringify(error) ?? 'undefined');
  const fields = fieldMessages(error);
  const text = `${error.name}: ${error.message}`;
  return fields.length > 0 ? `${text}: ${fields.join('; ')}` : text;
}

/** Nest's ValidationPipe throws an HttpException with the messages in its response. */
function fieldMessages(error: Error): string[] {
  const { getResponse } = error as { getResponse?: unknown };
  if (typeof getResponse !== 'function') return [];
  const response: unknown = getResponse.call(error);
  const message =
    typeof response === 'object' && response !== null && 'message' in response ? response.message : [];
  return Array.isArray(message) ? message.map(String) : [];
}
