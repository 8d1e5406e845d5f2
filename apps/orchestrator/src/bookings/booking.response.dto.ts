import { ApiProperty } from '@nestjs/swagger';
import { SagaResponse } from '../saga-view/saga.response.dto.js';
import { BookTripRequest } from './book-trip.request.dto.js';

export class BookingLinks {
  @ApiProperty({ format: 'uri-reference' })
  self!: string;

  @ApiProperty({ format: 'uri-reference' })
  history!: string;

  @ApiProperty({ format: 'uri-reference' })
  events!: string;

  @ApiProperty({ format: 'uri-reference' })
  cancel!: string;
}

export class BookingResponse extends SagaResponse {
  @ApiProperty({ enum: ['orchestration'] })
  coordination!: 'orchestration';

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
