import { lstatSync } from 'node:fs';
import { isFile } from '../../images/image.js';
import type { OpenImage } from '../../mount/open-extensions.js';
import { formatOrigin, type Origin } from '../../overlay/origin.js';
import { hasEntries } from '../../overlay/stack.js';
import type { Plan } from '../../overlay/step.js';
import type { IgnoredSource, PlannedSource } from '../../report/dry-run/dry-run.js';
import { loopsOf, numberLoops } from '../../report/dry-run/script/images.js';
import { loopPlaceholder } from '../../report/dry-run/script/loop-placeholder.js';
import { explainMismatch, subjectOf } from '../../report/verdicts.js';
import type { JudgedImage } from '../judge-images.js';

/** What would be merged, as whoever does it later has to know it. @throws the error of lstat(2) */
export function plannedSource({ name, image, parts, checks }: OpenImage): PlannedSource {
  const { dev, ino, size, mtimeNs, ctimeNs } = lstatSync(image.path, { bigint: true });
  return {
    name,
    path: image.path,
    device: dev.toString(),
    inode: ino.toString(),
    content: isFile(image)
      ? { size: size.toString(), mtime: seconds(mtimeNs), ctime: seconds(ctimeNs) }
      : null,
    parts,
    checks,
  };
}

const seconds = (nanoseconds: bigint): string => (nanoseconds / 1_000_000_000n).toString();

export function ignoredSources(judged: readonly JudgedImage[], releaseDirectory: string): IgnoredSource[] {
  return judged.flatMap<IgnoredSource>(
    ({ opened: { name, root, image }, judgement: { verdict, release } }) => {
      if (verdict.kind === 'accepted') return [];
      const { path } = image;
      if (!hasEntries(root))
        return [{ name, path, problem: 'it is masked by an empty directory', remedy: null }];
      const subject = subjectOf({ name, path, releaseDirectory }, release);
      return [{ name, path, ...explainMismatch(subject, verdict) }];
    },
  );
}

/** The loop devices in the record are those that were made to look into the images; the merge gets others. */
export function withLoopPlaceholders(plan: Plan, origin: Origin, sources: readonly PlannedSource[]): Plan {
  const numbers = numberLoops(sources);
  const extensions = [...origin.extensions].map(([name, record]) => {
    if (record.image === null) return [name, record] as const;
    const parts = sources.find((source) => source.name === name)?.parts ?? [];
    const loopDevices = parts.flatMap((part) => {
      const first = numbers.get(part) ?? 0;
      return Array.from({ length: loopsOf(part) }, (_, index) => loopPlaceholder(first + index));
    });
    return [name, { ...record, image: { ...record.image, loopDevices } }] as const;
  });
  const [before, now] = [formatOrigin(origin), formatOrigin({ ...origin, extensions: new Map(extensions) })];
  const steps = plan.steps.map((step) => {
    if (step.kind !== 'write-metadata') return step;
    const files = Object.entries(step.files).map(([file, content]) => [
      file,
      content === before ? now : content,
    ]);
    return { ...step, files: Object.fromEntries(files) as Record<string, string> };
  });
  return { ...plan, steps };
}
