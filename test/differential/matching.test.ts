import { arch } from 'node:os';
import { DEBIAN, extension } from '../support/fixtures.js';
import { directory, type Tree } from '../support/tree.js';
import type { Scenario } from './scenario.js';
import { differential } from './suite.js';

const NATIVE = arch() === 'arm64' ? 'arm64' : 'x86-64';

/**
 * A host, and extensions called after what they show, with their release files. Which of them are merged tells which
 * fit.
 */
const fits = (
  name: string,
  host: string,
  extensions: Readonly<Record<string, string>>,
  more: Partial<Scenario> & { readonly files?: Tree } = {},
): Scenario => {
  const { files, ...rest } = more;
  const trees = Object.entries(extensions).map(([title, release]) => extension(title, { release }));
  return {
    name,
    tree: Object.assign({ 'usr/lib/os-release': host, opt: directory() }, files, ...trees),
    calls: ['merge'],
    ...rest,
  };
};

differential('the release of host and extension', [
  fits(
    'a host with a version',
    DEBIAN,
    {
      'the-same': DEBIAN,
      'another-id': 'ID=fedora\nVERSION_ID=13\n',
      'another-version': 'ID=debian\nVERSION_ID=12\n',
      'versions-are-no-numbers': 'ID=debian\nVERSION_ID=13.0\n',
      'no-version': 'ID=debian\n',
      'no-id': 'VERSION_ID=13\n',
      'empty-id': 'ID=\nVERSION_ID=13\n',
      any: 'ID=_any\n',
      'any-with-another-version': 'ID=_any\nVERSION_ID=1\nSYSEXT_LEVEL=7\n',
      'any-of-a-list': 'ID="_any debian"\nVERSION_ID=13\n',
      'capital-letter': 'ID=Debian\nVERSION_ID=13\n',
      'id-like-of-the-extension': 'ID=mint\nID_LIKE=debian\nVERSION_ID=13\n',
      'level-and-version': `${DEBIAN}SYSEXT_LEVEL=1\n`,
      'level-and-no-version': 'ID=debian\nSYSEXT_LEVEL=1\n',
      'level-and-another-version': 'ID=debian\nVERSION_ID=12\nSYSEXT_LEVEL=1\n',
      'level-of-the-other-class': `${DEBIAN}CONFEXT_LEVEL=1\n`,
      'spaces-around': 'ID=" debian "\nVERSION_ID=13\n',
    },
    { calls: ['merge', 'unmerge', 'merge --force'] },
  ),
  fits('a host with a version and a level', `${DEBIAN}SYSEXT_LEVEL=1.2\n`, {
    both: `${DEBIAN}SYSEXT_LEVEL=1.2\n`,
    'the-same-level-another-version': 'ID=debian\nVERSION_ID=9\nSYSEXT_LEVEL=1.2\n',
    'the-same-level-no-version': 'ID=debian\nSYSEXT_LEVEL=1.2\n',
    'another-level-the-same-version': `${DEBIAN}SYSEXT_LEVEL=1.3\n`,
    'no-level-the-same-version': DEBIAN,
    'no-level-another-version': 'ID=debian\nVERSION_ID=12\n',
    'empty-level-the-same-version': `${DEBIAN}SYSEXT_LEVEL=\n`,
    'empty-level-another-version': 'ID=debian\nVERSION_ID=12\nSYSEXT_LEVEL=\n',
    neither: 'ID=debian\n',
  }),
  fits('a host with a level and no version', 'ID=debian\nSYSEXT_LEVEL=1\n', {
    'the-same-level': 'ID=debian\nSYSEXT_LEVEL=1\n',
    'another-level': 'ID=debian\nSYSEXT_LEVEL=2\n',
    'no-level': 'ID=debian\n',
    'no-level-but-a-version': DEBIAN,
  }),
  fits('a host with a version and an empty level', `${DEBIAN}SYSEXT_LEVEL=\n`, {
    'a-level': 'ID=debian\nSYSEXT_LEVEL=1\n',
    'a-level-and-the-version': `${DEBIAN}SYSEXT_LEVEL=1\n`,
    'an-empty-level': 'ID=debian\nSYSEXT_LEVEL=\n',
    'an-empty-level-and-another-version': 'ID=debian\nVERSION_ID=1\nSYSEXT_LEVEL=\n',
  }),
  fits('a host with an empty version', 'ID=debian\nVERSION_ID=\n', {
    version: DEBIAN,
    'empty-version': 'ID=debian\nVERSION_ID=\n',
    'no-version': 'ID=debian\n',
  }),
  fits('a host with the level of the other class', `${DEBIAN}CONFEXT_LEVEL=1\n`, {
    'the-same': 'ID=debian\nCONFEXT_LEVEL=1\n',
    'another-and-the-version': `${DEBIAN}CONFEXT_LEVEL=2\n`,
    'a-level-of-this-class': 'ID=debian\nSYSEXT_LEVEL=1\n',
  }),
  fits('a rolling host', 'ID=arch\n', {
    'the-same': 'ID=arch\n',
    'with-a-version': 'ID=arch\nVERSION_ID=5\n',
    'with-a-level': 'ID=arch\nSYSEXT_LEVEL=5\n',
    'another-id': 'ID=debian\n',
  }),
  fits(
    'a host with ID_LIKE',
    'ID=mint\nID_LIKE="ubuntu debian"\nVERSION_ID=13\n',
    {
      'its-own-id': 'ID=mint\nVERSION_ID=13\n',
      'the-first-word': 'ID=ubuntu\nVERSION_ID=13\n',
      'the-second-word': DEBIAN,
      'the-second-word-and-another-version': 'ID=debian\nVERSION_ID=12\n',
      'a-part-of-a-word': 'ID=deb\nVERSION_ID=13\n',
      'both-words': 'ID="ubuntu debian"\nVERSION_ID=13\n',
      'another-id': 'ID=fedora\nVERSION_ID=13\n',
    },
    { since: 254 },
  ),
  fits(
    'a rolling host with ID_LIKE',
    'ID=cachyos\nID_LIKE=arch\n',
    { like: 'ID=arch\nVERSION_ID=3\n' },
    { since: 254 },
  ),
]);

const SCOPES = {
  system: `${DEBIAN}SYSEXT_SCOPE=system\n`,
  portable: `${DEBIAN}SYSEXT_SCOPE=portable\n`,
  initrd: `${DEBIAN}SYSEXT_SCOPE=initrd\n`,
  'system-and-portable': `${DEBIAN}SYSEXT_SCOPE="portable  system"\n`,
  'initrd-and-system': `${DEBIAN}SYSEXT_SCOPE="initrd system"\n`,
  'no-scope': DEBIAN,
  'empty-scope': `${DEBIAN}SYSEXT_SCOPE=\n`,
  'unknown-scope': `${DEBIAN}SYSEXT_SCOPE=cloud\n`,
  'a-list-with-commas': `${DEBIAN}SYSEXT_SCOPE="system,portable"\n`,
  'any-and-scope-initrd': 'ID=_any\nSYSEXT_SCOPE=initrd\n',
  'scope-of-the-other-class': `${DEBIAN}CONFEXT_SCOPE=initrd\n`,
};

differential('scope and architecture', [
  fits('scopes on a system', DEBIAN, SCOPES, { calls: ['merge', 'unmerge', 'merge --force'] }),
  fits('scopes in an initrd', DEBIAN, SCOPES, { files: { 'etc/initrd-release': DEBIAN }, since: 258 }),
  fits('architectures', DEBIAN, {
    native: `${DEBIAN}ARCHITECTURE=${NATIVE}\n`,
    foreign: `${DEBIAN}ARCHITECTURE=riscv64\n`,
    any: `${DEBIAN}ARCHITECTURE=_any\n`,
    'the-name-of-the-kernel': `${DEBIAN}ARCHITECTURE=${NATIVE === 'arm64' ? 'aarch64' : 'x86_64'}\n`,
    empty: `${DEBIAN}ARCHITECTURE=\n`,
    unknown: `${DEBIAN}ARCHITECTURE=z80\n`,
    'any-id-and-foreign': 'ID=_any\nARCHITECTURE=riscv64\n',
    list: `${DEBIAN}ARCHITECTURE="${NATIVE} riscv64"\n`,
  }),
]);

differential('the syntax of release files', [
  fits('of the extension', DEBIAN, {
    'no-newline-at-the-end': 'ID=debian\nVERSION_ID=13',
    'cr-lf': 'ID=debian\r\nVERSION_ID=13\r\n',
    'the-last-assignment-wins': 'ID=other\nVERSION_ID=13\nID=debian\n',
    comments: '# ID=other\n; ID=other\n\nID=debian\nVERSION_ID=13\n#ID=other\n',
    'a-comment-after-a-value': 'ID=debian # really\nVERSION_ID=13\n',
    'leading-spaces': '  ID=debian\n\tVERSION_ID=13\n',
    'trailing-spaces': 'ID=debian  \nVERSION_ID=13\t\n',
    'spaces-around-the-sign': 'ID = debian\nVERSION_ID = 13\n',
    'double-quotes': 'ID="debian"\nVERSION_ID="13"\n',
    'single-quotes': "ID='debian'\nVERSION_ID='13'\n",
    'quotes-inside': 'ID=de"bi"an\nVERSION_ID=1\'3\'\n',
    'open-quote': 'VERSION_ID=13\nID="debian\n',
    backslashes: 'ID=d\\ebian\nVERSION_ID="1\\3"\n',
    'escaped-quote': 'ID=debian\nVERSION_ID=13\nNAME="a \\"b\\""\n',
    'line-continuation': 'ID=deb\\\nian\nVERSION_ID=13\n',
    'quoted-newline': 'NAME="a\nID=other\n"\nID=debian\nVERSION_ID=13\n',
    'no-assignment': 'nonsense\nID=debian\nVERSION_ID=13\n',
    'no-name': '=x\nID=debian\nVERSION_ID=13\n',
    'lower-case-names': 'id=debian\nversion_id=13\n',
    export: 'export ID=debian\nVERSION_ID=13\n',
    'no-expansion': 'V=13\nID=debian\nVERSION_ID=$V\n',
    'only-a-comment': '# nothing\n',
    'only-a-newline': '\n',
    'byte-order-mark': '\ufeffID=debian\nVERSION_ID=13\n',
  }),
  fits(
    'of the host',
    '# a comment\n; another\n\nNAME="Debian \\"13\\""\nID=\'debian\'\nnonsense\nexport X=1\nVERSION_ID="13"\n',
    { fits: DEBIAN, 'fits-not': 'ID=debian\nVERSION_ID=12\n' },
  ),
]);
