import { ServiceEnvironment } from '@clew/service';

export class ShopStockEnvironment extends ServiceEnvironment {
  /** A free one, unless it is said. */
  override PORT = 0;
}
