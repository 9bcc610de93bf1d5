import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { helpText } from '../../src/cli/help.js';
import { CLASSES } from '../../src/extension-class.js';
import { renderPages } from '../../src/manual/pages.js';
import { OPTIONS, VERBS } from '../../src/options.js';
import { chooseWriting } from '../../src/overlay/mutable.js';
import { MUTABLE_MODES } from '../../src/overlay/mutable-mode.js';
import { provide } from '../support/debian.js';
import { flat, render, requireGroff, run } from './support.js';

const pages = new Map(renderPages({ version: '1.2.3', date: '2026-01-02' }));
const page = (file: string) => pages.get(file) ?? '';
const classes = Object.values(CLASSES);

/** Options of other programs that stand in the examples. */
const OTHERS = ['--user', '--map-root-user', '--mount'];

/** Runs `test` for each page, or says why that cannot be done here. */
function eachPage(title: string, missing: string | null, test: (file: string, text: string) => void): void {
  if (missing !== null) it.skip(`${title} (${missing})`, () => {});
  else it.each([...pages])(`${title}: %s`, test);
}

function inScratch(file: string, text: string, test: (path: string) => void): void {
  const directory = mkdtempSync(join(tmpdir(), 'manual-'));
  try {
    writeFileSync(join(directory, file), text);
    test(join(directory, file));
  } finally {
    rmSync(directory, { recursive: true });
  }
}

it('there is a page for each program and each configuration file', () => {
  expect([...pages.keys()].sort()).toEqual(['confext.8', 'confext.conf.5', 'sysext.8', 'sysext.conf.5']);
});

describe('the formatters have nothing to complain of', () => {
  eachPage('groff', requireGroff(), (_, text) => {
    expect(run(['groff', '-man', '-ww', '-z'], text)).toEqual({ status: 0, stdout: '', stderr: '' });
  });

  eachPage('man', provide({ man: 'man-db' }), (file, text) => {
    inScratch(file, text, (path) => {
      expect(run(['man', '--warnings', '-l', path])).toMatchObject({ status: 0, stderr: '' });
    });
  });

  // `-W warning`: that lines should be short is a matter of style to it.
  eachPage('mandoc', provide({ mandoc: 'mandoc' }), (file, text) => {
    inScratch(file, text, (path) => {
      expect(run(['mandoc', '-T', 'lint', '-W', 'warning', path])).toEqual({
        status: 0,
        stdout: '',
        stderr: '',
      });
    });
  });

  eachPage('whatis', provide({ lexgrog: 'man-db' }), (file, text) => {
    inScratch(file, text, (path) => {
      const name = file.replace(/\.[58]$/, '');
      expect(run(['lexgrog', path]).stdout).toMatch(`"${name} - `);
    });
  });
});

describe('rendered pages', () => {
  const missing = requireGroff();

  eachPage('fit 80 columns', missing, (_, text) => {
    const long = render(text, 80)
      .split('\n')
      .filter((line) => line.length > 80);
    expect(long).toEqual([]);
  });

  eachPage('name no option that does not exist', missing, (_, text) => {
    const known = [...Object.keys(OPTIONS).map((name) => `--${name}`), ...OTHERS];
    const named = render(text).match(/(?<![\w-])--[a-z][a-z0-9-]*/g) ?? [];
    expect(named.filter((option) => !known.includes(option))).toEqual([]);
  });

  eachPage('refer to the other pages of this program', missing, (file, text) => {
    const seeAlso = flat(render(text)).split(' SEE ALSO ')[1] ?? '';
    const references = [...seeAlso.matchAll(/([a-z][a-z.-]*)\((\d)\)/g)].map(
      ([, name, number]) => `${name}.${number}`,
    );
    const own = references.filter((reference) => /^(sys|conf)ext\b/.test(reference));
    expect(own.length).toBeGreaterThanOrEqual(2);
    expect([
      ...own.filter((reference) => !pages.has(reference)),
      ...own.filter((own) => own === file),
    ]).toEqual([]);
  });
});

describe.each(classes)('$name(8)', (extensionClass) => {
  const { name } = extensionClass;
  const missing = requireGroff();
  const shown = missing === null ? render(page(`${name}.8`)) : '';
  const check = missing === null ? it : it.skip;

  check('has the sections that man-pages(7) names, in its order', () => {
    expect(shown.match(/^[A-Z][A-Z ]+$/gm)).toEqual([
      'NAME',
      'SYNOPSIS',
      'DESCRIPTION',
      'COMMANDS',
      'OPTIONS',
      'EXIT STATUS',
      'ENVIRONMENT',
      'FILES',
      'FINDINGS',
      'ASSERTIONS',
      'EXAMPLES',
      'DIFFERENCES',
      'SEE ALSO',
    ]);
  });

  check('has a paragraph for each option, verb and mode', () => {
    for (const [option, spec] of Object.entries(OPTIONS)) {
      const value = 'value' in spec ? `=${spec.value}` : '';
      expect(shown).toMatch(new RegExp(`^ +(-\\w, )?--${option}${value}( |$)`, 'm'));
    }
    for (const word of [...Object.keys(VERBS), ...MUTABLE_MODES])
      expect(shown).toMatch(new RegExp(`^ {7}${word}( |$)`, 'm'));
  });

  check('names each value of the options that have a choice', () => {
    for (const spec of Object.values(OPTIONS)) {
      for (const choice of 'choices' in spec ? spec.choices : [])
        expect(shown).toMatch(new RegExp(`\\b${choice}\\b`));
    }
  });

  check('names the files, fields and variables of its class, and none of the other', () => {
    const { configSection, noun, mountFlags, ...rest } = extensionClass;
    const other = Object.values(CLASSES[name === 'sysext' ? 'confext' : 'sysext'])
      .flat()
      .filter((fact) => typeof fact === 'string' && /^(SYSTEMD_|SYSEXT_|CONFEXT_|systemd\.)/.test(fact));
    for (const fact of Object.values(rest).flat()) if (fact !== null) expect(shown).toContain(fact);
    for (const fact of other) expect(shown).not.toContain(fact);
  });

  check('names the write directories', () => {
    for (const hierarchy of extensionClass.hierarchies) {
      const root = mkdtempSync(join(tmpdir(), 'manual-'));
      const ephemeral = join(root, 'ephemeral');
      const host = join(root, hierarchy);
      const input = { root, hierarchy, host, isMerged: false, workInUse: null, ephemeral };
      const { upper } = chooseWriting('yes', input);
      rmSync(root, { recursive: true });
      expect(shown).toContain(upper?.path.slice(root.length));
    }
  });

  check('names each environment variable that the program reads', () => {
    const sources = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const read = sources.flatMap((file) =>
      [...readFileSync(join('src', file), 'utf8').matchAll(/\benv\[?\.?'?([A-Z][A-Z_]+)/g)].map(
        ([, variable]) => variable,
      ),
    );
    expect(read).toContain('SYSTEMD_LOG_LEVEL');
    expect(read.filter((variable = '') => !new RegExp(`\\b${variable}\\b`).test(shown))).toEqual([]);
  });
});

describe.each(classes)('$configFile(5)', ({ configFile, configSection, mutableVariable }) => {
  const text = page(`${configFile}.5`);

  it('names its section, its settings, and what counts before it', () => {
    for (const fact of [`[${configSection}]`, 'Mutable=', 'ImagePolicy=', mutableVariable])
      expect(text).toContain(fact);
  });
});

it('the help has each option and verb', async () => {
  const help = await helpText({ program: 'sysext', extensionClass: CLASSES.sysext });
  for (const option of Object.keys(OPTIONS)) expect(help).toMatch(new RegExp(` --${option}\\b`));
  for (const verb of Object.keys(VERBS)) expect(help).toMatch(new RegExp(`^ +sysext ${verb} `, 'm'));
});
