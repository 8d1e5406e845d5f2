import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import { connect } from 'amqplib';
import pg from 'pg';
import { repositoryRoot } from '@clew/testing';
import type { Servers } from '../system/servers.js';

/** On what something was measured: figures of different ones don't compare. */
export interface Machine {
  readonly processors: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly system: string;
  readonly node: string;
  readonly postgres: string;
  readonly rabbitmq: string;
  /** The checkout, and whether it has changes. */
  readonly commit: string;
  /** Variables that change what the apps do. */
  readonly settings: Readonly<Record<string, string>>;
}

export async function describeMachine(servers: Servers): Promise<Machine> {
  return {
    processors: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()} ${arch()}`,
    node: process.version,
    postgres: await versionOfPostgres(servers.databaseUrl),
    rabbitmq: await versionOfRabbitmq(servers.amqpUrl),
    commit: commit(),
    settings: Object.fromEntries(
      Object.entries(process.env).filter(
        (entry): entry is [string, string] =>
          /^(CLEW_|NODE_)/.test(entry[0]) && !/KEY|^CLEW_TEST_RUN$/.test(entry[0]),
      ),
    ),
  };
}

/** Milliseconds that this machine takes for a fixed piece of work just now: how noisy its neighbours are. Lower is faster. */
export function slowness(): number {
  const startedAt = performance.now();
  let digest = Buffer.alloc(32);
  for (let n = 0; n < 150_000; n++) digest = createHash('sha256').update(digest).digest();
  return performance.now() - startedAt;
}

async function versionOfPostgres(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: `${url.replace(/\/$/, '')}/postgres` });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]!.server_version;
  } finally {
    await client.end();
  }
}

async function versionOfRabbitmq(url: string): Promise<string> {
  const model = await connect(url);
  try {
    const { serverProperties } = model.connection as { serverProperties?: { version?: string } };
    return serverProperties?.version ?? 'unknown';
  } finally {
    await model.close();
  }
}

function commit(): string {
  try {
    const git = (...args: string[]) =>
      execFileSync('git', args, {
        cwd: repositoryRoot(),
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      });
    return git('rev-parse', '--short', 'HEAD').trim() + (git('status', '--porcelain') ? ', changed' : '');
  } catch {
    return 'unknown';
  }
}
