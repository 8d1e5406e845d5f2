import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'amqplib';
import pg from 'pg';
import type { Servers } from '../system/servers.js';
import { peersFolder, type Peer } from './peers.js';

/** What a run has come to, as the peer's `check.sql` counts it. */
export interface PeerBooks {
  readonly ended: number;
  readonly reserved: number;
  readonly cancelled: number;
}

/** A database and queues that one peer has to itself for one round. */
export class PeerDatabase {
  /** Begins the names of its queues, and is that of its database. */
  readonly name: string;
  readonly url: string;

  private constructor(
    private readonly peer: Peer,
    private readonly servers: Servers,
  ) {
    this.name = `peer_${peer.folder.replaceAll('-', '_')}_${randomBytes(4).toString('hex')}`;
    this.url = `${servers.databaseUrl.replace(/\/$/, '')}/${this.name}`;
  }

  static async create(peer: Peer, servers: Servers): Promise<PeerDatabase> {
    const database = new PeerDatabase(peer, servers);
    await database.onServer(`CREATE DATABASE ${database.name}`);
    const schema = join(peersFolder, peer.folder, 'schema.sql');
    if (existsSync(schema)) await database.query(readFileSync(schema, 'utf8'));
    return database;
  }

  async books(): Promise<PeerBooks> {
    const check = readFileSync(join(peersFolder, this.peer.folder, 'check.sql'), 'utf8');
    return (await this.query<PeerBooks>(check))[0]!;
  }

  /** Statistics and checkpoint as for Clew: what went before is no burden to what comes. */
  async settle(): Promise<void> {
    await this.query('ANALYZE');
    await this.query('CHECKPOINT');
  }

  /** Commits in its database, and bytes of the log of all, so far. */
  async meters(): Promise<{ readonly commits: number; readonly walBytes: number }> {
    const [row] = await this.query<{ commits: number; walBytes: number }>(
      `SELECT sum(xact_commit)::float8 AS commits, pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS "walBytes"
       FROM pg_stat_database WHERE starts_with(datname, '${this.name}')`,
    );
    return row!;
  }

  async drop(): Promise<void> {
    await this.onServer(`DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
    if (!this.peer.queues) return;
    const connection = await connect(this.servers.amqpUrl);
    const channel = await connection.createChannel();
    for (const queue of ['flight', 'hotel', 'car', 'replies'])
      await channel.deleteQueue(`${this.name}.${queue}`);
    await connection.close();
  }

  private onServer(sql: string): Promise<object[]> {
    return run(`${this.servers.databaseUrl.replace(/\/$/, '')}/postgres`, sql);
  }

  private query<Row extends object>(sql: string): Promise<Row[]> {
    return run<Row>(this.url, sql);
  }
}

async function run<Row extends object>(url: string, sql: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}
