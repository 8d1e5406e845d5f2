import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connect } from 'amqplib';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { eventually } from '../eventually.js';
import { findInfrastructure, type Infrastructure } from './find-infrastructure.js';
import { isPortFree } from './free-port.js';
import { processesMentioning } from './leftovers.js';
import { repositoryRoot } from './repository-root.js';

const folders: string[] = [];
const dockerHost = process.env['DOCKER_HOST'];

beforeAll(() => {
  process.env['DOCKER_HOST'] = 'tcp://127.0.0.1:1'; // Nobody answers there, so the ladder leads to private processes.
});

afterAll(() => {
  if (dockerHost === undefined) delete process.env['DOCKER_HOST'];
  else process.env['DOCKER_HOST'] = dockerHost;
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('private servers', () => {
  it('keep what was stored through SIGKILL and through a new start, and leave nothing when stopped', async () => {
    const dataDir = newFolder();
    const first = await findInfrastructure({ dataDir, persistent: true, env: {} });
    try {
      expect([first.postgres.kind, first.rabbitmq.kind]).toEqual(['private', 'private']);
      expect(first.describe()).not.toContain(new URL(first.amqpUrl).password);
      await store(first);

      await Promise.all([first.postgres.kill9(), first.rabbitmq.kill9()]);
      expect(await isPortFree(portOf(first.databaseUrl))).toBe(true);
      await Promise.all([first.postgres.start(), first.rabbitmq.start()]);
      await expectStored(first);
    } finally {
      await first.stop();
    }
    expect(processesMentioning(dataDir)).toEqual([]);

    const second = await findInfrastructure({ dataDir, persistent: true, env: {} });
    try {
      expect([second.databaseUrl, second.amqpUrl]).toEqual([first.databaseUrl, first.amqpUrl]);
      await expectStored(second);
    } finally {
      await second.stop();
    }
    expect(processesMentioning(dataDir)).toEqual([]);
    for (const url of [first.databaseUrl, first.amqpUrl]) expect(await isPortFree(portOf(url))).toBe(true);
  }, 60_000);

  it('are ended and started anew when the process that had started them was killed', async () => {
    const dataDir = newFolder();
    const killed = await startElsewhere(dataDir);
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    expect(processesMentioning(dataDir)).not.toEqual([]);

    const lines: string[] = [];
    const log = (line: string) => void lines.push(line);
    const infrastructure = await findInfrastructure({ dataDir, persistent: false, env: {}, log });
    try {
      expect(lines[0]).toMatch(
        /^Ending what an earlier run left behind: .*RabbitMQ \(\d+\).*PostgreSQL|^Ending.*PostgreSQL \(\d+\).*RabbitMQ/,
      );
      expect(infrastructure.databaseUrl).toBe(killed.databaseUrl);
    } finally {
      await infrastructure.stop();
    }
    expect(existsSync(dataDir)).toBe(false);
    expect(processesMentioning(dataDir)).toEqual([]);
  }, 60_000);

  it('are refused to a second process, with the pid of the first', async () => {
    const dataDir = newFolder();
    const holder = spawn(process.execPath, ['--input-type=module', '--eval', lockScript(dataDir)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(holder.stdout, 'data');
      const attempt = findInfrastructure({ dataDir, persistent: true, env: {} });
      await expect(attempt).rejects.toThrow(
        `${dataDir} is in use by the process ${holder.pid}, which still runs.`,
      );
    } finally {
      holder.kill('SIGKILL');
      await once(holder, 'exit');
    }
  });
});

describe('a server that was given', () => {
  it('is used, and neither stopped nor killed', async () => {
    const env = {
      DATABASE_URL: process.env['CLEW_TEST_DATABASE_URL'],
      AMQP_URL: process.env['CLEW_TEST_AMQP_URL'],
    };
    const infrastructure = await findInfrastructure({ dataDir: newFolder(), persistent: false, env });
    expect(infrastructure).toMatchObject({ databaseUrl: env.DATABASE_URL, amqpUrl: env.AMQP_URL });
    await expect(infrastructure.rabbitmq.kill9()).rejects.toThrow(/only those are killed/);
    await infrastructure.stop();
    await (await connect(env.AMQP_URL!)).close();
  });

  it('that is none is named by its variable, without its password', async () => {
    const env = {
      DATABASE_URL: 'postgresql://u:secret@127.0.0.1:1',
      AMQP_URL: process.env['CLEW_TEST_AMQP_URL'],
    };
    const dataDir = newFolder();
    const failure = await findInfrastructure({ dataDir, persistent: false, env }).catch(
      (error: unknown) => error,
    );
    expect(failure).toMatchObject({
      code: 'GIVEN_SERVER',
      message: expect.stringMatching(
        /^DATABASE_URL names a PostgreSQL at 127.0.0.1:1 that doesn't let us in: .*ECONNREFUSED/,
      ),
    });
    expect((failure as Error).message).not.toContain('secret');
    expect(existsSync(dataDir)).toBe(false);
  }, 20_000);
});

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clew-ladder-'));
  chmodSync(folder, 0o755);
  folders.push(folder);
  return folder;
}

const portOf = (url: string): number => Number(new URL(url).port);

/** One committed row and one confirmed, persistent message. */
async function store({ databaseUrl, amqpUrl }: Infrastructure): Promise<void> {
  await query(databaseUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
  const connection = await connect(amqpUrl);
  connection.on('error', () => undefined); // Each call that fails says so itself.
  try {
    const channel = await connection.createConfirmChannel();
    const classic = { durable: true, arguments: { 'x-queue-type': 'classic' } };
    await channel.assertQueue('kept', classic);
    // RabbitMQ 3.10 answers a declaration when it is on disk, but its decision to keep it follows up to 2 s later, or
    // with the next declaration: a node killed in between forgets the queue with all that was confirmed in it.
    await channel.assertQueue('declared after it', classic);
    channel.sendToQueue('kept', Buffer.from('forty-two'), { persistent: true });
    await channel.waitForConfirms();
  } finally {
    await connection.close();
  }
}

async function expectStored({ databaseUrl, amqpUrl }: Infrastructure): Promise<void> {
  expect(await query(databaseUrl, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  const connection = await connect(amqpUrl);
  connection.on('error', () => undefined);
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    await channel.checkQueue('kept');
    const message = await eventually(() => channel.get('kept'), { describe: 'the message' });
    expect(message.content.toString()).toBe('forty-two');
    channel.nack(message, false, true);
    await channel.close();
  } finally {
    await connection.close();
  }
}

async function query(serverUrl: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: `${serverUrl}/postgres` });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const compiled = () => join(repositoryRoot(), 'dist', 'libs', 'testing', 'src', 'index.js');

async function startElsewhere(dataDir: string): Promise<{ child: ChildProcess; databaseUrl: string }> {
  const script = `
    import { findInfrastructure } from ${JSON.stringify(compiled())};
    const found = await findInfrastructure({ dataDir: ${JSON.stringify(dataDir)}, persistent: true, env: {} });
    console.log(found.databaseUrl);
    setInterval(() => undefined, 1_000);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, databaseUrl: line.toString().trim() };
}

function lockScript(dataDir: string): string {
  return `
    import { DataDirectory } from ${JSON.stringify(compiled())};
    DataDirectory.open(${JSON.stringify(dataDir)});
    console.log('locked');
    setInterval(() => undefined, 1_000);`;
}
