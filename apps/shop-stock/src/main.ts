import { connectParticipant } from '@clew/participant';
import { runService } from '@clew/service';
import { AppModule } from './app.module.js';
import { ShopStockEnvironment } from './shop-stock-environment.js';

await runService(AppModule, {
  name: 'shop-stock',
  title: 'Clew shop, stock',
  environment: ShopStockEnvironment,
  connect: connectParticipant,
});
