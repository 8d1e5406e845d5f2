import { Command } from 'commander';
import type { Context } from '../context.js';
import { Exit } from '../exit.js';
import type { HttpApi } from '../http-api.js';
import { table } from '../terminal.js';
import type { Run } from './run.js';

interface Check {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'failed';
  readonly sentence: string;
}

interface MigrationsState {
  readonly pending: readonly string[];
  readonly unknown: readonly string[];
}

/** The Date header has whole seconds. */
const CLOCK_TOLERANCE_MS = 2_500;

/** `clew doctor`: whether what the system stands on is as it should be. */
export function doctorCommand(run: Run): Command {
  const command = new Command('doctor').description('examine what the system stands on');
  return command.action(
    run(async (context) => {
      const { gateway, terminal } = context;
      const clock = await clockCheck(gateway);
      const { checks: theirs } = await gateway.get<{ checks: readonly Check[] }>('/operations/doctor');
      const checks = [clock, ...theirs, ...(await participantChecks(context))];
      terminal.print({ checks }, table(checks.map(({ name, status, sentence }) => [status, name, sentence])));
      const failed = checks.filter(({ status }) => status === 'failed');
      if (failed.length === 0) return 0;
      terminal.say(`Failed: ${failed.map(({ name }) => name).join(', ')}. The sentences say what to do.`);
      return 1;
    }),
  );
}

async function clockCheck(gateway: HttpApi): Promise<Check> {
  const before = Date.now();
  const response = await gateway.ask('GET', '/health/live');
  const halfway = (before + Date.now()) / 2;
  await response.body?.cancel();
  const theirs = Date.parse(response.headers.get('date') ?? '') + 500;
  const seconds = ((theirs - halfway) / 1_000).toFixed(1);
  if (Number.isNaN(theirs))
    return { name: 'clock', status: 'warning', sentence: "The gateway doesn't say what time it is." };
  return Math.abs(theirs - halfway) <= CLOCK_TOLERANCE_MS
    ? { name: 'clock', status: 'ok', sentence: 'This machine and the gateway agree to the second.' }
    : {
        name: 'clock',
        status: 'warning',
        sentence: `The gateway's clock is ${seconds} s ahead of this machine's. Sagas go by the database's clock; times shown here don't.`,
      };
}

async function participantChecks({ system }: Context): Promise<Check[]> {
  const { participants } = await system();
  return Promise.all([...participants].map(([name, api]) => participantCheck(name, api)));
}

async function participantCheck(name: string, api: HttpApi): Promise<Check> {
  try {
    const response = await api.ask('GET', '/health/ready');
    await response.body?.cancel();
    if (!response.ok) {
      const sentence = `It answers ${response.status}: GET ${api.url}/health/ready says what is missing.`;
      return { name, status: 'failed', sentence };
    }
    const { pending, unknown } = await api.get<MigrationsState>('/audit/migrations');
    if (pending.length > 0) {
      const sentence = `Migrations are pending: ${pending.join(', ')}. Run "npm run db:migrate".`;
      return { name, status: 'failed', sentence };
    }
    return unknown.length > 0
      ? { name, status: 'warning', sentence: `Its database is ahead of its build by ${unknown.join(', ')}.` }
      : { name, status: 'ok', sentence: 'It is ready, and no migration is pending.' };
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
    return { name, status: 'failed', sentence: error.message };
  }
}
