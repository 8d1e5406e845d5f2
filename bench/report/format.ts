import type { Percentiles } from '../measure/distribution.js';
import type { Measured } from '../measure/measured-run.js';
import type { Machine } from '../measure/machine.js';

/** Figures by name, as a table has them under one heading. */
export type Column = Readonly<Record<string, string | number>>;

/** A run's figures, for people. */
export function columnOf(measured: Measured): Column {
  const { cost, memory } = measured;
  return {
    sagas: measured.sagas,
    'sagas/s': round(measured.sagasPerSecond, 1),
    'accepted, p50/p95/p99 ms': percentiles(measured.accepted),
    'ended, p50/p95/p99 ms': percentiles(measured.ended),
    'CPU ms a saga': round(cost.cpuMsInAll, 3),
    ...labelled('CPU ms a saga, ', cost.cpuMs, 3),
    'commits a saga': round(cost.commits, 3),
    'WAL bytes a saga': round(cost.walBytes),
    'messages a saga': round(cost.messages, 2),
    'AMQP messages a saga': round(cost.amqpMessages, 2),
    ...labelled('memory MB, ', memory, 0),
  };
}

/** Prints one column for each run, a row for each figure. */
export function printColumns(columns: Readonly<Record<string, Column>>): void {
  const names = [...new Set(Object.values(columns).flatMap((column) => Object.keys(column)))];
  console.table(
    Object.fromEntries(
      names.map((name) => [
        name,
        Object.fromEntries(Object.entries(columns).map(([heading, column]) => [heading, column[name]])),
      ]),
    ),
  );
}

export function printMachine(machine: Machine): void {
  const { processors, processor, memoryGb, system, node, postgres, rabbitmq, commit, settings } = machine;
  console.log(
    `${processors} × ${processor}, ${memoryGb} GB, ${system}; Node ${node}, PostgreSQL ${postgres}, RabbitMQ ${rabbitmq}; ` +
      `commit ${commit}; settings ${JSON.stringify(settings)}`,
  );
}

export function round(figure: number, digits = 0): number {
  return Number(figure.toFixed(digits));
}

export function percentiles({ p50, p95, p99 }: Percentiles): string {
  return [p50, p95, p99].map((ms) => round(ms, ms < 100 ? 1 : 0)).join(' / ');
}

function labelled(label: string, figures: Readonly<Record<string, number>>, digits: number): Column {
  return Object.fromEntries(
    Object.entries(figures).map(([who, figure]) => [`${label}${who}`, round(figure, digits)]),
  );
}
