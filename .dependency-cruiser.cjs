/** The arrows of import (docs/architecture.md). `npm run lint:imports` fails on any other. */
const lib = (name) => `^libs/${name}/`;
const spec = '\\.(spec|fixture)\\.ts$';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'A cycle has no beginning to read from. Type-only imports may close one.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'libs-through-their-index',
      comment:
        'What a lib promises is in its index; the pure saga core and the two test kits have one of their own.',
      severity: 'error',
      from: { path: '^(apps|scripts|test|bench)/' },
      to: { path: '^libs/[^/]+/src/(?!((core|sagas|broker)/)?index\\.ts$)' },
    },
    {
      name: 'libs-through-one-anothers-index',
      severity: 'error',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/[^/]+/src/(?!((core|sagas|broker)/)?index\\.ts$)', pathNot: '^libs/$1/' },
    },
    {
      name: 'no-lib-imports-an-app',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'no-app-imports-an-app',
      comment: 'Services share messages, not code.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'the-core-is-pure',
      comment: 'The saga core has no I/O, clock, framework or other dependency.',
      severity: 'error',
      from: { path: `${lib('saga')}src/core/`, pathNot: spec },
      to: { pathNot: `${lib('saga')}src/core/` },
    },
    {
      name: 'no-broker-but-through-its-port',
      comment: 'Which broker it is, the app says. libs/broker joins them.',
      severity: 'error',
      from: { path: lib('(saga|participant|outbox)'), pathNot: spec },
      to: { path: lib('rabbitmq') },
    },
    {
      name: 'an-adapter-knows-nothing-but-its-port',
      severity: 'error',
      from: { path: lib('rabbitmq'), pathNot: spec },
      to: { path: '^(libs|apps)/', pathNot: [lib('rabbitmq'), lib('broker'), lib('paced-log')] },
    },
    {
      name: 'leaves-import-nothing-of-ours',
      severity: 'error',
      from: {
        path: lib(
          '(contracts|shop-contracts|envelope|batch|failpoint|ids|broker|paced-log|redaction|stock|validation)',
        ),
        pathNot: spec,
      },
      to: { path: '^(libs|apps)/', pathNot: lib('$1') },
    },
    {
      name: 'testing-only-from-specs-and-scripts',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [spec, lib('testing')] },
      to: { path: lib('testing') },
    },
    {
      name: 'only-apps-know-the-trip-and-the-shop',
      comment: 'The libraries are made for every saga, not for the examples.',
      severity: 'error',
      from: {
        path: lib(
          '(saga|participant|outbox|rabbitmq|broker|service|envelope|batch|failpoint|ids|paced-log|redaction|stock|validation)',
        ),
        pathNot: spec,
      },
      to: { path: lib('(shop-)?contracts') },
    },
    {
      name: 'the-command-line-speaks-http-only',
      comment: 'It may run anywhere: what it knows of the system, the system tells it.',
      severity: 'error',
      from: { path: '^scripts/clew(/|\\.ts$)', pathNot: spec },
      to: { path: '^(apps|libs|test)/' },
    },
    {
      name: 'peers-are-on-their-own',
      comment: 'They are other ways to do what Clew does, in a package of their own: nothing is shared.',
      severity: 'error',
      from: { path: '^bench/peers/' },
      to: { path: '^(apps|libs|scripts|test|bench)/', pathNot: '^bench/peers/' },
    },
    {
      name: 'nobody-imports-a-peer',
      severity: 'error',
      from: { pathNot: '^bench/peers/' },
      to: { path: '^bench/peers/' },
    },
    {
      name: 'no-undeclared-packages',
      severity: 'error',
      from: { path: '^(apps|libs)/', pathNot: [spec, lib('testing')] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: 'src/database/client|^bench/peers/(node_modules|[^/]+/generated)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  },
};
