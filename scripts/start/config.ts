import { resolve } from 'node:path';

/** The apps that `npm start` runs, in the order in which they are shown. */
const apps = [
  { name: 'orchestrator', portVariable: 'PORT', port: 3000 },
  { name: 'flights', portVariable: 'FLIGHTS_PORT', port: 3001 },
  { name: 'hotels', portVariable: 'HOTELS_PORT', port: 3002 },
  { name: 'cars', portVariable: 'CARS_PORT', port: 3003 },
  { name: 'shop-stock', portVariable: 'SHOP_STOCK_PORT', port: undefined },
  { name: 'shop-payments', portVariable: 'SHOP_PAYMENTS_PORT', port: undefined },
  { name: 'shop-delivery', portVariable: 'SHOP_DELIVERY_PORT', port: undefined },
] as const;

export interface AppConfig<Port = number | undefined> {
  readonly name: string;
  readonly portVariable: string;
  /** A free one where none is said. */
  readonly port: Port;
}

export interface Config {
  readonly apps: readonly AppConfig[];
  /** Absolute. */
  readonly dataDir: string;
  readonly namespace: string;
  readonly databaseUrl: string | undefined;
  readonly amqpUrl: string | undefined;
}

/** One or more variables have a value that can't be used; the message has a sentence for each. */
export class ConfigError extends Error {
  readonly code = 'CONFIG';
}

/**
 * Reads what `npm start` takes from the environment. An empty variable counts as not set.
 *
 * @throws ConfigError naming every variable that is wrong
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const problems: string[] = [];
  const config: Config = {
    apps: apps.map((app) => ({ ...app, port: readPort(env, app.portVariable, app.port, problems) })),
    dataDir: resolve(env['CLEW_DATA_DIR'] || '.data'),
    namespace: readNamespace(env, problems),
    databaseUrl: readUrl(env, 'DATABASE_URL', ['postgresql:', 'postgres:'], problems),
    amqpUrl: readUrl(env, 'AMQP_URL', ['amqp:', 'amqps:'], problems),
  };
  problems.push(...findSharedPorts(config.apps));
  if (problems.length > 0) throw new ConfigError(problems.join('\n'));
  return config;
}

/** The same apps; those that have no port get one of the free ones that no other of them is meant to have. */
export function assignPorts(apps: readonly AppConfig[], free: readonly number[]): AppConfig<number>[] {
  const meant = new Set(apps.map(({ port }) => port));
  const left = free.filter((port) => !meant.has(port));
  return apps.map((app) => ({ ...app, port: app.port ?? left.shift()! }));
}

function readPort(
  env: NodeJS.ProcessEnv,
  variable: string,
  fallback: number | undefined,
  problems: string[],
): number | undefined {
  const text = env[variable];
  if (!text) return fallback;
  const port = Number(text);
  if (/^\d+$/.test(text) && port >= 1 && port <= 65_535) return port;
  problems.push(`${variable} is "${text}"; it has to be a port, 1 to 65535.`);
  return fallback;
}

function readNamespace(env: NodeJS.ProcessEnv, problems: string[]): string {
  const namespace = env['CLEW_NAMESPACE'] || 'clew';
  if (!/^[a-z][a-z0-9_]{0,30}$/.test(namespace)) {
    problems.push(
      `CLEW_NAMESPACE is "${namespace}"; it has to begin with a lower-case letter and go on with those, digits and _, ` +
        'at most 31 in all.',
    );
  }
  return namespace;
}

function readUrl(
  env: NodeJS.ProcessEnv,
  variable: string,
  schemes: readonly string[],
  problems: string[],
): string | undefined {
  const text = env[variable];
  if (!text) return undefined;
  // The value isn't repeated: it may hold a password.
  if (!URL.canParse(text) || !schemes.includes(new URL(text).protocol)) {
    problems.push(
      `${variable} has to be a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}.`,
    );
  }
  return text;
}

function findSharedPorts(all: readonly AppConfig[]): string[] {
  return all.flatMap((app, index) => {
    const other = all.slice(0, index).find(({ port }) => port !== undefined && port === app.port);
    return other
      ? [`${other.portVariable} and ${app.portVariable} are both ${app.port}; each app needs its own.`]
      : [];
  });
}
