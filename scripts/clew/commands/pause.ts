import { Command } from 'commander';
import { operatingUser } from '../context.js';
import type { Run } from './run.js';

interface PauseOptions {
  readonly reason: string;
  readonly actor: string;
  readonly dryRun?: boolean;
}

interface Outcome {
  readonly dryRun: boolean;
  readonly changed: boolean;
  readonly definition: { readonly saga: string; readonly paused: { readonly reason: string } | null };
}

const ACTIONS = {
  pause: 'begin no more sagas of a definition; those that have begun go on',
  resume: 'begin sagas of a definition again',
} as const;

/** `clew pause|resume <saga>`. */
export function pauseCommands(run: Run): Command[] {
  return Object.entries(ACTIONS).map(([action, description]) => {
    const command = new Command(action)
      .description(description)
      .argument('<saga>', 'name of the definition, like trip-booking')
      .requiredOption('--reason <text>', 'why; callers read it')
      .option('--actor <name>', 'who does it', operatingUser())
      .option('--dry-run', 'only tell whether anything would change');
    return command.action(
      run(async ({ gateway, terminal }) => {
        const [saga] = command.processedArgs as [string];
        const { reason, actor, dryRun = false } = command.opts<PauseOptions>();
        const path = `/operations/definitions/${encodeURIComponent(saga)}/${action}`;
        const outcome = await gateway.post<Outcome>(path, { reason, actor, dryRun });
        const { paused } = outcome.definition;
        terminal.print(outcome, [
          outcome.changed
            ? `${saga} ${dryRun ? 'would be' : 'is'} ${action}d.`
            : `Nothing ${dryRun ? 'would change' : 'changes'}.`,
          ...(paused ? [`It is paused: ${paused.reason}`] : []),
        ]);
        return 0;
      }),
    );
  });
}
