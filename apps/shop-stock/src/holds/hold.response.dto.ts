import { ApiProperty } from '@nestjs/swagger';
import { OrderItem } from '@clew/shop-contracts';

export const HOLD_STATUSES = ['HELD', 'RELEASED', 'RETURNED'] as const;

export class GiftWrapResponse {
  @ApiProperty({ enum: ['WRAPPED', 'UNWRAPPED'] })
  status!: 'WRAPPED' | 'UNWRAPPED';

  @ApiProperty({ example: 'Happy birthday, Grace!' })
  message!: string;
}

export class HoldResponse {
  @ApiProperty({ format: 'uuid', description: 'The order, or the exchange, that they are held for.' })
  orderId!: string;

  @ApiProperty({ enum: HOLD_STATUSES })
  status!: (typeof HOLD_STATUSES)[number];

  @ApiProperty({ format: 'uuid' })
  holdId!: string;

  @ApiProperty({ type: [OrderItem] })
  items!: OrderItem[];

  @ApiProperty({ type: 'integer', example: 2490 })
  totalCents!: number;

  @ApiProperty({ type: GiftWrapResponse, nullable: true })
  giftWrap!: GiftWrapResponse | null;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ type: 'string', format: 'date-time', nullable: true })
  endedAt!: string | null;
}
