import { ApiProperty } from '@nestjs/swagger';
import { OrderItem } from '@clew/shop-contracts';
import { SagaLinks, SagaResponse } from '../saga-view/saga.response.dto.js';
import { Order } from './order.dto.js';

export class OrderLinks extends SagaLinks {
  @ApiProperty({ format: 'uri-reference' })
  cancel!: string;

  @ApiProperty({ format: 'uri-reference' })
  return!: string;

  @ApiProperty({ format: 'uri-reference' })
  exchange!: string;
}

export class OrderResponse extends SagaResponse {
  @ApiProperty({ type: Order, description: 'The request.' })
  order!: unknown;

  @ApiProperty({ type: OrderLinks })
  links!: OrderLinks;
}

export class OrderPage {
  @ApiProperty({ type: [OrderResponse], description: 'Newest first.' })
  items!: OrderResponse[];

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'Pass it as cursor for the next page; null on the last.',
  })
  nextCursor!: string | null;
}

export class FollowUpLinks extends SagaLinks {
  @ApiProperty({ format: 'uri-reference' })
  order!: string;
}

export class ReturnResponse extends SagaResponse {
  @ApiProperty({ format: 'uuid', description: 'The order that is returned.' })
  orderId!: string;

  @ApiProperty({ type: FollowUpLinks })
  links!: FollowUpLinks;
}

export class ExchangeResponse extends ReturnResponse {
  @ApiProperty({ type: [OrderItem], description: 'The replacement.' })
  items!: OrderItem[];
}
