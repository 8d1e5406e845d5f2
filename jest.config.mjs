/**
 * Three kinds of tests, by the ending of their names:
 *   *.unit.spec.ts  pure, no server
 *   *.int.spec.ts   one part against a real RabbitMQ or PostgreSQL
 *   *.e2e.spec.ts   the whole system as processes, seen from outside
 * and *.long.spec.ts, the same with more of it, only when asked for: npm run test:long
 */
const base = {
  rootDir: import.meta.dirname,
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: {
          target: 'es2023',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
      },
    ],
  },
  moduleNameMapper: {
    '^@clew/([a-z-]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^@clew/([a-z-]+)/([a-z-]+)$': '<rootDir>/libs/$1/src/$2/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  setupFiles: ['reflect-metadata'],
  // Tests wait for conditions and say which one didn't come. This only ends one that hangs, on a machine however busy.
  testTimeout: 60_000,
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data'],
};

const servers = {
  globalSetup: '<rootDir>/test/setup/start-infrastructure.mjs',
  globalTeardown: '<rootDir>/test/setup/stop-infrastructure.mjs',
};

const long = {
  ...base,
  ...servers,
  displayName: 'long',
  testMatch: ['<rootDir>/{libs,apps,scripts,test}/**/*.long.spec.ts'],
};
const isLongAskedFor = process.argv.includes('long');

export default {
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['<rootDir>/{libs,apps,scripts,test,bench}/**/*.unit.spec.ts'],
    },
    {
      ...base,
      ...servers,
      displayName: 'int',
      testMatch: ['<rootDir>/{libs,apps,scripts,test}/**/*.int.spec.ts'],
    },
    { ...base, ...servers, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.e2e.spec.ts'] },
    ...(isLongAskedFor ? [long] : []),
  ],
};
