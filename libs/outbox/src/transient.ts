/** SQLSTATEs of trouble that passes by itself: whole classes first, then single ones. */
const TRANSIENT_CLASSES = new Set(['08', '40', '53', '57', '58']);
const TRANSIENT_STATES = new Set([
  '25006', // read-only: a standby that is not promoted yet
  '25P03', // idle in transaction for too long
  '25P04', // transaction timeout
  '55006', // object in use
  '55P03', // lock not available
]);
const TRANSIENT_PRISMA_CODES = new Set([
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
  'P2028',
  'P2034',
  'P2037',
]);
/** What Prisma's driver adapter calls a lost connection; it keeps no other code of it. */
const TRANSIENT_ADAPTER_KINDS = new Set(['ConnectionClosed', 'DatabaseNotReachable', 'SocketTimeout']);
const TRANSIENT_NETWORK_CODES = new Set([
  'EAI_AGAIN',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_SOCKET',
]);

/** The database could not begin or commit a transaction, or went away meanwhile. Always transient. */
export class DatabaseFault extends Error {
  readonly code = 'DATABASE_FAULT';
  override readonly name = 'DatabaseFault';
}

/** The SQLSTATE of a database error, whether Prisma wraps it (raw queries and model calls) or it comes from `pg`. */
export function sqlState(error: unknown): string | undefined {
  for (const link of chain(error)) {
    const original = adapterError(link)?.originalCode;
    if (typeof original === 'string') return original;
    // Only errors of PostgreSQL have a severity; the code alone could be Prisma's or Node's.
    if (typeof link.severity === 'string' && typeof link.code === 'string') return link.code;
  }
  return undefined;
}

/**
 * Whether the same work may succeed when it is done again: deadlock, serialisation failure, connection trouble, resources
 * used up, timeouts of the database. Causes are looked at too. Judges by codes alone, as texts are translated.
 */
export function isTransient(error: unknown): boolean {
  const state = sqlState(error);
  if (state !== undefined) return TRANSIENT_STATES.has(state) || TRANSIENT_CLASSES.has(state.slice(0, 2));
  return chain(error).some(
    (link) =>
      link instanceof DatabaseFault ||
      TRANSIENT_PRISMA_CODES.has(String(link.code)) ||
      TRANSIENT_PRISMA_CODES.has(String(link.errorCode)) ||
      TRANSIENT_NETWORK_CODES.has(String(link.code)) ||
      TRANSIENT_ADAPTER_KINDS.has(String(adapterError(link)?.kind)) ||
      isBareDriverError(link),
  );
}

interface ErrorLink {
  readonly name?: unknown;
  readonly code?: unknown;
  readonly errorCode?: unknown;
  readonly severity?: unknown;
  readonly clientVersion?: unknown;
  readonly meta?: { readonly driverAdapterError?: { readonly cause?: AdapterError } };
  readonly cause?: unknown;
}

interface AdapterError {
  readonly kind?: unknown;
  readonly originalCode?: unknown;
}

/** The error and its causes. */
function chain(error: unknown): ErrorLink[] {
  const links: ErrorLink[] = [];
  let link = error;
  // Bounded, as causes may go round in a circle.
  while (typeof link === 'object' && link !== null && links.length < 10) {
    links.push(link);
    link = (link as ErrorLink).cause;
  }
  return links;
}

function adapterError(link: ErrorLink): AdapterError | undefined {
  if (link.name === 'DriverAdapterError') return link.cause as AdapterError | undefined;
  return link.meta?.driverAdapterError?.cause;
}

/**
 * `pg` throws bare errors without any code when its connection is lost, and Prisma lets them through with nothing but its
 * version put on. Prisma's own errors have names of their own.
 */
function isBareDriverError(link: ErrorLink): boolean {
  return link.name === 'Error' && typeof link.clientVersion === 'string' && link.code === undefined;
}
