import { Body, Controller, Get, Headers, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiBody,
  ApiHeader,
  ApiOkResponse,
  ApiParam,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { Sagas, type SagaRecord } from '@clew/saga';
import { ApiProblems, invalid, isUuid, notFound } from '@clew/service';
import { tripBooking } from '../trip-booking.saga.js';
import { BookTripRequest } from './book-trip.request.dto.js';
import { decodeCursor, encodeCursor } from './booking-cursor.js';
import { BookingHistoryResponse } from './booking-history.response.dto.js';
import { transitionsOf } from './booking-history.js';
import { BookingPage, BookingResponse } from './booking.response.dto.js';
import { bookingOf, entityTagOf, namesEntityTag } from './booking.js';
import { answeringRefusals } from '../operations/answering-refusals.js';
import { CancelBookingRequest } from './cancel-booking.request.dto.js';
import { ListBookingsQuery } from './list-bookings.query.dto.js';

const DEFAULT_LIMIT = 20;
const ENTITY_TAG = {
  ETag: { description: 'Changes whenever the booking does.', schema: { type: 'string' } },
} as const;
const NOT_FOUND = { 404: 'There is no such booking' };
const UNAVAILABLE = { 503: 'The database is away for the moment; try again after Retry-After seconds' };

/** What the controller needs of a reply, whichever HTTP server it is of. */
interface HttpReply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
}

@ApiTags('bookings')
@Controller('bookings')
export class BookingsController {
  constructor(private readonly sagas: Sagas) {}

  /** Books a trip. Once this is answered, the booking ends: with everything reserved, or with nothing. */
  @Post()
  @HttpCode(202)
  @ApiAcceptedResponse({
    type: BookingResponse,
    headers: { Location: { description: 'Path of the booking.', schema: { type: 'string' } }, ...ENTITY_TAG },
  })
  @ApiProblems({
    400: 'The request is not valid',
    413: 'The body is larger than 64 KB',
    415: 'The body is not JSON',
    ...UNAVAILABLE,
  })
  async book(
    @Body() request: BookTripRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<BookingResponse> {
    const record = await this.sagas.start(tripBooking, request);
    const booking = this.bookingOf(record);
    reply.header('location', booking.links.self);
    reply.header('etag', entityTagOf(record));
    return booking;
  }

  /** Bookings, newest first, a page at a time. */
  @Get()
  @ApiOkResponse({ type: BookingPage })
  @ApiProblems({ 400: 'The query is not valid', ...UNAVAILABLE })
  async list(@Query() { status, limit: limitText, cursor }: ListBookingsQuery): Promise<BookingPage> {
    const limit = Number(limitText ?? DEFAULT_LIMIT);
    const before = cursor === undefined ? undefined : decodeCursor(cursor, status);
    if (cursor !== undefined && before === undefined) {
      throw invalid([
        { field: 'cursor', message: 'cursor must be the nextCursor of a page with the same status' },
      ]);
    }
    // One more than asked for tells whether there is another page.
    const records = await this.sagas.list({ name: tripBooking.name, status, limit: limit + 1, before });
    const page = records.slice(0, limit);
    const last = records.length > limit ? page.at(-1) : undefined;
    return {
      items: page.map((record) => this.bookingOf(record)),
      nextCursor: last ? encodeCursor({ before: last.id, status }) : null,
    };
  }

  /** A booking as it stands. */
  @Get(':id')
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiHeader({ name: 'If-None-Match', required: false, description: 'An ETag that the caller has already.' })
  @ApiOkResponse({ type: BookingResponse, headers: ENTITY_TAG })
  @ApiResponse({ status: 304, description: 'The booking still has that ETag' })
  @ApiProblems({ ...NOT_FOUND, ...UNAVAILABLE })
  async find(
    @Param('id') id: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<BookingResponse | undefined> {
    const record = await this.recordOf(id);
    const entityTag = entityTagOf(record);
    reply.header('etag', entityTag);
    if (namesEntityTag(ifNoneMatch, entityTag)) {
      reply.status(304);
      return undefined;
    }
    return this.bookingOf(record);
  }

  /** Everything that happened to a booking, in order. */
  @Get(':id/history')
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiOkResponse({ type: BookingHistoryResponse })
  @ApiProblems({ ...NOT_FOUND, ...UNAVAILABLE })
  async history(@Param('id') id: string): Promise<BookingHistoryResponse> {
    const record = await this.recordOf(id);
    return { items: transitionsOf(record.id, record.history) };
  }

  /** Cancels a booking that is under way: what was or may have been reserved is given back. */
  @Post(':id/cancel')
  @HttpCode(202)
  @ApiParam({ name: 'id', format: 'uuid' })
  @ApiBody({ type: CancelBookingRequest, required: false })
  @ApiAcceptedResponse({ type: BookingResponse, headers: ENTITY_TAG })
  @ApiProblems({
    ...NOT_FOUND,
    400: 'The request is not valid',
    409: 'The booking has ended, or can only go forward',
    ...UNAVAILABLE,
  })
  async cancel(
    @Param('id') id: string,
    // Not a union with undefined: of that the validation would see nothing.
    @Body() request: CancelBookingRequest,
    @Res({ passthrough: true }) reply: HttpReply,
  ): Promise<BookingResponse> {
    const booking = await this.recordOf(id);
    const reason = request.reason ?? 'The caller cancelled the booking';
    await answeringRefusals(
      this.sagas.operate(booking.id, { action: 'cancel' }, { actor: 'caller', reason }),
    );
    const record = await this.recordOf(booking.id);
    reply.header('etag', entityTagOf(record));
    return this.bookingOf(record);
  }

  /** By the definition that the booking began with. */
  private bookingOf(record: SagaRecord): BookingResponse {
    return bookingOf(record, this.sagas.definitionOf(record) ?? tripBooking);
  }

  private async recordOf(id: string): Promise<SagaRecord> {
    const record = isUuid(id) ? await this.sagas.find(id.toLowerCase()) : undefined;
    if (record?.saga !== tripBooking.name) throw notFound(`There is no booking ${id}.`);
    return record;
  }
}
