import { setTimeout as delay } from 'node:timers/promises';
import type { DataDirectory, Server } from '@clew/testing';
import { seconds, type SupervisedApp } from './supervised-app.js';

/** Everything has to be gone within 15 s of the signal; in milliseconds. */
const patience = 14_300;

/** What has to be stopped; grows while starting. */
export interface Running {
  apps: readonly SupervisedApp[];
  servers: readonly Promise<Server>[];
  /** Aborted when nothing may be started again. */
  readonly ending: AbortController;
}

/** Stops the apps together, then the servers; kills whatever is left after 14.3 s. */
export async function stopEverything(
  { apps, servers, ending }: Running,
  directory: DataDirectory,
  print: (line: string) => void,
): Promise<void> {
  const startedAt = performance.now();
  const hasStarted = apps.length + servers.length > 0;
  ending.abort();
  if (hasStarted) print('Stopping');

  const inTime = new AbortController();
  await Promise.race([
    stopInOrder(apps, servers, directory),
    delay(patience, undefined, { signal: inTime.signal }),
  ]).catch((error: unknown) => print(`Something didn't stop cleanly: ${(error as Error).message}`));
  inTime.abort();

  for (const [name, { pid }] of directory.runningProcesses()) {
    print(`${name} (${pid}) didn't end in time and is killed`);
    process.kill(pid, 'SIGKILL');
  }
  if (hasStarted) print(`Stopped (${seconds(startedAt)})`);
}

async function stopInOrder(
  apps: readonly SupervisedApp[],
  servers: readonly Promise<Server>[],
  directory: DataDirectory,
): Promise<void> {
  await Promise.all(apps.map((app) => app.stop()));
  // One that is still starting is waited for: RabbitMQ doesn't heed a signal while it boots.
  const started = await Promise.allSettled(servers);
  await Promise.all(started.map(async (server) => server.status === 'fulfilled' && server.value.stop()));
  await directory.endOrphans(() => undefined);
}
