/** Broker and vhost as they may be shown: without user name and password. */
export function placeOf(url: string): string {
  const { protocol, hostname, port, pathname } = new URL(url);
  const vhost = pathname.length > 1 ? decodeURIComponent(pathname.slice(1)) : '/';
  return `RabbitMQ at ${hostname}:${port || (protocol === 'amqps:' ? 5671 : 5672)}, vhost "${vhost}"`;
}

/**
 * One sentence on why a connection failed or ended and, where someone has to act, on what to do.
 *
 * @param place as `placeOf` gives it
 */
export function describeFailure(error: unknown, place: string): string {
  const text = messageOf(error);
  const code = codeOf(error, text);
  if (code === 403)
    return `${place} refuses the login or a right (403): check user name, password and permissions of AMQP_URL. ${text}`;
  // For a vhost refused while connecting, amqplib says no more than that a close came instead of an open.
  if (code === 530 || text.includes('Expected ConnectionOpenOk; got <ConnectionClose'))
    return (
      `${place} refuses the vhost (530, as a rule): create it, let the user in, or correct the path of AMQP_URL; ` +
      `just after a start it may not be open yet. ${text}`
    );
  if (code === 406 && text.includes('inequivalent arg'))
    return (
      `${place} has a queue or exchange of this name with other settings (406): go back to those, or drain it and ` +
      `delete it, then it is declared anew. ${text}`
    );
  if (code === 404 || code === 541) return `${place} is not ready yet (${code}). ${text}`;
  if (code === 320) return `${place} closed the connection (320). ${text}`;
  if (code === 'ECONNREFUSED') return `Nothing answers for ${place} (ECONNREFUSED): is it running?`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return `The host of ${place} can't be resolved (${code}): check AMQP_URL.`;
  return `${place}: ${text}${text.endsWith('.') ? '' : '.'}`;
}

function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  // Aborting hides why behind a message that is always the same.
  return error.name === 'AbortError' && error.cause !== undefined ? messageOf(error.cause) : error.message;
}

/** A code of the protocol or of the operating system; errors of the handshake carry it in their text alone. */
function codeOf(error: unknown, text: string): number | string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (typeof code === 'number' || (typeof code === 'string' && code !== 'ABORT_ERR')) return code;
  const written = /\b(320|403|404|406|530|541) \(|replyCode"?: ?(\d{3})/.exec(text);
  return written ? Number(written[1] ?? written[2]) : undefined;
}
