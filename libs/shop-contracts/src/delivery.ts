import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { IsLineOfText } from './validation/line-of-text.js';

/** Reply to {@link ArrangeDelivery}. */
export class DeliveryArranged {
  @IsUUID()
  deliveryId!: string;
}

/** Reply to {@link BookCollection}. */
export class CollectionBooked {
  @IsUUID()
  collectionId!: string;
}

/** Reply to {@link CancelCollection}: nobody comes, or nobody was to come. */
export class CollectionCancelled {}

/** Command: have the carrier deliver. Never refused; while the carrier is down, it waits. */
export class ArrangeDelivery {
  static readonly type = 'shop-delivery.arrange';
  static readonly reply = DeliveryArranged;

  @ApiProperty({ example: '12 St James’s Square, London', minLength: 1, maxLength: 300 })
  @IsLineOfText(300)
  address!: string;
}

/** Command: have the carrier fetch the goods of an order. Never refused; while the carrier is down, it waits. */
export class BookCollection {
  static readonly type = 'shop-delivery.book-collection';
  static readonly reply = CollectionBooked;

  @IsUUID()
  orderId!: string;

  @IsLineOfText(300)
  address!: string;
}

/** Compensation of {@link BookCollection}: finds what to undo by saga and step. */
export class CancelCollection {
  static readonly type = 'shop-delivery.cancel-collection';
  static readonly reply = CollectionCancelled;
}
