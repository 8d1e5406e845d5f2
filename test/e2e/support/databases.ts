import pg from 'pg';
import type { AppName } from './app-process.js';

/** The databases of one system, seen from outside: every query has a connection of its own, and leaves none behind. */
export class Databases {
  constructor(
    private readonly serverUrl: string,
    private readonly namespace: string,
    private readonly apps: readonly AppName[],
  ) {}

  async rows<Row extends object>(service: AppName, sql: string, ...values: unknown[]): Promise<Row[]> {
    return this.query<Row>(this.nameOf(service), sql, values);
  }

  async count(service: AppName, table: string): Promise<number> {
    const [row] = await this.rows<{ count: number }>(service, `SELECT count(*)::int AS count FROM ${table}`);
    return row!.count;
  }

  async drop(): Promise<void> {
    for (const service of this.apps) {
      const name = pg.escapeIdentifier(this.nameOf(service));
      await this.query('postgres', `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`, []);
    }
  }

  private nameOf(service: AppName): string {
    return `${this.namespace}_${service.replaceAll('-', '_')}`;
  }

  private async query<Row extends object>(database: string, sql: string, values: unknown[]): Promise<Row[]> {
    const url = new URL(this.serverUrl);
    url.pathname = `/${database}`;
    const client = new pg.Client({ connectionString: url.href, connectionTimeoutMillis: 5_000 });
    client.on('error', () => undefined); // The query that was running reports it.
    await client.connect();
    try {
      return (await client.query<Row>(sql, values)).rows;
    } finally {
      await client.end();
    }
  }
}
