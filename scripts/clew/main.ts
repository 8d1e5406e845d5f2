import { Command, CommanderError, Option } from 'commander';
import { auditCommand } from './commands/audit.js';
import { batchCommand } from './commands/batch.js';
import { bookCommand } from './commands/book.js';
import { deadLettersCommand } from './commands/dead-letters.js';
import { doctorCommand } from './commands/doctor.js';
import { lagCommand } from './commands/lag.js';
import { listCommand } from './commands/list.js';
import { logCommand } from './commands/log.js';
import { operationCommands } from './commands/operations.js';
import { pauseCommands } from './commands/pause.js';
import { showCommand } from './commands/show.js';
import type { Run } from './commands/run.js';
import { contextOf, type GlobalOptions } from './context.js';
import { Exit } from './exit.js';

const WRONG_USAGE = 2;

/** Runs one command. Resolves with the exit code; never rejects but for a bug. */
export async function main(argv: readonly string[]): Promise<number> {
  let code = 0;
  const program = new Command('clew')
    .description('Books trips, shows and operates sagas, audits and examines a running system.')
    .option('--url <url>', 'the gateway', process.env['CLEW_URL'] || 'http://127.0.0.1:3000')
    .option('--key <key>', 'the operator key (default: CLEW_OPERATOR_KEY)')
    .addOption(
      new Option('--participant <name=url>', 'where a participant is; once for each')
        .argParser(collect)
        .default([], 'as the gateway says'),
    )
    .option('--json', 'print one JSON document on stdout, and nothing else')
    .exitOverride();
  const run: Run = (work) => async () => {
    const options = program.opts<GlobalOptions>();
    const key = options.key ?? (process.env['CLEW_OPERATOR_KEY'] || undefined);
    code = await work(contextOf({ ...options, ...(key && { key }) }));
  };
  const commands = [
    bookCommand(run),
    listCommand(run),
    showCommand(run),
    ...operationCommands(run),
    batchCommand(run),
    ...pauseCommands(run),
    deadLettersCommand(run),
    lagCommand(run),
    logCommand(run),
    auditCommand(run),
    doctorCommand(run),
  ];
  for (const command of commands) program.addCommand(withGlobals(command));
  try {
    await program.parseAsync(argv, { from: 'user' });
    return code;
  } catch (error) {
    // Commander has said it already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : WRONG_USAGE;
    if (!(error instanceof Exit)) throw error;
    process.stderr.write(`${error.message}\n`);
    return error.code;
  }
}

/** Commands throw where Commander would end the process; so do the commands that they have. */
function withGlobals(command: Command): Command {
  for (const own of command.commands) withGlobals(own);
  return command.exitOverride();
}

function collect(value: string, before: readonly string[]): string[] {
  return [...before, value];
}
