import { runService } from '@clew/service';
import { AppModule } from './app.module.js';
import { protectGateway } from './callers/protect-gateway.js';
import { OrchestratorEnvironment } from './orchestrator-environment.js';

await runService(AppModule, {
  name: 'orchestrator',
  title: 'Clew trips and orders',
  environment: OrchestratorEnvironment,
  protect: protectGateway,
});
