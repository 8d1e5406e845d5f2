import { describeFlood } from './support/malformed-flood.js';

// Ten thousand of them: test/long/malformed.long.spec.ts.
describeFlood({ perQueue: 500, huge: 5, within: 60_000 });
