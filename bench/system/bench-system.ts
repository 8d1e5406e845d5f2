import pg from 'pg';
import { tripApps, type AppName, type Environment } from '../../test/e2e/support/app-process.js';
import { RunningSystem } from '../../test/e2e/support/running-system.js';
import type { Servers } from './servers.js';

export interface BenchSystemOptions {
  readonly orchestrators: number;
  /** Processes of each participant. */
  readonly participants: number;
  /** Variables of an app, or of each of its processes by its number. */
  readonly environment?: (app: AppName, instance: number) => Environment;
}

/** The apps of the trip as processes, as `npm start` runs them. */
export function startSystem(
  servers: Servers,
  { orchestrators, participants, environment }: BenchSystemOptions,
): Promise<RunningSystem> {
  return RunningSystem.start({
    servers,
    instances: {
      orchestrator: orchestrators,
      flights: participants,
      hotels: participants,
      cars: participants,
    },
    ...(environment && {
      environment: Object.fromEntries(
        tripApps.map((app) => [app, (instance: number) => environment(app, instance)]),
      ),
    }),
  });
}

/** Where to book: at every gateway there is. */
export function gatewaysOf(system: RunningSystem): string[] {
  return system.processes.filter(({ name }) => name === 'orchestrator').map(({ url }) => url);
}

/** The name of an app's database. */
export function databaseOf(system: RunningSystem, app: AppName): string {
  return `${system.namespace}_${app}`;
}

/** A connection of one's own to an app's database. */
export async function connectTo(system: RunningSystem, app: AppName): Promise<pg.Client> {
  const url = new URL(system.servers.databaseUrl);
  url.pathname = `/${databaseOf(system, app)}`;
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  return client;
}
