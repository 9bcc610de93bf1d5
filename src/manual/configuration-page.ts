import { CLASSES, type ExtensionClass } from '../extension-class.js';
import { WORDS } from './class-words.js';
import { example, heading, item, type Page, section } from './document.js';

const DIRECTORIES = ['/etc/systemd', '/run/systemd', '/usr/local/lib/systemd', '/usr/lib/systemd'];

/** sysext.conf(5) and confext.conf(5) */
export function configurationPage({
  name,
  configFile,
  configSection,
  mutableVariable,
}: ExtensionClass): Page {
  const other = Object.values(CLASSES).find((candidate) => candidate.name !== name)?.configFile;
  return {
    name: configFile,
    number: 5,
    purpose: `settings for merging ${WORDS[name].kind} images`,
    sections: [
      section(
        'SYNOPSIS',
        example(
          DIRECTORIES.flatMap((directory) => [
            `${directory}/${configFile}`,
            `${directory}/${configFile}.d/*.conf`,
          ])
            .sort((a, b) => Number(a.endsWith('*.conf')) - Number(b.endsWith('*.conf')))
            .join('\n'),
        ),
      ),
      section(
        'DESCRIPTION',
        `These files say how ${name}(8) merges, as far as neither its command line nor its environment does. They are looked for below the root that it works on.`,
        `Of the main file \`${configFile}\` only the first one counts that exists, in the order above. After it drop-ins are read, from all of the directories \`${configFile}.d\`, sorted by their file names: files whose names end in \`.conf\` and do not begin with a dot. One hides those of the same name in directories that come later. To mask a file, make an empty file or a symbolic link to \`/dev/null\` in its place in \`/etc/systemd\`. If a setting is made more than once, the last one counts.`,
        heading('Syntax'),
        `A file has lines \`Key=value\` below the line \`[${configSection}]\`. Empty lines and lines that begin with \`#\` or \`;\` are skipped. A line that ends in a backslash goes on in the next one. What cannot be understood, also a section or key of another name, is skipped with a warning that names file and line; keys that begin with \`X-\` are skipped silently. See systemd.syntax(7).`,
      ),
      section(
        'OPTIONS',
        item(
          '`Mutable=`',
          `How writable the merged hierarchies are: a mode as described under “Mutability” in ${name}(8), or a word for yes or no. The default is \`no\`. The option \`--mutable=\` and \`${mutableVariable}\` in the environment count before it.`,
        ),
        item(
          '`ImagePolicy=`',
          `Which protection images must have, see “Image policies” in ${name}(8). The option \`--image-policy=\` counts before it. Partitions and flags that are not known are left out with a warning; a value that is no policy at all is skipped. An empty value takes an earlier one back.`,
        ),
      ),
      section(
        'EXAMPLES',
        `Keep what is written where a write directory exists, in \`/etc/systemd/${configFile}.d/50-mutable.conf\`:`,
        example(`[${configSection}]\nMutable=auto`),
      ),
      section('SEE ALSO', `${name}(8), ${other}(5), systemd.syntax(7)`),
    ],
  };
}
