import { ApiProperty } from '@nestjs/swagger';

export const PAYMENT_STATUSES = ['AUTHORISED', 'VOIDED', 'CAPTURED', 'REFUNDED'] as const;

export class PaymentResponse {
  @ApiProperty({ format: 'uuid' })
  orderId!: string;

  @ApiProperty({ enum: PAYMENT_STATUSES })
  status!: (typeof PAYMENT_STATUSES)[number];

  @ApiProperty({ format: 'uuid' })
  paymentId!: string;

  @ApiProperty({ example: 'ada' })
  customerId!: string;

  @ApiProperty({ type: 'integer', example: 2490 })
  amountCents!: number;

  @ApiProperty({ format: 'date-time' })
  createdAt!: string;

  @ApiProperty({ format: 'date-time' })
  updatedAt!: string;
}
