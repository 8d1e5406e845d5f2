import { ApiProperty } from '@nestjs/swagger';
import { IsInt, IsUUID, Matches, Max, Min } from 'class-validator';

/** Reply to {@link AuthorisePayment}. */
export class PaymentAuthorised {
  @IsUUID()
  paymentId!: string;
}

/** Reply to {@link VoidPayment}: what was authorised is credit again, or nothing was authorised. */
export class PaymentVoided {}

/** Reply to {@link CapturePayment}. */
export class PaymentCaptured {
  @IsInt()
  amountCents!: number;
}

/** Reply to {@link RefundPayment}. */
export class PaymentRefunded {
  @IsInt()
  amountCents!: number;
}

/** Command: set an amount of a customer's credit aside. Refused with `CUSTOMER_UNKNOWN` or `CARD_DECLINED`. */
export class AuthorisePayment {
  static readonly type = 'shop-payments.authorise';
  static readonly reply = PaymentAuthorised;

  @ApiProperty({ example: 'ada', pattern: '^[a-z0-9-]{1,40}$' })
  @Matches(/^[a-z0-9-]{1,40}$/, {
    message: '$property must be 1 to 40 lower-case letters, digits or hyphens',
  })
  customerId!: string;

  @IsInt()
  @Min(1)
  @Max(2_000_000_000)
  amountCents!: number;
}

/**
 * Compensation of {@link AuthorisePayment}: finds what to undo by saga and step. Of a payment that is captured it is
 * refused with `ALREADY_CAPTURED`: that takes a refund.
 */
export class VoidPayment {
  static readonly type = 'shop-payments.void';
  static readonly reply = PaymentVoided;
}

/** Command: turn what the same saga has authorised into a charge. Refused with `CAPTURE_REFUSED`. */
export class CapturePayment {
  static readonly type = 'shop-payments.capture';
  static readonly reply = PaymentCaptured;
}

/** Command: give back what was charged for an order, once. Refused with `NOTHING_TO_REFUND`. */
export class RefundPayment {
  static readonly type = 'shop-payments.refund';
  static readonly reply = PaymentRefunded;

  @IsUUID()
  orderId!: string;
}
