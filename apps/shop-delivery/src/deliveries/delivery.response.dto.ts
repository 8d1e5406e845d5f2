import { ApiProperty } from '@nestjs/swagger';

export class CollectionResponse {
  @ApiProperty({ format: 'uuid', description: 'The return that it was booked for.' })
  returnId!: string;

  @ApiProperty({ enum: ['BOOKED', 'CANCELLED'] })
  status!: 'BOOKED' | 'CANCELLED';

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;
}

export class DeliveryResponse {
  @ApiProperty({ format: 'uuid', description: 'The order, or the exchange, that is delivered.' })
  orderId!: string;

  @ApiProperty({ enum: ['ARRANGED'] })
  status!: 'ARRANGED';

  @ApiProperty({ format: 'uuid' })
  deliveryId!: string;

  @ApiProperty({ example: '12 St James’s Square, London' })
  address!: string;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: [CollectionResponse], description: 'Of returns of the order, oldest first.' })
  collections!: CollectionResponse[];
}
