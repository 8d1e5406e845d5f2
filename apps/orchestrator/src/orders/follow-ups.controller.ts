import { Body, Controller, Get, Headers, HttpCode, Param, Post, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { Sagas } from '@clew/saga';
import { ApiProblems, conflict } from '@clew/service';
import type { Caller } from '../callers/caller.js';
import { CurrentCaller } from '../callers/current-caller.decorator.js';
import { ForCallers } from '../callers/for-callers.decorator.js';
import { answerUnlessKnown, entityTagHeader } from '../saga-view/entity-tag.js';
import { findInstance } from '../saga-view/find-instance.js';
import type { HttpReply } from '../saga-view/http-reply.js';
import { ApiEvents, SagaEvents, type StreamReply } from '../saga-view/saga-events.js';
import { SagaHistoryResponse } from '../saga-view/saga-history.response.dto.js';
import { transitionsOf } from '../saga-view/saga-history.js';
import { orderExchange } from '../shop/order-exchange.saga.js';
import { orderReturn } from '../shop/order-return.saga.js';
import { order } from '../shop/order.saga.js';
import { SagaStarter, type StartHeaders } from '../starting/saga-starter.js';
import { ApiStartHeaders, START_ANSWER_HEADERS, START_PROBLEMS } from '../starting/starting-headers.js';
import { UNAVAILABLE } from './documented-answers.js';
import { ExchangeOrderRequest } from './exchange-order.request.dto.js';
import type { Order } from './order.dto.js';
import { ExchangeResponse, ReturnResponse } from './order.response.dto.js';
import { exchangeOf, returnOf } from './order.js';

const RETURN_TAG = entityTagHeader('return');
const EXCHANGE_TAG = entityTagHeader('exchange');
const NOT_OPEN = { 404: 'There is no such order', 409: 'The order is not COMPLETED' };

/** What is known of an order that can be given back. */
interface Delivered {
  readonly orderId: string;
  readonly owner: string | undefined;
  readonly address: string;
}

/** What may follow upon an order that was delivered. */
@ApiTags('orders')
@ForCallers()
@Controller()
export class FollowUpsController {
  constructor(
    private readonly sagas: Sagas,
    private readonly starter: SagaStarter,
    private readonly events: SagaEvents,
  ) {}

  /** Has an order fetched, refunded and put back on the shelf. A second return finds nothing to refund, and is undone. */
  @Post('orders/:id/return')
  @ApiOperation({ operationId: 'returnOrder', summary: 'Return an order' })
  @HttpCode(202)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiAcceptedResponse({ type: ReturnResponse, headers: { ...START_ANSWER_HEADERS, ...RETURN_TAG } })
  @ApiCreatedResponse({ type: ReturnResponse, headers: { ...START_ANSWER_HEADERS, ...RETURN_TAG } })
  @ApiStartHeaders()
  @ApiProblems({ ...NOT_OPEN, ...START_PROBLEMS, ...UNAVAILABLE })
  async return(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Headers() headers: StartHeaders,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<ReturnResponse> {
    const { owner, orderId, address } = await this.delivered(id, caller);
    return this.starter.start(orderReturn, { orderId, address }, { owner }, headers, reply, (record) =>
      returnOf(record, orderReturn),
    );
  }

  /** Returns an order for something else. */
  @Post('orders/:id/exchange')
  @ApiOperation({ operationId: 'exchangeOrder', summary: 'Exchange an order for something else' })
  @HttpCode(202)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiAcceptedResponse({ type: ExchangeResponse, headers: { ...START_ANSWER_HEADERS, ...EXCHANGE_TAG } })
  @ApiCreatedResponse({ type: ExchangeResponse, headers: { ...START_ANSWER_HEADERS, ...EXCHANGE_TAG } })
  @ApiStartHeaders()
  @ApiProblems({ ...NOT_OPEN, ...START_PROBLEMS, ...UNAVAILABLE })
  async exchange(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Body() { items }: ExchangeOrderRequest,
    @Headers() headers: StartHeaders,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<ExchangeResponse> {
    const { owner, orderId, address } = await this.delivered(id, caller);
    return this.starter.start(
      orderExchange,
      { orderId, address, items },
      { owner },
      headers,
      reply,
      (record) => exchangeOf(record, orderExchange),
    );
  }

  /** A return as it stands. */
  @Get('returns/:id')
  @ApiOperation({ operationId: 'getReturn', summary: 'Read a return' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: ReturnResponse, headers: RETURN_TAG })
  @ApiResponse({ status: 304, description: 'The return still has that ETag' })
  @ApiProblems({ 404: 'There is no such return', ...UNAVAILABLE })
  async findReturn(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<ReturnResponse | undefined> {
    const record = await findInstance(this.sagas, orderReturn, id, 'return', caller);
    const definition = this.sagas.definitionOf(record) ?? orderReturn;
    return answerUnlessKnown(record, ifNoneMatch, reply, () => returnOf(record, definition));
  }

  /** Everything that happened to a return, in order. */
  @Get('returns/:id/history')
  @ApiOperation({ operationId: 'getReturnHistory', summary: 'Read everything that happened to a return' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: SagaHistoryResponse })
  @ApiProblems({ 404: 'There is no such return', ...UNAVAILABLE })
  async returnHistory(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
  ): Promise<SagaHistoryResponse> {
    const record = await findInstance(this.sagas, orderReturn, id, 'return', caller);
    return { items: transitionsOf(record.id, record.history) };
  }

  /** The same as it happens: server-sent events, resumable by Last-Event-ID, until the return ends. */
  @Get('returns/:id/events')
  @ApiOperation({ operationId: 'followReturn', summary: 'Follow what happens to a return' })
  @ApiEvents()
  @ApiProblems({ 404: 'There is no such return', ...UNAVAILABLE })
  async followReturn(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: StreamReply,
  ): Promise<void> {
    this.events.send(await findInstance(this.sagas, orderReturn, id, 'return', caller), lastEventId, reply);
  }

  /** An exchange as it stands. */
  @Get('exchanges/:id')
  @ApiOperation({ operationId: 'getExchange', summary: 'Read an exchange' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: ExchangeResponse, headers: EXCHANGE_TAG })
  @ApiResponse({ status: 304, description: 'The exchange still has that ETag' })
  @ApiProblems({ 404: 'There is no such exchange', ...UNAVAILABLE })
  async findExchange(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<ExchangeResponse | undefined> {
    const record = await findInstance(this.sagas, orderExchange, id, 'exchange', caller);
    const definition = this.sagas.definitionOf(record) ?? orderExchange;
    return answerUnlessKnown(record, ifNoneMatch, reply, () => exchangeOf(record, definition));
  }

  /** Everything that happened to an exchange, in order. */
  @Get('exchanges/:id/history')
  @ApiOperation({
    operationId: 'getExchangeHistory',
    summary: 'Read everything that happened to an exchange',
  })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: SagaHistoryResponse })
  @ApiProblems({ 404: 'There is no such exchange', ...UNAVAILABLE })
  async exchangeHistory(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
  ): Promise<SagaHistoryResponse> {
    const record = await findInstance(this.sagas, orderExchange, id, 'exchange', caller);
    return { items: transitionsOf(record.id, record.history) };
  }

  /** The same as it happens: server-sent events, resumable by Last-Event-ID, until the exchange ends. */
  @Get('exchanges/:id/events')
  @ApiOperation({ operationId: 'followExchange', summary: 'Follow what happens to an exchange' })
  @ApiEvents()
  @ApiProblems({ 404: 'There is no such exchange', ...UNAVAILABLE })
  async followExchange(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: StreamReply,
  ): Promise<void> {
    this.events.send(
      await findInstance(this.sagas, orderExchange, id, 'exchange', caller),
      lastEventId,
      reply,
    );
  }

  /** An order that can be given back, whose it is, and where the goods are. @throws 404, or 409 unless it is COMPLETED */
  private async delivered(id: string, caller: Caller): Promise<Delivered> {
    const record = await findInstance(this.sagas, order, id, 'order', caller);
    const { id: orderId, owner, status, input } = record;
    if (status !== 'COMPLETED') throw conflict(`Order ${orderId} is ${status}, not COMPLETED.`);
    return { orderId, owner, address: (input as Order).address };
  }
}
