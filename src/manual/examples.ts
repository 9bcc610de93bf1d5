import type { ExtensionClass } from '../extension-class.js';
import { WORDS } from './class-words.js';
import { example, type Section, section } from './document.js';

export function examples({ name, searchPath, releaseDirectory, hierarchies }: ExtensionClass): Section {
  const { example: sample } = WORDS[name];
  const place = searchPath.find((path) => path.startsWith('/var/lib'));
  const directory = sample.file.replace(/\/[^/]*$/, '');
  const source = sample.file.replace(/^.*\//, '');
  const [hierarchy = ''] = hierarchies;
  return section(
    'EXAMPLES',
    `Make an extension of a ${sample.what}, for every system of this kind, and merge it:`,
    example(
      [
        `cd ${place}`,
        `release=${sample.name}/${releaseDirectory}`,
        `mkdir -p ${sample.name}/${directory} $release`,
        `cp ~/${source} ${sample.name}/${directory}/`,
        `echo ID=_any >$release/extension-release.${sample.name}`,
        `${name} merge`,
      ].join('\n'),
    ),
    'The same as an image, which is then copied to other machines:',
    example(`${name} pack ${sample.name} --output=${sample.name}.raw`),
    'Try it without merging it:',
    example(`${name} run --with=${sample.name}.raw -- sh`),
    'Begin with a tree that has a release file for this system:',
    example(`${name} init ${sample.name}`),
    ...(name === 'sysext'
      ? [
          'Make an image of a Debian package and what it needs, for another system, and sign it:',
          example(
            `${name} pack --deb=jq --for-host=/mnt --output=jq.raw \\\n  --private-key=me.key --certificate=me.crt`,
          ),
        ]
      : []),
    'See what is installed, and why it is not merged:',
    example(`${name} list\n${name} explain`),
    'Install a new version from a web server and merge it; go back to the one before:',
    example(
      `${name} install https://example.com/${sample.name}_2.raw --now\n${name} rollback ${sample.name} --now`,
    ),
    'Before the operating system is updated, see what would not be merged any more:',
    example(`${name} check --against=/mnt/new-root`),
    'See what a merge would do, and do it by hand on a machine without this program:',
    example(`${name} plan merge\n${name} plan merge --format=sh >merge.sh\nsh merge.sh`),
    'See what a merge would hide, before it does:',
    example(`${name} conflicts --planned`),
    'Merge one extension only, and see to it that nothing stands in its way:',
    example(`${name} merge ${sample.name} --strict`),
    'Have the same set on another machine, and prove it:',
    example(
      `${name} lock --output=${name}.lock\n${name} merge --locked=${name}.lock\n${name} verify --lock=${name}.lock`,
    ),
    'See in a script whether all is as it should be:',
    example(
      [
        `${name} expect 'merged ${sample.name}' \\`,
        `    'file /${sample.file} from ${sample.name}' 'writable ${hierarchy} = no'`,
      ].join('\n'),
    ),
    `Let ${hierarchy} be written to until the next reboot:`,
    example(`${name} --mutable=ephemeral refresh`),
    'Merge in another root, for example while an image of a system is being built:',
    example(`${name} --root=/mnt merge`),
    'Try it without being root, seen by this shell only:',
    example(`unshare --user --map-root-user --mount\n${name} merge`),
    'Complete command lines in bash, zsh and fish:',
    example(
      [
        `${name} completion bash >/etc/bash_completion.d/sysext`,
        `${name} completion zsh >/usr/local/share/zsh/site-functions/_sysext`,
        `${name} completion fish >/etc/fish/conf.d/sysext.fish`,
      ].join('\n'),
    ),
  );
}
