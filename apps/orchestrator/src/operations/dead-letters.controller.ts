import { Body, Controller, Get, HttpCode, Inject, Logger, Post, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type {
  DeadLetter,
  DeadLetters,
  DeadLetterSelection,
  DeadLettersMoved,
  DeadLetterSummary,
} from '@clew/broker';
import { DEAD_LETTERS } from '@clew/saga';
import { ApiProblems, notFound } from '@clew/service';
import type { Caller } from '../callers/caller.js';
import { CurrentCaller } from '../callers/current-caller.decorator.js';
import {
  DeadLetterList,
  MovedDeadLetters,
  type DeadLetterResponse,
  type MovedDeadLetter,
} from './dead-letter.response.dto.js';
import { selectionOf } from './dead-letter-selection.js';
import { ListDeadLettersQuery } from './list-dead-letters.query.dto.js';
import { MoveDeadLettersRequest } from './move-dead-letters.request.dto.js';
import { OperatorLog } from './operator-log.js';
import { ForOperators } from './for-operators.decorator.js';

const MOST_TOLD = 200;
const USUALLY_LISTED = 50;
const PROBLEMS = {
  400: 'The request is not valid',
  403: 'The key is that of a caller, who is no operator',
  404: 'There is no such queue',
  503: 'RabbitMQ is away for the moment; try again after Retry-After seconds',
};

/** For the people who see to messages that nobody could work on. */
@ForOperators()
@Controller('operations/dead-letters')
export class DeadLettersController {
  private readonly logger = new Logger('DeadLetters');

  constructor(
    @Inject(DEAD_LETTERS) private readonly deadLetters: DeadLetters,
    private readonly log: OperatorLog,
  ) {}

  /** Messages that were parked, with the reasons. */
  @Get()
  @ApiOperation({ operationId: 'listDeadLetters', summary: 'List dead letters with their reasons' })
  @ApiOkResponse({ type: DeadLetterList })
  @ApiProblems(PROBLEMS)
  async list(@Query() { queue, limit }: ListDeadLettersQuery): Promise<DeadLetterList> {
    const selection = this.known(queue === undefined ? { all: true } : { queue });
    const { letters } = await this.deadLetters.list(selection, Number(limit ?? USUALLY_LISTED));
    return { items: letters.map(responseOf), counts: await this.deadLetters.counts() };
  }

  /** Sends them back to the queues that they came from. */
  @Post('redrive')
  @ApiOperation({ operationId: 'redriveDeadLetters', summary: 'Send dead letters back to their queues' })
  @HttpCode(200)
  @ApiOkResponse({ type: MovedDeadLetters })
  @ApiProblems(PROBLEMS)
  redrive(
    @Body() request: MoveDeadLettersRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<MovedDeadLetters> {
    return this.move('redrive', request, caller, ({ done, matched }) =>
      this.logger.log(`Redrove ${done.length} of ${matched} dead letters. ${wordOf(request)}`),
    );
  }

  /** Throws them away for good; which, by whom and why is in the log. */
  @Post('discard')
  @ApiOperation({ operationId: 'discardDeadLetters', summary: 'Throw dead letters away' })
  @HttpCode(200)
  @ApiOkResponse({ type: MovedDeadLetters })
  @ApiProblems(PROBLEMS)
  discard(
    @Body() request: MoveDeadLettersRequest,
    @CurrentCaller() caller: Caller,
  ): Promise<MovedDeadLetters> {
    return this.move('discard', request, caller, ({ done }) => {
      for (const letter of done) this.logger.warn(`Discarded ${inWords(letter)}. ${wordOf(request)}`);
    });
  }

  private async move(
    action: 'redrive' | 'discard',
    request: MoveDeadLettersRequest,
    caller: Caller,
    tell: (moved: DeadLettersMoved) => void,
  ): Promise<MovedDeadLetters> {
    const { actor, reason, dryRun } = request;
    const selection = this.known(selectionOf(request));
    if (dryRun) return this.preview(selection);
    const entry = {
      actor,
      reason,
      keyName: caller.name,
      action: `${action} dead letters`,
      target: selection,
    };
    const moved = await this.log.keep(entry, () => this.deadLetters[action](selection));
    tell(moved);
    return answerOf(moved);
  }

  private async preview(selection: DeadLetterSelection): Promise<MovedDeadLetters> {
    const { letters, matched } = await this.deadLetters.list(selection, MOST_TOLD);
    return { dryRun: true, matched, done: 0, left: matched, letters: letters.map(briefOf) };
  }

  private known(selection: DeadLetterSelection): DeadLetterSelection {
    const { queues } = this.deadLetters;
    if ('queue' in selection && !queues.includes(selection.queue))
      throw notFound(`There is no queue "${selection.queue}". There are ${queues.join(', ')}.`);
    return selection;
  }
}

function answerOf({ matched, done }: DeadLettersMoved): MovedDeadLetters {
  return {
    dryRun: false,
    matched,
    done: done.length,
    left: matched - done.length,
    letters: done.slice(0, MOST_TOLD).map(briefOf),
  };
}

function briefOf({ id, queue, messageId, reason }: DeadLetterSummary): MovedDeadLetter {
  return { id, queue, messageId: messageId ?? null, reason };
}

function responseOf(letter: DeadLetter): DeadLetterResponse {
  const { parkedAt, correlationId = null, type = null, returns, bytes, headers, payload, encoding } = letter;
  return {
    ...briefOf(letter),
    parkedAt: parkedAt?.toISOString() ?? null,
    correlationId,
    type,
    returns,
    bytes,
    headers,
    payload,
    encoding,
  };
}

/** In one line, whatever is in it. */
function inWords({ id, queue, messageId, type, reason }: DeadLetterSummary): string {
  return `dead letter ${id} of ${queue}: ${JSON.stringify({ messageId, type, reason })}`;
}

function wordOf({ actor, reason }: MoveDeadLettersRequest): string {
  return `By ${JSON.stringify(actor)}: ${JSON.stringify(reason)}`;
}
