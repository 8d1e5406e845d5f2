import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'amqplib';
import pg from 'pg';

/** Resolves once an AMQP handshake with this URL went through; rejects with the reason otherwise. */
export async function probeRabbitmq(url: string, timeout = 3_000): Promise<void> {
  const connection = await connect(url, { timeout });
  connection.on('error', () => undefined);
  await connection.close();
}

/** Where to connect when only a server is named: PostgreSQL would look for a database called like the user. */
export function maintenanceUrl(serverUrl: string): string {
  const url = new URL(serverUrl);
  if (url.pathname.length <= 1) url.pathname = '/postgres';
  return url.href;
}

/** Resolves once PostgreSQL let us in and answered a query; rejects with the reason otherwise. */
export async function probePostgres(url: string, timeout = 3_000): Promise<void> {
  const client = new pg.Client({
    connectionString: maintenanceUrl(url),
    connectionTimeoutMillis: timeout,
    query_timeout: timeout,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query('SELECT 1');
  } finally {
    await client.end().catch(() => undefined);
  }
}

/**
 * Repeats a probe until it succeeds.
 *
 * @param within milliseconds
 * @param stillWorthIt throws to give up at once
 * @throws the last failure
 */
export async function untilItAnswers(
  probe: () => Promise<void>,
  within: number,
  stillWorthIt: () => void = () => undefined,
): Promise<void> {
  const giveUpAt = Date.now() + within;
  for (;;) {
    stillWorthIt();
    try {
      return await probe();
    } catch (error) {
      if (Date.now() >= giveUpAt) throw error;
    }
    await delay(50);
  }
}
