// Sources and tests are ES modules in TypeScript; swc takes the types off, `tsc` checks them (npm run typecheck).
const shared = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  // A cached operating system tree has packages of its own.
  modulePathIgnorePatterns: ['<rootDir>/.cache', '<rootDir>/dist', '<rootDir>/build'],
  transform: { '\\.ts$': ['@swc/jest', { jsc: { target: 'es2022', parser: { syntax: 'typescript' } } }] },
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
};

const project = (name, testMatch, more = {}) => ({
  ...shared,
  displayName: name,
  testMatch: testMatch.map((pattern) => `<rootDir>/test/${pattern}`),
  ...more,
});

// Where it matters most what runs the program: arguments, streams, signals, the environment.
const BOTH = ['command-line', 'verbs', 'lock', 'surroundings'];

const leftovers = {
  globalSetup: '<rootDir>/test/e2e/leftovers.ts',
  globalTeardown: '<rootDir>/test/e2e/leftovers.ts',
};

export default {
  testTimeout: 240_000,
  // Most tests wait for other processes. jest itself would leave one processor unused.
  maxWorkers: '100%',
  projects: [
    project('unit', [
      '{check,choice,lock-file,config,expect,install,update,release,images,layers,overlay,mount,host,doctor,report,cli,run,pack,services,manual,fuzz}/**/*.test.ts',
      'vm/report.test.ts',
      'guides/read/*.test.ts',
    ]),
    // With Node. It takes some 0.2 s to start, so most of them are a project of its own, which scripts/test.sh leaves out.
    project('e2e', [`e2e/{${BOTH.join(',')}}/**/*.test.ts`], leftovers),
    project('e2e-more', ['e2e/**/*.test.ts'], {
      ...leftovers,
      testPathIgnorePatterns: ['/node_modules/', ...BOTH.map((room) => `/test/e2e/${room}/`)],
    }),
    // All of them, of the self-contained executable (npm run build:standalone).
    project('e2e-standalone', ['e2e/**/*.test.ts'], {
      ...leftovers,
      setupFiles: ['<rootDir>/test/support/use-standalone.ts'],
    }),
    project('differential', ['differential/**/*.test.ts']),
    project('container', ['container/**/*.test.ts'], leftovers),
    project('docs', ['docs/**/*.test.ts']),
    // These take minutes: scripts/test.sh leaves them out.
    project('guides', ['guides/*.test.ts'], leftovers),
    project('vm', ['vm/vm.test.ts']),
  ],
};
