import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import { Sagas, type Operation } from '@clew/saga';
import { ApiProblems, invalid, ProblemException } from '@clew/service';
import type { Caller } from '../callers/caller.js';
import { CurrentCaller } from '../callers/current-caller.decorator.js';
import { pageOf } from '../saga-view/saga-page.js';
import { BatchRequest, BatchResponse, MOST_IN_BATCH, type BatchOutcome } from './batch.dto.js';
import { OperatorLog } from './operator-log.js';
import { ForOperators } from './for-operators.decorator.js';
import { SagaOperations } from './saga-operations.js';

/** Sagas that are seen to at the same time. */
const AT_ONCE = 20;
const PAGE = 100;

type One = Pick<BatchOutcome, 'outcome' | 'because'>;

/** The same done to many sagas. */
@ForOperators()
@Controller('operations/batches')
export class BatchesController {
  constructor(
    private readonly sagas: Sagas,
    private readonly operations: SagaOperations,
    private readonly log: OperatorLog,
  ) {}

  /**
   * Does the same to many sagas, and says what became of each. Which sagas is found out by a dry run, and doesn't change any
   * more: what it is done to are the ids that are sent, whatever else fits the filter by then.
   */
  @Post()
  @HttpCode(200)
  @ApiOperation({ operationId: 'runBatch', summary: 'Do the same to many sagas' })
  @ApiOkResponse({ type: BatchResponse })
  @ApiProblems({
    400: 'The request is not valid',
    503: 'The database is away for the moment; try again after Retry-After seconds',
  })
  async run(@Body() request: BatchRequest, @CurrentCaller() caller: Caller): Promise<BatchResponse> {
    const { actor, reason, dryRun = false } = request;
    const operation = operationOf(request);
    const { ids, more } = await this.idsOf(request, dryRun);
    const doAll = () =>
      eachOf(ids, (id) =>
        outcomeOf(
          dryRun
            ? this.operations.preview(id, operation, { actor, reason })
            : this.operations.operate(id, operation, { actor, reason }),
        ),
      );
    const entry = { actor, reason, keyName: caller.name, action: `batch ${operation.action}` };
    const outcomes = dryRun
      ? await doAll()
      : await this.log.keep({ ...entry, target: { ids, ...operation } }, doAll);
    return { dryRun, matched: ids.length, more, outcomes: grouped(ids, outcomes) };
  }

  private async idsOf(
    { ids, filter }: BatchRequest,
    dryRun: boolean,
  ): Promise<{ ids: string[]; more: boolean }> {
    if ((ids === undefined) === (filter === undefined))
      throw invalid([{ field: 'ids', message: 'either ids or, for a dry run, a filter must be given' }]);
    if (ids) return { ids: ids.map((id) => id.toLowerCase()), more: false };
    if (!dryRun)
      throw invalid([
        {
          field: 'filter',
          message: 'is for dry runs: send the ids that a dry run has found to have it done',
        },
      ]);
    const { saga, ...query } = filter!;
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await pageOf(
        this.sagas,
        saga,
        { ...query, limit: String(PAGE), ...(cursor && { cursor }) },
        ({ id }) => id,
      );
      found.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined && found.length < MOST_IN_BATCH);
    return { ids: found, more: cursor !== undefined };
  }
}

/** @throws 400 when the action needs a step and there is none, or the other way round */
function operationOf({ action, step }: BatchRequest): Operation {
  if (action === 'compensate' || action === 'cancel') {
    if (step === undefined) return { action };
    throw invalid([{ field: 'step', message: `is not for ${action}, which is about the whole saga` }]);
  }
  if (step !== undefined) return { action, step };
  throw invalid([{ field: 'step', message: `must say which step to ${action}` }]);
}

async function outcomeOf(operation: Promise<{ changed: boolean; because: string | null }>): Promise<One> {
  try {
    const { changed, because } = await operation;
    return { outcome: changed ? 'changed' : 'unchanged', because };
  } catch (error) {
    // What isn't about this saga ends the batch; what was done by then is in the histories.
    if (!(error instanceof ProblemException) || ![404, 409].includes(error.problem.status)) throw error;
    return { outcome: 'refused', because: error.problem.detail };
  }
}

function grouped(ids: readonly string[], outcomes: readonly One[]): BatchOutcome[] {
  const groups = new Map<string, BatchOutcome>();
  for (const [index, { outcome, because }] of outcomes.entries()) {
    const name = JSON.stringify([outcome, because]);
    const group = groups.get(name) ?? { outcome, because, count: 0, ids: [] };
    groups.set(name, group);
    group.count += 1;
    group.ids.push(ids[index]!);
  }
  return [...groups.values()];
}

/** In the order of the ids, a few at a time. */
async function eachOf(ids: readonly string[], act: (id: string) => Promise<One>): Promise<One[]> {
  const outcomes: One[] = [];
  for (let from = 0; from < ids.length; from += AT_ONCE)
    outcomes.push(...(await Promise.all(ids.slice(from, from + AT_ONCE).map(act))));
  return outcomes;
}
