import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually, freePorts, maintenanceUrl, processesMentioning, type Leftover } from '@clew/testing';
import pg from 'pg';
import { databaseName } from '../migrate/migrate.js';
import { launch } from './launch.js';

const names = ['orchestrator', 'flights', 'hotels', 'cars', 'shop-stock', 'shop-payments', 'shop-delivery'];
const namespace = `spec_${process.pid}`;

let folder: string;
let ports: number[];
let lines: string[];
let stop: AbortController;
let running: Promise<number> | undefined;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'clew-launch-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  for (const name of names) {
    mkdirSync(join(folder, name, 'src'), { recursive: true });
    cpSync(join(import.meta.dirname, 'stand-in-app.fixture.mjs'), join(folder, name, 'src', 'main.js'));
  }
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  for (const name of names)
    await query(`DROP DATABASE IF EXISTS ${databaseName(namespace, name)} WITH (FORCE)`);
});

beforeEach(async () => {
  ports = await freePorts(4);
  lines = [];
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await running;
  running = undefined;
  expect(processesMentioning(folder)).toEqual([]);
});

describe('npm start', () => {
  it('says once that it is ready, when every app is, and ends all of them when told to', async () => {
    start();
    await ready();
    const [, flights, hotels] = ports;
    const participants = expect.stringContaining(
      `flights=http://127.0.0.1:${flights},hotels=http://127.0.0.1:${hotels},`,
    );
    for (const port of ports) {
      const health = await fetch(`http://127.0.0.1:${port}/health/ready`);
      expect(await health.json()).toEqual({ port, databaseUrl: env().DATABASE_URL, namespace, participants });
    }
    expect(processesMentioning(folder)).toHaveLength(names.length);
    stop.abort();
    expect(await running).toBe(0);
    expect(lines.filter((line) => line.startsWith('Clew is ready'))).toEqual([
      `Clew is ready: http://127.0.0.1:${ports[0]}`,
    ]);
    expect(lines).toContain('flights       | the stand-in listens');
    // Nobody has said where the shop is to listen.
    const { shop } = portsTold();
    expect(new Set([...ports, ...shop]).size).toBe(names.length);
  }, 30_000);

  it('starts an app again that dies, and says how it died', async () => {
    start();
    await ready();
    process.kill(appCalled('flights').pid, 'SIGKILL');
    await said('flights was ended by SIGKILL; starting it again in 0.2 s');
    await said(/^flights is ready again \(\d\.\d s\)$/);
    await fetch(`http://127.0.0.1:${ports[1]}/exit/7`).catch(() => undefined);
    await said('flights ended with exit code 7; starting it again in 0.4 s');
    await eventually(() => lines.filter((line) => line.startsWith('flights is ready again')).length === 2);
  }, 30_000);

  it('gives up, with exit code 1, when an app never gets as far as being ready', async () => {
    start({ STAND_IN_FAILS: 'hotels' });
    expect(await running).toBe(1);
    expect(lines).toContain('hotels        | the stand-in refuses to start');
    expect(lines).toContain('hotels ended 3 times without getting ready. It says why above.');
  }, 30_000);

  it('kills an app that ignores SIGTERM, within the 15 s it has', async () => {
    start({ STAND_IN_IGNORES_SIGTERM: 'cars' });
    await ready();
    const startedAt = Date.now();
    stop.abort();
    expect(await running).toBe(0);
    expect(Date.now() - startedAt).toBeLessThan(15_000);
    expect(lines).toContain("cars didn't end within 10 s of SIGTERM and was killed");
  }, 40_000);

  it.each([
    ['before it has done anything', undefined],
    ['while it makes the databases', /_orchestrator: /],
    ['while it starts the apps', /^Starting orchestrator/],
  ])('ends cleanly when told to %s', async (_, line) => {
    start();
    if (line) await said(line);
    stop.abort();
    expect(await running).toBe(0);
  });

  it('prints no secret, whether an app says it or a server is not found by it', async () => {
    start({ STAND_IN_SAYS: 'no amqp://clew:hunter2@rabbit for ada@example.org' });
    await said('flights       | no amqp://clew:***@rabbit for a***@example.org', 25_000);
    stop.abort();
    await running;
    const nowhere = {
      DATABASE_URL: 'postgresql://clew:hunter2@127.0.0.1:1',
      AMQP_URL: 'amqp://clew:hunter2@127.0.0.1:1',
    };
    stop = new AbortController();
    start(nowhere);
    expect(await running).toBe(1);
    expect(lines.filter((line) => / that doesn't let us in: .*ECONNREFUSED/.test(line))).toHaveLength(1);
    expect(lines.join('\n')).not.toMatch(/hunter2|ada@/);
  }, 40_000);

  it('names the variable of a port that is taken', async () => {
    const other = createServer().listen(ports[2], '127.0.0.1');
    try {
      start();
      expect(await running).toBe(1);
      expect(lines).toEqual([
        expect.stringContaining(`HOTELS_PORT: the port ${ports[2]}, meant for hotels, is taken.`),
      ]);
    } finally {
      other.close();
    }
  });

  it('is refused while another runs on the same data directory', async () => {
    start();
    await ready();
    await expect(launch({ argv: [], env: env(), stop: stop.signal, print: () => undefined })).rejects.toThrow(
      `is in use by the process ${process.pid}, which still runs.`,
    );
  }, 30_000);

  it('forgets with --fresh what our databases held, and nothing else', async () => {
    await query(`DROP DATABASE IF EXISTS ${namespace}_foreign`);
    await query(`CREATE DATABASE ${namespace}_foreign`);
    await query(`CREATE TABLE IF NOT EXISTS mark ()`, `${namespace}_flights`);
    start({}, ['--fresh']);
    await ready();
    expect(await query(`SELECT to_regclass('mark') AS mark`, `${namespace}_flights`)).toEqual([
      { mark: null },
    ]);
    expect(await query(`SELECT 1 AS one`, `${namespace}_foreign`)).toEqual([{ one: 1 }]);
    await query(`DROP DATABASE ${namespace}_foreign`);
  }, 30_000);
});

/** Where the apps of the shop listen, as it was printed. */
function portsTold(): { shop: number[] } {
  const told = lines.find((line) => line.startsWith('Starting orchestrator')) ?? '';
  return { shop: [...told.matchAll(/shop-\w+ \(port (\d+)\)/g)].map(([, port]) => Number(port)) };
}

function start(extra: NodeJS.ProcessEnv = {}, argv: string[] = []): void {
  const print = (line: string) => void lines.push(line);
  running = launch({ argv, env: { ...env(), ...extra }, stop: stop.signal, print, appFolder: folder });
}

function env(): NodeJS.ProcessEnv {
  const [PORT, FLIGHTS_PORT, HOTELS_PORT, CARS_PORT] = ports.map(String);
  return {
    ...process.env,
    ...{ PORT, FLIGHTS_PORT, HOTELS_PORT, CARS_PORT },
    DATABASE_URL: process.env['CLEW_TEST_DATABASE_URL'],
    AMQP_URL: process.env['CLEW_TEST_AMQP_URL'],
    CLEW_NAMESPACE: namespace,
    CLEW_DATA_DIR: join(folder, 'data'),
  };
}

const ready = () => said(/^Clew is ready: /, 25_000);

function said(line: string | RegExp, within = 10_000): Promise<unknown> {
  return eventually(
    () => {
      if (lines.some((printed) => (typeof line === 'string' ? printed === line : line.test(printed))))
        return true;
      throw new Error(`it printed:\n${lines.join('\n')}`);
    },
    { within, describe: `the line ${line}` },
  );
}

function appCalled(name: string): Leftover {
  const app = processesMentioning(join(folder, name)).find(({ commandLine }) => commandLine.includes(name));
  if (!app) throw new Error(`No process runs ${name}.`);
  return app;
}

async function query(sql: string, database?: string): Promise<unknown[]> {
  const url = new URL(maintenanceUrl(process.env['CLEW_TEST_DATABASE_URL']!));
  if (database) url.pathname = `/${database}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}
