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
import { ApiEvents, SagaEvents, type StreamReply } from '../saga-view/saga-events.js';
import { SagaHistoryResponse } from '../saga-view/saga-history.response.dto.js';
import { transitionsOf } from '../saga-view/saga-history.js';
import { pageOf } from '../saga-view/saga-page.js';
import { SagaStarter, type StartHeaders } from '../starting/saga-starter.js';
import { ApiStartHeaders, START_ANSWER_HEADERS, START_PROBLEMS } from '../starting/starting-headers.js';
import { tripBooking } from '@clew/trip-booking';
import { BookTripRequest } from './book-trip.request.dto.js';
import { BookingPage, BookingResponse } from './booking.response.dto.js';
import { ListBookingsQuery } from './list-bookings.query.dto.js';
import { bookingOf } from './booking.js';

const ENTITY_TAG = entityTagHeader('booking');
const NOT_FOUND = { 404: 'There is no such booking' };
const UNAVAILABLE = { 503: 'The database is away for the moment; try again after Retry-After seconds' };

@ApiTags('bookings')
@ForCallers()
@Controller('bookings')
export class BookingsController {
  constructor(
    private readonly sagas: Sagas,
    private readonly starter: SagaStarter,
    private readonly events: SagaEvents,
  ) {}

  /** Books a trip. Once this is answered, the booking ends: with everything reserved, or with nothing. */
  @Post()
  @ApiOperation({ operationId: 'bookTrip', summary: 'Book a trip' })
  @HttpCode(202)
  @ApiAcceptedResponse({
    type: BookingResponse,
    headers: { ...START_ANSWER_HEADERS, ...ENTITY_TAG },
  })
  @ApiCreatedResponse({
    type: BookingResponse,
    description: 'It has ended within the time that was preferred.',
    headers: { ...START_ANSWER_HEADERS, ...ENTITY_TAG },
  })
  @ApiStartHeaders()
  @ApiProblems({ ...START_PROBLEMS, ...UNAVAILABLE })
  book(
    @Body() request: BookTripRequest,
    @CurrentCaller() caller: Caller,
    @Headers() headers: StartHeaders,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<BookingResponse> {
    const { coordination, traveller } = request;
    const options = { coordination, owner: caller.name, subject: traveller.email };
    return this.starter.start(tripBooking, request, options, headers, reply, (record) =>
      this.bookingOf(record),
    );
  }

  /** Bookings, newest first, a page at a time. */
  @Get()
  @ApiOperation({ operationId: 'listBookings', summary: 'List bookings' })
  @ApiOkResponse({ type: BookingPage })
  @ApiProblems({ 400: 'The query is not valid', ...UNAVAILABLE })
  list(
    @CurrentCaller() caller: Caller,
    @Query() { email, ...query }: ListBookingsQuery,
  ): Promise<BookingPage> {
    return pageOf(
      this.sagas,
      tripBooking.name,
      { ...query, subject: email, owner: ownerSeenBy(caller) },
      (record) => this.bookingOf(record),
    );
  }

  /** A booking as it stands. */
  @Get(':id')
  @ApiOperation({ operationId: 'getBooking', summary: 'Read a booking' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'An ETag that the caller has already.' })
  @ApiOkResponse({ type: BookingResponse, headers: ENTITY_TAG })
  @ApiResponse({ status: 304, description: 'The booking still has that ETag' })
  @ApiProblems({ ...NOT_FOUND, ...UNAVAILABLE })
  async find(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<BookingResponse | undefined> {
    const record = await this.recordOf(id, caller);
    return answerUnlessKnown(record, ifNoneMatch, reply, () => this.bookingOf(record));
  }

  /** Everything that happened to a booking, in order. */
  @Get(':id/history')
  @ApiOperation({ operationId: 'getBookingHistory', summary: 'Read everything that happened to a booking' })
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: SagaHistoryResponse })
  @ApiProblems({ ...NOT_FOUND, ...UNAVAILABLE })
  async history(@Param('id') id: string, @CurrentCaller() caller: Caller): Promise<SagaHistoryResponse> {
    const record = await this.recordOf(id, caller);
    return { items: transitionsOf(record.id, record.history) };
  }

  /** The same as it happens: server-sent events, resumable by Last-Event-ID, until the booking ends. */
  @Get(':id/events')
  @ApiOperation({ operationId: 'followBooking', summary: 'Follow what happens to a booking' })
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

  /** Cancels a booking that is under way: what was or may have been reserved is given back. */
  @Post(':id/cancel')
  @ApiOperation({ operationId: 'cancelBooking', summary: 'Cancel a booking that is under way' })
  @HttpCode(202)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiBody({ type: CancelRequest, required: false })
  @ApiAcceptedResponse({ type: BookingResponse, headers: ENTITY_TAG })
  @ApiProblems({
    ...NOT_FOUND,
    400: 'The request is not valid',
    409: 'The booking has ended, or can only go forward',
    ...UNAVAILABLE,
  })
  async cancel(
    @Param('id') id: string,
    @CurrentCaller() caller: Caller,
    // Not a union with undefined: of that the validation would see nothing.
    @Body() request: CancelRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<BookingResponse> {
    const booking = await this.recordOf(id, caller);
    const reason = request.reason ?? 'The caller cancelled the booking';
    await answeringRefusals(
      this.sagas.operate(booking.id, { action: 'cancel' }, { actor: caller.name ?? 'caller', reason }),
    );
    const record = await this.recordOf(booking.id, caller);
    reply.header('etag', entityTagOf(record));
    return this.bookingOf(record);
  }

  /** By the definition that the booking began with. */
  private bookingOf(record: SagaRecord): BookingResponse {
    return bookingOf(record, this.sagas.definitionOf(record) ?? tripBooking);
  }

  private recordOf(id: string, caller: Caller): Promise<SagaRecord> {
    return findInstance(this.sagas, tripBooking, id, 'booking', caller);
  }
}
