import { connectParticipant } from '@clew/participant';
import { runService } from '@clew/service';
import { AppModule } from './app.module.js';
import { ShopPaymentsEnvironment } from './shop-payments-environment.js';

await runService(AppModule, {
  name: 'shop-payments',
  title: 'Clew shop, payments',
  environment: ShopPaymentsEnvironment,
  connect: connectParticipant,
});
