/** The programs that are compared, in this order. */
export const PROGRAMS = ['executable', 'node', 'original'];

/** What is measured; `goal` is the largest part of the original's time that the executable may take. */
export const SUBJECTS = [
  { name: 'status', title: '`status`, 10 directories', goal: 2 },
  { name: 'list', title: '`list`, 10 directories', goal: 2 },
  { name: 'merge', title: '`merge` of 10 directories', goal: 1 },
  { name: 'refresh', title: '`refresh` of 10 directories', goal: 1 },
  { name: 'unmerge', title: '`unmerge` of 10 directories', goal: 1 },
  { name: 'merge-squashfs', title: '`merge` of 50 squashfs images', goal: 1 / 30 },
  { name: 'merge-gpt', title: '`merge` of 50 GPT images', goal: 1 / 10 },
  { name: 'merge-100', title: '`merge` of 100 directories', goal: null },
  { name: 'merge-400', title: '`merge` of 400 directories', goal: null },
];

/** The first cell of each table. */
export const CORNERS = {
  times: 'median of whole processes',
  counts: 'processes started / system calls',
  memory: 'peak memory',
};
