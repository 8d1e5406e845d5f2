import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { freePorts, isPortFree, repositoryRoot, type DataDirectory } from '@clew/testing';
import { assignPorts, type AppConfig } from './config.js';
import type { LaunchOptions } from './launch-options.js';
import { seconds, SupervisedApp } from './supervised-app.js';

/** How long an app may take to get ready at the start, in milliseconds. */
const patience = 120_000;

/** The same apps, each with a port: those that have none get free ones. */
export async function withPorts(apps: readonly AppConfig[]): Promise<AppConfig<number>[]> {
  // Twice as many, as some may be meant for others.
  return assignPorts(apps, await freePorts(2 * apps.length));
}

/** @throws Error naming the variable of the first port that something listens on */
export async function assertPortsAreFree(apps: readonly AppConfig<number>[]): Promise<void> {
  for (const { name, portVariable, port } of apps) {
    if (await isPortFree(port)) continue;
    throw new Error(
      `${portVariable}: the port ${port}, meant for ${name}, is taken. ` +
        `End what listens on it, or set ${portVariable} to another one.`,
    );
  }
}

/**
 * The apps, not yet started.
 *
 * @param env what all of them get; each gets its own port as PORT besides
 */
export function prepareApps(
  apps: readonly AppConfig<number>[],
  env: NodeJS.ProcessEnv,
  directory: DataDirectory,
  { print, printOutput = print, appFolder = join(repositoryRoot(), 'dist', 'apps') }: LaunchOptions,
): SupervisedApp[] {
  const width = Math.max(...apps.map(({ name }) => name.length));
  return apps.map(({ name, port }) => {
    const main = join(appFolder, name, 'src', 'main.js');
    if (!existsSync(main)) {
      throw new Error(`There is no ${relative(process.cwd(), main)}, which would be the app ${name}.`);
    }
    return new SupervisedApp({
      name,
      main,
      port,
      env: { ...env, PORT: String(port) },
      directory,
      print,
      printOutput: (line) => printOutput(`${name.padEnd(width)} | ${line}`),
    });
  });
}

/** Starts them all at once; resolves when each of them is ready. @throws Error naming one that doesn't get there */
export async function startApps(
  apps: readonly SupervisedApp[],
  print: (line: string) => void,
): Promise<void> {
  const startedAt = performance.now();
  print(`Starting ${apps.map(({ name, port }) => `${name} (port ${port})`).join(', ')}`);
  for (const app of apps) app.start();
  await Promise.all(
    apps.map(async (app) => {
      await app.untilReady(patience);
      print(`${app.name} is ready (${seconds(startedAt)})`);
    }),
  );
}
