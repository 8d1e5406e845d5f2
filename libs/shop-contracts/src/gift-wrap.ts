import { ApiProperty } from '@nestjs/swagger';
import { IsUUID } from 'class-validator';
import { IsLineOfText } from './validation/line-of-text.js';

/** Reply to {@link WrapGift}. */
export class GiftWrapped {
  @IsUUID()
  giftWrapId!: string;
}

/** Reply to {@link UnwrapGift}: the paper can be used again, or none was used. */
export class GiftUnwrapped {}

/** Command: wrap an order and add a card. Refused with `NO_WRAPPING_PAPER`. */
export class WrapGift {
  static readonly type = 'shop-stock.gift-wrap';
  static readonly reply = GiftWrapped;

  @ApiProperty({ example: 'Happy birthday, Grace!', minLength: 1, maxLength: 200 })
  @IsLineOfText(200)
  message!: string;
}

/** Compensation of {@link WrapGift}: finds what to undo by saga and step. */
export class UnwrapGift {
  static readonly type = 'shop-stock.unwrap';
  static readonly reply = GiftUnwrapped;
}
