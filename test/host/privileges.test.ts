import { spawnSync } from 'node:child_process';
import { mayMount, outerUserId } from '../../src/host/privileges.js';
import { type CompiledSources, compileSources } from '../support/compiled-sources.js';

let sources: CompiledSources;
beforeAll(() => {
  sources = compileSources();
});
afterAll(() => sources.remove());

/** The answers in a process that another program has started. */
function ask(through: readonly string[]): string {
  const { stdout, stderr } = sources.run(
    `import { mayMount, outerUserId } from '${sources.module('host/privileges.js')}';
     console.log(mayMount(), outerUserId());`,
    { through },
  );
  return stdout.trim() || stderr;
}

const isRoot = process.geteuid?.() === 0;
const NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'];
const IN_NAMESPACE = ['unshare', '--user', '--map-root-user'];

const canUnshare = spawnSync(IN_NAMESPACE[0]!, [...IN_NAMESPACE.slice(1), 'true']).status === 0;
const withNamespace = canUnshare ? test : test.skip;
const asRoot = isRoot ? test : test.skip;
const asRootWithNamespace = isRoot && canUnshare ? test : test.skip;

test('the same here as setpriv(1) says', () => {
  const has = spawnSync('sh', [
    '-c',
    'test $((0x$(sed -n "s/^CapEff:\\t//p" /proc/self/status) >> 21 & 1)) = 1',
  ]);
  expect(mayMount()).toBe(has.status === 0);
});

asRoot('an ordinary user (skipped if this is one)', () => {
  expect(ask(NOBODY)).toBe('false 65534');
});

asRoot('root without the capability (skipped for ordinary users)', () => {
  expect(ask(['setpriv', '--bounding-set=-sys_admin', '--inh-caps=-sys_admin'])).toBe('false 0');
});

withNamespace(
  'root of a user namespace is the user outside (skipped where user namespaces are not allowed)',
  () => {
    expect(ask(IN_NAMESPACE)).toBe(`true ${outerUserId()}`);
  },
);

asRootWithNamespace('an ordinary user in a user namespace (skipped for ordinary users)', () => {
  expect(ask([...NOBODY, ...IN_NAMESPACE])).toBe('true 65534');
});

asRootWithNamespace('a user namespace without a map has the overflow id (skipped for ordinary users)', () => {
  expect(ask([...NOBODY, 'unshare', '--user'])).toBe('false 65534');
});
