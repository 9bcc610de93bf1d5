import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { bashCompletion } from '../../src/manual/completion/bash.js';
import { fishCompletion } from '../../src/manual/completion/fish.js';
import { TABLES, type Tables } from '../../src/manual/completion/tables.js';
import { zshCompletion } from '../../src/manual/completion/zsh.js';
import { OPTIONS, VERBS } from '../../src/options.js';
import { MUTABLE_MODES } from '../../src/overlay/mutable-mode.js';
import { LEVELS } from '../../src/report/log.js';
import { provide } from '../support/debian.js';
import { run } from './support.js';

const options = Object.keys(OPTIONS).map((name) => `--${name}`);
const verbs = Object.keys(VERBS);
const sorted = (words: readonly string[]) => [...words].sort();

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'completion-'));
  for (const name of ['tree/one', 'tree/other one']) mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, 'tree/old-file'), '');
  writeFileSync(join(directory, 'bash'), bashCompletion(TABLES));
  writeFileSync(join(directory, 'zsh'), zshCompletion(TABLES));
  writeFileSync(join(directory, 'fish'), fishCompletion(TABLES));
});
afterAll(() => rmSync(directory, { recursive: true }));

/** A table in which all descriptions are this text. */
function describedAs(text: string): Tables {
  const redescribe = <T extends { describe: string }>(table: Readonly<Record<string, T>>) =>
    Object.fromEntries(Object.entries(table).map(([name, spec]) => [name, { ...spec, describe: text }]));
  return {
    ...TABLES,
    options: redescribe(TABLES.options),
    verbs: Object.fromEntries(verbs.map((verb) => [verb, text])),
  };
}

const HOSTILE = `it's "a" [b] \\ \`id\` $(id) \${HOME} $x: {c,d} (e) #f; g & h | i < j > k ! ~ * ? %s \\' \\] ''`;
const hostile = fc.oneof(
  fc.string({ unit: fc.constantFrom(...`'"[]\\\`$(){}:;#&|<>!~*?%= \n\ta…`) }),
  fc.string({ unit: 'grapheme' }),
);

const missing = {
  bash: provide({ bash: 'bash' }),
  zsh: provide({ zsh: 'zsh' }),
  fish: provide({ fish: 'fish' }),
};

const reason = (shell: keyof typeof missing) => (missing[shell] === null ? '' : ` (${missing[shell]})`);

describe.each([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
] as const)('the script for %s', (shell, generate) => {
  const check = missing[shell] === null ? it : it.skip;

  it('has each option and verb', () => {
    const script = generate(TABLES);
    for (const word of [...Object.keys(OPTIONS), ...verbs])
      expect(script).toMatch(new RegExp(`\\b${word}\\b`));
    for (const program of ['sysext', 'confext']) expect(script).toContain(program);
  });

  check(`is valid whatever the descriptions are${reason(shell)}`, () => {
    const validate = (text: string) => {
      writeFileSync(join(directory, 'script'), generate(describedAs(text)));
      const syntax = run([shell, shell === 'zsh' ? '-fn' : '-n', join(directory, 'script')]);
      expect({ text, ...syntax }).toEqual({ text, status: 0, stdout: '', stderr: '' });
    };
    validate(HOSTILE);
    fc.assert(fc.property(hostile, validate), { numRuns: 20 });
  });
});

(missing.bash === null ? describe : describe.skip)(`bash${reason('bash')}`, () => {
  /** COMPREPLY for the words of a command line, split as bash does it. */
  function complete(...words: string[]): string[] {
    const script = `source ./bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sysext; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout, stderr } = run(['bash', '-c', `cd "$0" && ${script}`, directory, ...words]);
    expect(stderr).toBe('');
    return stdout.split('\n').filter((line) => line !== '');
  }

  it('completes verbs, also behind options and their values', () => {
    expect(complete('sysext', '')).toEqual(verbs);
    expect(complete('confext', 'm')).toEqual(['merge', 'mask']);
    expect(complete('sysext', '--root', '=', '/mnt', 'unme')).toEqual(['unmerge']);
    expect(complete('sysext', '--root', '/mnt', '--force', 'unme')).toEqual(['unmerge']);
    expect(complete('sysext', 'merge', '')).toEqual([]);
  });

  it('completes options, with = where a value follows', () => {
    const found = complete('sysext', '-');
    expect(found.map((option) => option.replace('=', ''))).toEqual(
      expect.arrayContaining([...options, '-h']),
    );
    expect(complete('sysext', 'list', '--js')).toEqual(['--json=']);
    expect(complete('sysext', 'list', '--no-l')).toEqual(['--no-legend']);
  });

  it('completes values, however = is taken', () => {
    expect(complete('sysext', '--json', '=')).toEqual(['pretty', 'short', 'off', 'help']);
    expect(complete('sysext', '--json', '=', 'p')).toEqual(['pretty']);
    expect(complete('sysext', '--json', 'p')).toEqual(['pretty']);
    expect(complete('sysext', '--json=p')).toEqual(['--json=pretty']);
    expect(complete('sysext', '--mutable', '=')).toEqual([...MUTABLE_MODES, 'help']);
    expect(complete('sysext', '--log-level', '')).toEqual(LEVELS);
    expect(complete('sysext', '--noexec', '=', '')).toEqual(['yes', 'no']);
    expect(complete('sysext', '--lock-timeout', '')).toEqual([]);
    expect(complete('sysext', 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(complete('sysext', 'completion', 'bash', '')).toEqual([]);
  });

  it('completes files, where = does not part words; elsewhere bash does', () => {
    expect(complete('sysext', 'policy', `--image=${directory}/tree/o`).sort()).toEqual(
      ['old-file', 'one', 'other one'].map((name) => `--image=${directory}/tree/${name}`),
    );
    expect(complete('sysext', 'inspect', `${directory}/tree/o`)).toEqual([]);
    expect(complete('sysext', 'policy', '--image', '=', `${directory}/tree/o`)).toEqual([]);
  });

  it('completes directories, also where = does not part words', () => {
    expect(complete('sysext', `--root=${directory}/tree/o`).sort()).toEqual(
      ['one/', 'other one/'].map((name) => `--root=${directory}/tree/${name}`),
    );
  });

  const scriptMissing = provide({ script: 'bsdutils' });
  (scriptMissing === null ? it : it.skip)('quotes directories at a terminal, and completes files', () => {
    // A line has to be typed when bash has set up the terminal for its editor, or it is read without it.
    const session = [
      `{ sleep 1; printf 'source ./bash\\nsysext() { printf "<%%s>" "$@"; }\\n'; sleep 1; printf 'sysext --root=tree/oth\\t --js\\tsh\\t insp\\ttree/ol\\t\\n'; sleep 1; printf 'sysext explain a tree/ol\\t\\n'; sleep 1; printf 'exit\\n'; }`,
      `script -qec 'bash --norc --noprofile -i' /dev/null`,
    ].join(' | ');
    const { stdout } = run(['bash', '-c', `cd "$0" && ${session}`, directory]);
    expect(stdout).toContain('<--root=tree/other one/><--json=short><inspect><tree/old-file>');
    expect(stdout).toContain('<explain><a><tree/old-file>');
  });
});

(missing.zsh === null ? describe : describe.skip)(`zsh${reason('zsh')}`, () => {
  /**
   * What an interactive zsh lists for each of these lines: words with their descriptions. It runs on a pseudo terminal
   * (zshmodules(1), zsh/zpty), because outside of the line editor there is no completion.
   */
  function list(script: string, ...lines: string[]): string[] {
    const harness = `
      cd $1; shift
      zmodload zsh/zpty
      zpty z zsh -f -i
      await() { local all part; repeat 400; do zpty -r -t z part && all+=$part || sleep 0.05; [[ $all != *$~1* ]] || break; done; print -r -- $all }
      zpty -w z "PS1=; unsetopt prompt_sp; stty columns 250 rows 70; autoload -U compinit; compinit -u -D; source ./${script}; bindkey '^T' list-choices; zstyle ':completion:*' list-separator '##'; print READ''Y"
      await 'READY*2004h' >/dev/null
      for line; do
        zpty -w -n z $line$'\\C-t\\C-u'
        zpty -w z 'print DO""NE'
        await 'DONE*2004h'
        print -r -- '======'
      done
      zpty -d z`;
    const { stdout } = run(['zsh', '-f', '-c', harness, 'zsh', directory, ...lines]);
    const visible = stdout.replace(/\x1b\[[0-9;?]*[A-Za-z]|[\x08\r]/g, '\n');
    return visible.split('======').slice(0, lines.length);
  }

  it('completes verbs, options, values, directories and files', () => {
    const [first, dashes, modes, shells, roots, images, option, second, host, tooMany] = list(
      'zsh',
      'sysext ',
      'confext list --',
      'sysext --mutable=',
      'sysext --root / completion ',
      'sysext --root=tree/',
      'sysext inspect tree/',
      'sysext policy --image=tree/',
      'sysext explain one tree/',
      'sysext explain --host=tree/',
      'sysext inspect one tree/',
    );
    for (const [verb, text] of Object.entries(VERBS))
      expect(first).toMatch(new RegExp(`${verb} +## ${text.slice(0, 12)}`));
    for (const [name, { describe }] of Object.entries(OPTIONS)) {
      expect(dashes).toMatch(new RegExp(`--${name} `));
      expect(dashes).toContain(`## ${describe}`);
    }
    for (const mode of MUTABLE_MODES) expect(modes).toMatch(new RegExp(`\\b${mode}\\b`));
    for (const shell of ['bash', 'zsh', 'fish']) expect(shells).toContain(shell);
    expect(roots).toMatch(/one\/ +other\\ one\//);
    expect(roots).not.toContain('old-file');
    expect(tooMany).not.toContain('old-file');
    for (const files of [images, option, second, host])
      expect(files).toMatch(/old-file +one\/ +other\\ one\//);
  });

  it('shows descriptions as they are, whatever is in them', () => {
    writeFileSync(join(directory, 'hostile'), zshCompletion(describedAs(HOSTILE)));
    const [first, dashes] = list('hostile', 'sysext ', 'sysext --');
    expect(first).toContain(`## ${HOSTILE}`);
    expect(dashes).toContain(`## ${HOSTILE}`);
  });
});

(missing.fish === null ? describe : describe.skip)(`fish${reason('fish')}`, () => {
  /** Pairs of a word and its description, as fish lists them. */
  function complete(script: string, line: string): Map<string, string> {
    const { stdout, stderr } = run([
      'fish',
      '--no-config',
      '-c',
      'cd $argv[1]; source $argv[2]; complete -C $argv[3]',
      directory,
      script,
      line,
    ]);
    expect(stderr).toBe('');
    const rows = stdout.split('\n').filter((row) => row !== '');
    return new Map(rows.map((row) => row.split('\t') as [string, string]));
  }
  const words = (line: string) => [...complete('fish', line).keys()].sort();

  it('completes verbs, also behind options and their values', () => {
    expect(complete('fish', 'sysext ')).toEqual(new Map(Object.entries(VERBS)));
    expect(words('confext --root / m')).toEqual(['mask', 'merge']);
    expect(words('sysext merge ')).toEqual([]);
    expect(words('sysext completion ')).toEqual(['bash', 'fish', 'zsh']);
  });

  it('completes options with their descriptions', () => {
    const described = Object.entries(OPTIONS).map(([name, { describe }]) => [`--${name}`, describe] as const);
    expect(complete('fish', 'sysext list --')).toEqual(new Map(described));
  });

  it('completes values, directories and files', () => {
    expect(words('sysext --mutable ')).toEqual(sorted([...MUTABLE_MODES, 'help']));
    expect(words('sysext --json=p')).toEqual(['--json=pretty']);
    expect(words('sysext --lock-timeout ')).toEqual([]);
    expect(words('sysext --root=tree/')).toEqual(['--root=tree/one/', '--root=tree/other one/']);
    const files = ['tree/old-file', 'tree/one/', 'tree/other one/'];
    expect(words('sysext inspect tree/')).toEqual(files);
    expect(words('sysext explain one tree/')).toEqual(files);
    expect(words('sysext explain --host=tree/')).toEqual(files.map((file) => `--host=${file}`));
    expect(words('sysext policy --image=tree/')).toEqual(files.map((file) => `--image=${file}`));
  });

  it('shows descriptions as they are, whatever is in them', () => {
    writeFileSync(join(directory, 'hostile'), fishCompletion(describedAs(HOSTILE)));
    expect(complete('hostile', 'sysext ').get('merge')).toBe(HOSTILE);
    expect(complete('hostile', 'sysext --').get('--root')).toBe(HOSTILE);
  });
});
