import fc from 'fast-check';
import { applyChoice } from '../../src/choice/apply.js';
import type { Image, PassedOver } from '../../src/images/image.js';
import { compareNames } from '../../src/images/version-order.js';
import { type Choice, EVERYTHING } from '../../src/overlay/choice.js';

const image = (name: string): Image => ({
  kind: 'directory',
  name,
  path: `/v/${name}`,
  entry: `/v/${name}`,
  label: name,
  time: 0n,
  versions: null,
});

const INSTALLED = ['.hidden', 'bar', 'baz', 'foo', 'foo-doc'];

function apply(choice: Partial<Choice>, installed = INSTALLED, passedOver: readonly PassedOver[] = []) {
  const found = { images: installed.map(image), passedOver };
  const { images, leftOut, problems } = applyChoice({ ...EVERYTHING, ...choice }, found);
  return {
    names: images.map(({ name }) => name).join(' '),
    leftOut: leftOut.map(({ image: { name } }) => name).join(' '),
    problems,
  };
}

test.each<[Partial<Choice>, string]>([
  [{}, '.hidden bar baz foo foo-doc'],
  [{ names: ['foo', 'bar'] }, 'bar foo'],
  [{ only: ['b*'] }, 'bar baz'],
  [{ only: ['ba[rx]'] }, 'bar'],
  [{ only: ['{bar,foo}'] }, 'bar foo'],
  [{ only: ['*'] }, '.hidden bar baz foo foo-doc'],
  [{ names: ['foo'], only: ['b?z'] }, 'baz foo'],
  [{ except: ['*-doc', 'ba*'] }, '.hidden foo'],
  [{ only: ['foo*'], except: ['*-doc'] }, 'foo'],
  [{ order: ['foo', 'bar'] }, '.hidden baz foo-doc foo bar'],
  [{ names: ['foo', 'bar', 'baz'], order: ['bar'] }, 'baz foo bar'],
  [{ names: ['foo'], from: ['/srv'] }, 'foo'],
])('%j takes %s', (choice, names) => {
  const applied = apply(choice);
  expect(applied).toMatchObject({ names, problems: [] });
  expect([...applied.leftOut.split(' '), ...names.split(' ')].filter((name) => name !== '').sort()).toEqual(
    [...INSTALLED].sort(),
  );
});

test('why something is left out', () => {
  const { leftOut } = applyChoice(
    { ...EVERYTHING, names: ['foo', 'bar'], except: ['ba?'] },
    { images: INSTALLED.map(image), passedOver: [] },
  );
  expect(leftOut.map(({ image: { name }, why }) => [name, why])).toEqual([
    ['.hidden', { kind: 'others-named' }],
    ['bar', { kind: 'excepted', pattern: 'ba?' }],
    ['baz', { kind: 'others-named' }],
    ['foo-doc', { kind: 'others-named' }],
  ]);
});

const missing = (name: string, nearest: string | null, entry: PassedOver | null = null) => {
  return { kind: 'not-installed', name, nearest, entry };
};

test.each<[Partial<Choice>, readonly object[]]>([
  [{ names: ['fooo'] }, [missing('fooo', 'foo')]],
  [{ names: ['strace'] }, [missing('strace', null)]],
  [{ names: [''] }, [missing('', null)]],
  [{ order: ['foo', 'nix'] }, [missing('nix', null)]],
  [{ names: ['nix'], order: ['nix'] }, [missing('nix', null)]],
  [{ names: ['foo'], order: ['bar'] }, [{ kind: 'order-of-others', name: 'bar' }]],
  [{ except: ['b*'], order: ['bar'] }, [{ kind: 'contradiction', name: 'bar', pattern: 'b*' }]],
  [{ names: ['foo'], except: ['f*'] }, [{ kind: 'contradiction', name: 'foo', pattern: 'f*' }]],
  [{ only: ['x*', 'f*'] }, [{ kind: 'fits-nothing', option: 'only', pattern: 'x*' }]],
  [{ except: ['!foo'] }, [{ kind: 'fits-nothing', option: 'except', pattern: '!foo' }]],
  [{ except: ['*'] }, [{ kind: 'none-left' }]],
  [{ only: ['b*'], except: ['ba*'] }, [{ kind: 'none-left' }]],
])('%j cannot be meant', (choice, problems) => {
  expect(apply(choice).problems).toEqual(problems);
});

test('a name that is there, but gives no image, has that as its reason', () => {
  const masked: PassedOver = { kind: 'masked', entry: '/etc/foo.raw', name: 'foo' };
  const lost: PassedOver = { kind: 'dangling', entry: '/etc/lost.raw' };
  const { problems } = apply({ names: ['foo', 'lost', 'los'] }, ['bar'], [masked, lost]);
  expect(problems).toEqual([missing('foo', null, masked), missing('lost', null, lost), missing('los', null)]);
});

test('nothing is installed: only what is named is missing', () => {
  expect(apply({ from: ['/srv'] }, []).problems).toEqual([]);
  expect(apply({ names: ['foo'] }, []).problems).toEqual([missing('foo', null)]);
});

test('whatever is chosen: each image once, chosen or left out, and those without a place in version order', () => {
  const names = fc.uniqueArray(fc.stringMatching(/^[a-c0-9._-]{1,4}$/), { maxLength: 6 });
  const globs = fc.array(fc.stringMatching(/^[a-c0-9*?[\]{},!.-]{1,5}$/), { maxLength: 2 });
  const choices = fc.record({ names, only: globs, except: globs, from: fc.constant([]), order: names });
  fc.assert(
    fc.property(names, choices, (installed, choice) => {
      const images = installed.toSorted(compareNames).map(image);
      const applied = applyChoice(choice, { images, passedOver: [] });
      const all = [...applied.images, ...applied.leftOut.map((one) => one.image)];
      expect(all.map(({ name }) => name).sort()).toEqual([...installed].sort());
      const free = applied.images.map(({ name }) => name).filter((name) => !choice.order.includes(name));
      expect(free).toEqual(free.toSorted(compareNames));
      const placed = applied.images.slice(free.length).map(({ name }) => name);
      expect(placed).toEqual(choice.order.filter((name) => placed.includes(name)));
    }),
  );
});
