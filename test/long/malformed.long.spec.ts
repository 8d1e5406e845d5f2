import { describeFlood } from '../e2e/support/malformed-flood.js';

describeFlood({ perQueue: 10_000, huge: 20, within: 300_000 });
