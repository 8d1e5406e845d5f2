import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { Sagas, type SagaRecord } from '@clew/saga';
import { ApiProblems } from '@clew/service';
import type { Caller } from '../callers/caller.js';
import { CurrentCaller } from '../callers/current-caller.decorator.js';
import { ForCallers } from '../callers/for-callers.decorator.js';
import { answeringRefusals } from '../saga-view/answering-refusals.js';
import { CancelRequest } from '../saga-view/cancel.request.dto.js';
import { answerUnlessKnown, entityTagHeader, entityTagOf } from '../saga-view/entity-tag.js';
import { findInstance } from '../saga-view/find-instance.js';
import type { HttpReply } from '../saga-view/http-reply.js';
import { ownerSeenBy } from '../saga-view/own-instance.js';
import { PageQuery } from '../saga-view/page.query.dto.js';
import { ApiEvents, SagaEvents, type StreamReply } from '../saga-view/saga-events.js';
import { SagaHistoryResponse } from '../saga-view/saga-history.response.dto.js';
import { transitionsOf } from '../saga-view/saga-history.js';
import { pageOf } from '../saga-view/saga-page.js';
import { SagaStarter, type StartHeaders } from '../starting/saga-starter.js';
import { ApiStartHeaders, START_ANSWER_HEADERS, START_PROBLEMS } from '../starting/starting-headers.js';
import { order } from '../shop/order.saga.js';
import { UNAVAILABLE } from './documented-answers.js';
import { Order } from './order.dto.js';
import { OrderPage, OrderResponse } from './order.response.dto.js';
import { orderOf } from './order.js';

const ENTITY_TAG = entityTagHeader('order');
const NOT_FOUND = { 404: 'There is no such order' };

@ApiTags('orders')
@ForCallers()
@Controller('orders')
export class OrdersController {
  constructor(
    private readonly sagas: Sagas,
    private readonly starter: SagaStarter,
    private readonly events: SagaEvents,
  ) {}

  /** Places an order. Once this is answered, it ends: delivered and paid, or as if it had never been. */
  @Post()
  @ApiOperation({ operationId: 'placeOrder', summary: 'Place an order' })
  @HttpCode(202)
  @ApiAcceptedResponse({
    type: OrderResponse,
    headers: { ...START_ANSWER_HEADERS, ...ENTITY_TAG },
  })
  @ApiCreatedResponse({
    type: OrderResponse,
    description: 'It has ended within the time that was preferred.',
    headers: { ...START_ANSWER_HEADERS, ...ENTITY_TAG },
  })
  @ApiStartHeaders()
  @ApiProblems({ ...START_PROBLEMS, ...UNAVAILABLE })
  place(
    @Body() request: Order,
    @CurrentCaller() caller: Caller,
    @Headers() headers: StartHeaders,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<OrderResponse> {
    const options = { owner: caller.name, subject: request.customerId };
    return this.starter.start(order, request, options, headers, reply, (record) => this.orderOf(record));
  }

  /** Orders, newest first, a page at a time. */
  @Get()
  @ApiOperation({ operationId: 'listOrders', summary: 'List orders' })
  @ApiOkResponse({ type: OrderPage })
  @ApiProblems({ 400: 'The query is not valid', ...UNAVAILABLE })
  list(@CurrentCaller() caller: Caller, @Query() query: PageQuery): Promise<OrderPage> {
    return pageOf(this.sagas, order.name, { ...query, owner: ownerSeenBy(caller) }, (record) =>
      this.orderOf(record),
    );
  }

  /** An order as it stands. */
  @Get(':id')
  @ApiOperation({ operationId: 'getOrder', summary: 'Read an order' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'An ETag that the caller has already.' })
  @ApiOkResponse({ type: OrderResponse, headers: ENTITY_TAG })
  @ApiResponse({ status: 304, description: 'The order still has that ETag' })
  @ApiProblems({ ...NOT_FOUND, ...UNAVAILABLE })
  async find(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<OrderResponse | undefined> {
    const record = await this.recordOf(id, caller);
    return answerUnlessKnown(record, ifNoneMatch, reply, () => this.orderOf(record));
  }

  /** Everything that happened to an order, in order. */
  @Get(':id/history')
  @ApiOperation({ operationId: 'getOrderHistory', summary: 'Read everything that happened to an order' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: SagaHistoryResponse })
  @ApiProblems({ ...NOT_FOUND, ...UNAVAILABLE })
  async history(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<SagaHistoryResponse> {
    const record = await this.recordOf(id, caller);
    return { items: transitionsOf(record.id, record.history) };
  }

  /** The same as it happens: server-sent events, resumable by Last-Event-ID, until the order ends. */
  @Get(':id/events')
  @ApiOperation({ operationId: 'followOrder', summary: 'Follow what happens to an order' })
  @ApiEvents()
  @ApiProblems({ ...NOT_FOUND, ...UNAVAILABLE })
  async follow(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Headers('last-event-id') lastEventId: string | undefined,
    @Res() reply: StreamReply,
  ): Promise<void> {
    this.events.send(await this.recordOf(id, caller), lastEventId, reply);
  }

  /** Cancels an order whose payment isn't being captured yet: goods, wrapping and credit are given back. */
  @Post(':id/cancel')
  @ApiOperation({ operationId: 'cancelOrder', summary: 'Cancel an order that is under way' })
  @HttpCode(202)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiBody({ type: CancelRequest, required: false })
  @ApiAcceptedResponse({ type: OrderResponse, headers: ENTITY_TAG })
  @ApiProblems({
    ...NOT_FOUND,
    400: 'The request is not valid',
    409: 'The order has ended, or can only go forward',
    ...UNAVAILABLE,
  })
  async cancel(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    // Not a union with undefined: of that the validation would see nothing.
    @Body() request: CancelRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<OrderResponse> {
    const placed = await this.recordOf(id, caller);
    const reason = request.reason ?? 'The caller cancelled the order';
    await answeringRefusals(
      this.sagas.operate(placed.id, { action: 'cancel' }, { actor: caller.name ?? 'caller', reason }),
    );
    const record = await this.recordOf(placed.id, caller);
    reply.header('etag', entityTagOf(record));
    return this.orderOf(record);
  }

  /** By the definition that the order began with. */
  private orderOf(record: SagaRecord): OrderResponse {
    return orderOf(record, this.sagas.definitionOf(record) ?? order);
  }

  private recordOf(id: string, caller: Caller): Promise<SagaRecord> {
    return findInstance(this.sagas, order, id, 'order', caller);
  }
}
