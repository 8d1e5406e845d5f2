import { ApiProperty } from '@nestjs/swagger';
import { SagaLinks, SagaResponse } from '../saga-view/saga.response.dto.js';
import { BookTripRequest, COORDINATIONS } from './book-trip.request.dto.js';

export class BookingLinks extends SagaLinks {
  @ApiProperty({ format: 'uri-reference' })
  cancel!: string;
}

export class BookingResponse extends SagaResponse {
  @ApiProperty({ enum: COORDINATIONS })
  coordination!: (typeof COORDINATIONS)[number];

  @ApiProperty({ type: BookTripRequest, description: 'The request.' })
  trip!: unknown;

  @ApiProperty({ type: BookingLinks })
  links!: BookingLinks;
}

export class BookingPage {
  @ApiProperty({ type: [BookingResponse], description: 'Newest first.' })
  items!: BookingResponse[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Pass it as cursor for the next page; null on the last.',
  })
  nextCursor!: string | null;
}
