import { checkElf } from '../../../src/check/elf/check-elf.js';
import type { ELF_CODES } from '../../../src/check/elf/codes.js';
import type { Finding } from '../../../src/check/finding.js';
import { type ElfSpec, elfBytes, MACHINE } from '../../support/elf-bytes.js';
import { file, symlink, type Tree } from '../../support/tree.js';
import { type CheckCase, withChecked } from '../checked.js';

const RELEASE = 'usr/lib/extension-release.d/extension-release.foo';

const GNU = '/lib64/ld-linux-x86-64.so.2';

/** Bytes of a program for the GNU C library. */
export const program = (spec: ElfSpec = {}) =>
  file(elfBytes({ interpreter: GNU, needed: ['libc.so.6'], flags1: 0x8000000, ...spec }), { mode: 0o755 });

/** Bytes of a library. */
export const library = (soname: string, spec: ElfSpec = {}) => file(elfBytes({ soname, ...spec }));

const script = (line: string) => file(`${line}\n`, { mode: 0o755 });

/** The loader has its directories built in, as the real one has. */
export const loader = (directories: readonly string[] = ['/lib64/', '/usr/lib64/']) =>
  library('ld-linux-x86-64.so.2', { padding: Buffer.from(`\0${directories.join('\0')}\0`) });

export const libc = (newest: number, spec: ElfSpec = {}) =>
  library('libc.so.6', {
    versionsDefined: [
      'libc.so.6',
      ...Array.from({ length: newest - 29 }, (_, index) => `GLIBC_2.${index + 30}`),
    ],
    ...spec,
  });

/** A system with the GNU C library 2.36, whose directories of programs and libraries are in /usr. */
export const gnuHost = (more: Tree = {}): Tree => ({
  bin: symlink('usr/bin'),
  lib64: symlink('usr/lib64'),
  'usr/bin/sh': program(),
  'usr/bin/env': program(),
  'usr/lib64/ld-linux-x86-64.so.2': loader(),
  'usr/lib64/libc.so.6': libc(36),
  ...more,
});

const glibc = (version: string): ElfSpec => ({
  versionsNeeded: [{ library: 'libc.so.6', versions: [{ name: version, weak: false }] }],
});

export const image = (more: Tree, release = 'ID=debian\nVERSION_ID=13\nARCHITECTURE=x86-64\n'): Tree => ({
  [RELEASE]: release,
  ...more,
});

/** An image, and where the finding is. */
export interface ElfCase extends CheckCase {
  readonly at: string | null;
  /** Of the work that is done for an image; else as much as the program does. */
  readonly work?: number;
}

/** Checks the programs of an image. */
export function check(one: CheckCase & { readonly work?: number }): Finding[] {
  return withChecked(one, (opened) => checkElf(opened, one.work));
}

/** For each code an image that has it, and where. */
export const ELF_CASES: Readonly<Record<keyof typeof ELF_CODES, readonly ElfCase[]>> = {
  'foreign-architecture': [
    {
      tree: image({ 'usr/bin/foo': program({ machine: MACHINE.arm64 }) }),
      host: gnuHost(),
      at: '/usr/bin/foo',
    },
    {
      tree: image({ 'usr/lib/foo/plugin.so': library('plugin.so', { machine: MACHINE.arm64 }) }),
      at: '/usr/lib/foo/plugin.so',
    },
  ],
  'missing-loader': [
    {
      tree: image({ 'usr/bin/foo': program({ interpreter: '/lib/ld-musl-x86_64.so.1' }) }),
      host: gnuHost(),
      at: '/usr/bin/foo',
    },
    { tree: image({ 'usr/bin/foo': program({ interpreter: 'ld.so' }) }), at: '/usr/bin/foo' },
  ],
  'missing-library': [
    {
      tree: image({ 'usr/bin/foo': program({ needed: ['libfoo.so.1', 'libc.so.6'] }) }),
      host: gnuHost(),
      at: '/usr/bin/foo',
    },
    {
      tree: image({
        'usr/bin/foo': program({ needed: ['libfoo.so.1'] }),
        'usr/lib/foo/libfoo.so.1': library('libfoo.so.1'),
      }),
      host: gnuHost(),
      at: '/usr/bin/foo',
    },
  ],
  'missing-symbol-version': [
    { tree: image({ 'usr/bin/foo': program(glibc('GLIBC_2.38')) }), host: gnuHost(), at: '/usr/bin/foo' },
    {
      // A library of the image stands where programs of the host find it.
      tree: image({
        'usr/bin/foo': program({ needed: ['libbar.so.1'] }),
        'usr/lib64/libz.so.1': library('libz.so.1', { versionsDefined: ['Z_1'] }),
      }),
      host: gnuHost({
        'usr/lib64/libbar.so.1': library('libbar.so.1', {
          needed: ['libz.so.1'],
          versionsNeeded: [{ library: 'libz.so.1', versions: [{ name: 'Z_2', weak: false }] }],
        }),
      }),
      at: '/usr/lib64/libz.so.1',
    },
  ],
  'library-needs-ldconfig': [
    {
      tree: image({
        'usr/bin/foo': program({ needed: ['libfoo.so.1'] }),
        'usr/local/lib/libfoo.so.1': library('libfoo.so.1'),
      }),
      host: gnuHost({ 'etc/ld.so.conf': '/usr/local/lib\n' }),
      at: '/usr/bin/foo',
    },
  ],
  'missing-script-interpreter': [
    { tree: image({ 'usr/bin/foo': script('#!/usr/bin/env python3') }), host: gnuHost(), at: '/usr/bin/foo' },
    { tree: image({ 'usr/bin/foo': script('#!/usr/bin/perl -w') }), host: gnuHost(), at: '/usr/bin/foo' },
    { tree: image({ 'usr/bin/foo': script('#!/bin/sh\r') }), host: gnuHost(), at: '/usr/bin/foo' },
    { tree: image({ 'usr/bin/foo': script('#!/usr/bin/env sh -e') }), host: gnuHost(), at: '/usr/bin/foo' },
    { tree: image({ 'usr/bin/foo': script('#!perl') }), host: gnuHost(), at: '/usr/bin/foo' },
    {
      tree: image({ 'usr/bin/foo': script(`#!/${'long/'.repeat(60)}sh`) }),
      host: gnuHost(),
      at: '/usr/bin/foo',
    },
  ],
  'hides-libc': [
    { tree: image({ 'usr/lib64/libc.so.6': libc(38) }), host: gnuHost(), at: '/usr/lib64/libc.so.6' },
    {
      tree: image({ 'usr/lib64/ld-linux-x86-64.so.2': library('ld-linux-x86-64.so.2') }),
      host: gnuHost(),
      at: '/usr/lib64/ld-linux-x86-64.so.2',
    },
    {
      // In a directory that is searched before that of the host.
      tree: image({ 'usr/lib/first/libc.so.6': libc(38) }),
      host: gnuHost({ 'usr/lib64/ld-linux-x86-64.so.2': loader(['/usr/lib/first/', '/usr/lib64/']) }),
      at: '/usr/lib/first/libc.so.6',
    },
  ],
  'hides-newer-library': [
    {
      tree: image({ 'usr/lib64/libz.so.1': library('libz.so.1', { versionsDefined: ['Z_1', 'Z_2'] }) }),
      host: gnuHost({
        'usr/lib64/libz.so.1': library('libz.so.1', { versionsDefined: ['Z_1', 'Z_2', 'Z_3'] }),
      }),
      at: '/usr/lib64/libz.so.1',
    },
    {
      // The usual names: a symlink with that of the interface leads to the file with that of the release.
      tree: image({
        'usr/lib64/libz.so.1': symlink('libz.so.1.2'),
        'usr/lib64/libz.so.1.2': library('libz.so.1', { versionsDefined: ['libz.so.1', 'Z_1'] }),
      }),
      host: gnuHost({
        'usr/lib64/libz.so.1': symlink('libz.so.1.3'),
        'usr/lib64/libz.so.1.3': library('libz.so.1', { versionsDefined: ['libz.so.1', 'Z_1', 'Z_2'] }),
      }),
      at: '/usr/lib64/libz.so.1.2',
    },
  ],
  'depends-on-host-libraries': [
    {
      tree: image({ 'usr/bin/foo': program() }, 'ID=_any\nARCHITECTURE=x86-64\n'),
      host: gnuHost(),
      at: `/${RELEASE}`,
    },
    { tree: image({ 'usr/bin/foo': program() }, 'ID=_any\nARCHITECTURE=x86-64\n'), at: `/${RELEASE}` },
  ],
  'relative-library-path': [
    { tree: image({ 'usr/bin/foo': program({ runpath: 'lib' }) }), host: gnuHost(), at: '/usr/bin/foo' },
    {
      tree: image({ 'usr/bin/foo': program({ rpath: '/usr/lib64:' }) }),
      host: gnuHost(),
      at: '/usr/bin/foo',
    },
  ],
  'library-path-of-build': [
    {
      tree: image({ 'usr/bin/foo': program({ runpath: '/home/me/foo/build' }) }),
      host: gnuHost(),
      at: '/usr/bin/foo',
    },
  ],
  'missing-library-path': [
    {
      tree: image({ 'usr/bin/foo': program({ runpath: '$ORIGIN/../lib/foo' }) }),
      host: gnuHost(),
      at: '/usr/bin/foo',
    },
  ],
  'damaged-program': [
    {
      tree: image({
        'usr/bin/foo': file(elfBytes({ needed: ['libc.so.6'] }).subarray(0, 200), { mode: 0o755 }),
      }),
      at: '/usr/bin/foo',
    },
  ],
  'unreadable-program': [
    // Became a symlink after the tree was walked: there is no other file that root cannot read.
    {
      tree: image({ 'usr/bin/foo': symlink('/etc/shadow') }),
      pretend: { '/usr/bin/foo': { type: 'file', size: 100, mode: 0o755, target: null } },
      at: '/usr/bin/foo',
    },
  ],
  'programs-not-checked': [
    {
      tree: image({ 'usr/bin/foo': program({ needed: ['libfoo.so.1'] }) }),
      host: gnuHost(),
      work: 3,
      at: null,
    },
  ],
};
