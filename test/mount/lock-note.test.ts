import { noteIn } from '../../src/mount/lock-note.js';

test.each([
  ['', null],
  ['12\n', null],
  ['12\n/run/systemd/sysext\n/run/systemd\n', null],
  ['12\n/run/systemd/sysext\n{"kind":"unmerge"}\n', '{"kind":"unmerge"}'],
  // Killed while it was written.
  ['12\n/run/systemd/sysext\n{"kind":"unmerge"}', null],
  // Killed before what was there before was cut off.
  ['123456\n{"kind":"unmerge"}\nnd":"unmerge"}\n', '{"kind":"unmerge"}'],
])('of %j the note is %j', (text, note) => {
  expect(noteIn(text)).toBe(note);
});
