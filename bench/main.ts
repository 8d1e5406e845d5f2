/**
 * `npm run bench`: what the running system does in a second, and what a saga costs it (docs/performance.md).
 *
 * Ends with 0 when everything was measured and all books added up, with 2 when an option is wrong or
 * something isn't installed, else with 1.
 */
import { compare } from './compare/compare.js';
import { backlog } from './many/backlog.js';
import { doubled } from './many/doubled.js';
import { history } from './many/history.js';
import { soak } from './many/soak.js';
import { profile } from './profile/profile.js';
import { WrongOption } from './options.js';
import { run } from './run.js';

type Command = (args: readonly string[]) => Promise<void>;

const COMMANDS: Readonly<Record<string, Command>> = {
  run,
  compare,
  profile,
  history,
  backlog,
  soak,
  doubled,
};

const [first = 'run', ...rest] = process.argv.slice(2);
const [name, args] = first.startsWith('-') ? ['run', [first, ...rest]] : [first, rest];
const command = COMMANDS[name];
if (!command) {
  console.error(`There is no ${name}. There are: ${Object.keys(COMMANDS).join(', ')}.`);
  process.exit(2);
}
try {
  await command(args);
} catch (error) {
  if (error instanceof WrongOption) {
    console.error(error.message);
    process.exit(2);
  }
  console.error(error instanceof Error ? (error.stack ?? error.message) : error);
  process.exit(1);
}
